import Foundation
import Kernels
import Testing

@Suite struct PhiloxTests {
    /// Lines "philox4x32 ROUNDS counter(4) key(2) expected(4)" of Random123's known-answer file.
    @Test("a block is the known answer of Random123")
    func knownAnswers() throws {
        let lines = try resource("philox4x32_vectors.txt").split(separator: "\n").filter {
            $0.hasPrefix("philox4x32 10")
        }
        #expect(lines.count == 3)
        for line in lines {
            let words = line.split(separator: " ").dropFirst(2).map { UInt32($0, radix: 16)! }
            let block = Philox.block(
                counter: SIMD4(words[0], words[1], words[2], words[3]),
                key: SIMD2(words[4], words[5])
            )
            #expect(block == SIMD4(words[6], words[7], words[8], words[9]))
        }
    }

    @Test("consecutive counters give the blocks of an independent implementation")
    func consecutiveCounters() throws {
        struct Case: Decodable { let key, ctr, out: [String] }
        struct Cases: Decodable { let cases: [Case] }
        let cases = try JSONDecoder().decode(Cases.self, from: Data(resource("philox4x32_10_extra.json").utf8)).cases
        #expect(cases.count == 18)
        for example in cases {
            let words = (example.ctr + example.key + example.out).map { UInt32($0, radix: 16)! }
            let block = Philox.block(
                counter: SIMD4(words[0], words[1], words[2], words[3]),
                key: SIMD2(words[4], words[5])
            )
            #expect(block == SIMD4(words[6], words[7], words[8], words[9]))
        }
    }
}

/// The text of a file in Resources.
func resource(_ name: String) throws -> String {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources").appendingPathComponent(name)
    return try String(contentsOf: url, encoding: .utf8)
}
