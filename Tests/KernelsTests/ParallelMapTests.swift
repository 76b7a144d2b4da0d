import Kernels
import Testing

/// The last index first.
struct BackwardsMap: ParallelMap {
    func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        (0..<count).reversed().map(body).reversed()
    }
}

@Test("blocks cover all indices once, in order, whatever is done first", arguments: [0, 1, 4, 5, 6])
func blocksCoverIndices(count: Int) {
    let blocks = SerialMap().mapBlocks(of: count, size: 5) { $0 }
    #expect(blocks.flatMap { Array($0) } == Array(0..<count))
    #expect(blocks.allSatisfy { !$0.isEmpty && $0.count <= 5 })
    #expect(BackwardsMap().mapBlocks(of: count, size: 5) { $0 } == blocks)
}
