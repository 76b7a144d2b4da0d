import Fitting
import Foundation
import Kernels
import Testing

@Suite("the length of blocks")
struct BlockLengthTests {
    private struct Reference: Decodable {
        var name: String
        var values: [Double]
        var circular: Double
    }

    @Test("is that of Python's arch to 1e-8 on ten series (Resources/block_length_reference.py)")
    func reference() throws {
        let folder = try #require(Bundle.module.url(forResource: "Resources", withExtension: nil))
        let data = try Data(contentsOf: folder.appendingPathComponent("block_length_reference.json"))
        let references = try JSONDecoder().decode([Reference].self, from: data)
        #expect(references.count == 10)
        for reference in references {
            let length = BlockLength.circular(of: reference.values)
            #expect(
                abs(length - reference.circular) <= 1e-8 * reference.circular,
                "\(reference.name): \(length), not \(reference.circular)")
        }
    }

    @Test("does not depend on the unit or the level of a series")
    func invariance() {
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 99, index: 0), iteration: 0, site: 0)
        var last = 0.0
        let series = (0..<120).map { _ in
            last = 0.6 * last + stream.normal()
            return last
        }
        let length = BlockLength.circular(of: series)
        #expect(length > 1)
        #expect(abs(BlockLength.circular(of: series.map { 1000 - 25 * $0 }) / length - 1) < 1e-9)
    }

    @Test("is no number where a series does not vary, or hardly is one", arguments: [[], [2], [3, 3, 3, 3]])
    func degenerate(series: [Double]) {
        #expect(BlockLength.circular(of: series).isNaN)
    }
}
