import Foundation
import Testing

/// ArviZ 0.22's values for draws that this project did not make (Resources/README.md).
struct DiagnosticsReference {
    let expected: [String: [String: Any]]
    let energy: [String: [Double]]
    private let folder: URL

    init() throws {
        folder = try #require(Bundle.module.url(forResource: "Resources", withExtension: nil))
        let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
        let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        expected = try #require(root["draws"] as? [String: [String: Any]])
        energy = try #require(root["bfmi"] as? [String: [Double]])
    }

    /// Chains × draws of a file with one column a chain.
    func chains(_ file: String) throws -> [[Double]] {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        let rows = try text.split(separator: "\n").dropFirst().map { line in
            try line.split(separator: ",").map { try #require(Double($0)) }
        }
        return rows[0].indices.map { column in rows.map { $0[column] } }
    }

    func value(_ name: String, _ key: String) -> Double? {
        switch expected[name]?[key] {
        case let number as NSNumber: number.doubleValue
        case let text as String: text == "inf" ? .infinity : text == "-inf" ? -.infinity : nil
        default: nil
        }
    }
}

extension DiagnosticsReference {
    /// The sets whose every digit means something.
    static let regularSets = [
        "ar1_negative", "ar1_phi090", "binary_with_ties", "cauchy", "counts_with_ties", "iid_normal",
        "large_offset_1e8", "lognormal_skewed", "many_chains_37x8", "minimal_4x4", "odd_length_251x3",
        "odd_short_7x2", "one_chain_shifted", "one_chain_wider", "random_walk", "stuck_in_modes", "student_t3",
        "tiny_scale_1e-12",
    ]

    /// The other sets, and why they are tested by behaviour (`DegenerateDrawsTests`) rather than digit by digit.
    static let excludedSets = [
        "constant_all": "nothing varies: a size is a convention, and R-hat has no meaning",
        "constant_per_chain": "R-hat is infinite, where the reference's rounding leaves 3e15",
        "one_chain_frozen": "the folded part has to see what the plain split R-hat does not",
        "one_chain_200": "the reference asks for two chains, where ours judges one by its halves",
        "too_short_3x4": "fewer than four draws a chain",
        "with_inf": "rank statistics are finite and compared, moments are not",
        "with_nan": "all is NaN but the reference's highest density interval, which says nothing",
    ]

    /// Numbers of a key that holds several.
    func values(_ name: String, _ key: String) throws -> [Double] {
        try #require(expected[name]?[key] as? [Double])
    }

    /// Expects one of our figures to agree with the reference's, where `nil` there means NaN.
    func expectClose(_ own: Double, _ name: String, _ key: String, tolerance: Double = 1e-9) {
        guard let expected = value(name, key) else {
            #expect(own.isNaN, "\(name) \(key): \(own), expected NaN")
            return
        }
        #expect(abs(own - expected) <= tolerance * abs(expected), "\(name) \(key): \(own), expected \(expected)")
    }
}
