import Foundation
import Posterior
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

/// Sets whose digits mean something; the others are tested by behaviour.
private let regularSets = [
    "ar1_negative", "ar1_phi090", "binary_with_ties", "cauchy", "counts_with_ties", "iid_normal",
    "large_offset_1e8", "lognormal_skewed", "many_chains_37x8", "minimal_4x4", "odd_length_251x3",
    "odd_short_7x2", "one_chain_shifted", "one_chain_wider", "random_walk", "stuck_in_modes", "student_t3",
    "tiny_scale_1e-12",
]

@Suite("diagnostics against ArviZ")
struct ReferenceTests {
    private let reference: DiagnosticsReference

    init() throws {
        reference = try DiagnosticsReference()
    }

    private func expectClose(_ own: Double, _ name: String, _ key: String, tolerance: Double = 1e-9) {
        guard let expected = reference.value(name, key) else {
            #expect(own.isNaN, "\(name) \(key): \(own), expected NaN")
            return
        }
        #expect(abs(own - expected) <= tolerance * abs(expected), "\(name) \(key): \(own), expected \(expected)")
    }

    @Test("R-hat", arguments: regularSets)
    func rHat(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        expectClose(RHat.rankNormalized(chains), name, "rhat_rank")
        expectClose(RHat.zScale(chains), name, "rhat_z_scale")
        expectClose(RHat.folded(chains), name, "rhat_folded")
        expectClose(RHat.split(chains), name, "rhat_split", tolerance: 1e-8)
    }

    @Test("effective sample sizes", arguments: regularSets)
    func effectiveSampleSize(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        expectClose(EffectiveSampleSize.bulk(chains), name, "ess_bulk")
        expectClose(EffectiveSampleSize.tail(chains), name, "ess_tail")
        // The offset of 1e8 leaves eight digits of the draws' own spread.
        expectClose(
            EffectiveSampleSize.mean(chains), name, "ess_mean", tolerance: name == "large_offset_1e8" ? 1e-6 : 1e-9)
    }

    @Test("standard error of the mean, mean and sd", arguments: regularSets)
    func summary(name: String) throws {
        let summary = Summary(chains: try reference.chains("draws_\(name).csv"))
        expectClose(summary.mean, name, "mean")
        expectClose(summary.sd, name, "sd_ddof1", tolerance: 1e-8)
        expectClose(summary.mcseMean, name, "mcse_mean", tolerance: name == "large_offset_1e8" ? 1e-6 : 1e-8)
    }

    @Test("energy fraction", arguments: ["ar08", "good", "sticky"])
    func energy(name: String) throws {
        let expected = try #require(reference.energy[name] ?? reference.energy["energy_\(name)"])
        let own = try reference.chains("energy_\(name).csv").map(energyFraction)
        for (own, expected) in zip(own, expected) {
            // The reference divides by n and n − 1 (its README, note 5); the ratio of sums is what is compared.
            #expect(abs(own - expected) < 1e-9 * expected)
        }
    }

    @Test("constant draws have no R-hat and an ESS of their number")
    func constant() throws {
        let chains = try reference.chains("draws_constant_all.csv")
        #expect(RHat.rankNormalized(chains).isNaN)
        #expect(EffectiveSampleSize.bulk(chains) == Double(chains.count * chains[0].count))
        #expect(Summary(chains: chains).isConstant)
    }

    @Test("chains that are each constant at another value disagree without bound")
    func constantPerChain() throws {
        #expect(RHat.rankNormalized(try reference.chains("draws_constant_per_chain.csv")) > 1e6)
    }

    @Test("a frozen chain is seen by the folded part though the plain split R-hat does not see it")
    func frozen() throws {
        let chains = try reference.chains("draws_one_chain_frozen.csv")
        #expect(RHat.rankNormalized(chains) > 1.05)
        #expect(RHat.split(chains) < 1.01)
    }

    @Test("a NaN, or fewer than four draws, leaves everything undefined")
    func undefined() throws {
        for name in ["with_nan", "too_short_3x4"] {
            let chains = try reference.chains("draws_\(name).csv")
            #expect(RHat.rankNormalized(chains).isNaN)
            #expect(EffectiveSampleSize.bulk(chains).isNaN)
            #expect(EffectiveSampleSize.tail(chains).isNaN)
        }
    }

    @Test("infinite draws keep rank statistics and lose moments")
    func infinite() throws {
        let chains = try reference.chains("draws_with_inf.csv")
        #expect(RHat.rankNormalized(chains).isFinite)
        #expect(EffectiveSampleSize.bulk(chains).isFinite)
        #expect(!Summary(chains: chains).mean.isFinite)
    }
}
