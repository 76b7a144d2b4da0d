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

@Test("of errors the first by index is thrown, whatever is done first")
func errorsByIndex() throws {
    struct Failure: Error, Equatable { let index: Int }
    let failing = { @Sendable (index: Int) throws -> Int in
        guard index != 2, index != 4 else { throw Failure(index: index) }
        return 2 * index
    }
    #expect(throws: Failure(index: 2)) { try BackwardsMap().tryMap(6, failing) }
    #expect(throws: Failure(index: 2)) { try SerialMap().tryMap(6, failing) }
    #expect(try BackwardsMap().tryMap(2, failing) == [0, 2])
}
