import Posterior
import Testing

/// The draws at 10^8 leave eight digits of their spread to a sum of the values themselves. There the reference's own
/// rounding is 5e-10 in R-hat and 4e-9 in the sizes, seen against `LargeOffsetTests`' exact values.
private func tolerance(_ name: String) -> Double {
    name == "large_offset_1e8" ? 2e-8 : 1e-9
}

@Suite("diagnostics against ArviZ")
struct ReferenceTests {
    private let reference: DiagnosticsReference

    init() throws {
        reference = try DiagnosticsReference()
    }

    @Test("every set of the reference is compared, or left out for a reason")
    func complete() {
        let (regular, excluded) = (
            Set(DiagnosticsReference.regularSets), Set(DiagnosticsReference.excludedSets.keys)
        )
        #expect(regular.isDisjoint(with: excluded))
        #expect(regular.union(excluded) == Set(reference.expected.keys))
    }

    @Test("R-hat and its parts", arguments: DiagnosticsReference.regularSets)
    func rHat(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        reference.expectClose(RHat.rankNormalized(chains), name, "rhat_rank")
        reference.expectClose(RHat.zScale(chains), name, "rhat_z_scale")
        reference.expectClose(RHat.folded(chains), name, "rhat_folded")
        reference.expectClose(RHat.split(chains), name, "rhat_split")
        reference.expectClose(RHat.identity(chains), name, "rhat_identity")
    }

    @Test("effective sample sizes", arguments: DiagnosticsReference.regularSets)
    func effectiveSampleSize(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        reference.expectClose(EffectiveSampleSize.bulk(chains), name, "ess_bulk")
        reference.expectClose(EffectiveSampleSize.tail(chains), name, "ess_tail")
        reference.expectClose(EffectiveSampleSize.median(chains), name, "ess_median")
        for probability in [0.05, 0.5, 0.9] {
            reference.expectClose(
                EffectiveSampleSize.quantile(probability, chains), name, "ess_quantile_\(probability)")
        }
        reference.expectClose(EffectiveSampleSize.mean(chains), name, "ess_mean", tolerance: tolerance(name))
        reference.expectClose(EffectiveSampleSize.identity(chains), name, "ess_identity", tolerance: tolerance(name))
        // The reference takes values that differ by less than 1e-15 for constant, hence the squares of 1e-12.
        if name != "tiny_scale_1e-12" {
            reference.expectClose(EffectiveSampleSize.sd(chains), name, "ess_sd", tolerance: tolerance(name))
        }
    }

    @Test("Monte Carlo errors", arguments: DiagnosticsReference.regularSets)
    func monteCarloError(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        reference.expectClose(MonteCarloError.mean(chains), name, "mcse_mean", tolerance: tolerance(name))
        if name != "tiny_scale_1e-12" {
            reference.expectClose(MonteCarloError.sd(chains), name, "mcse_sd", tolerance: tolerance(name))
        }
        reference.expectClose(MonteCarloError.median(chains), name, "mcse_median")
        for probability in [0.05, 0.5, 0.95] {
            reference.expectClose(
                MonteCarloError.quantile(probability, chains), name, "mcse_quantile_\(probability)")
        }
    }

    @Test("intervals", arguments: DiagnosticsReference.regularSets)
    func intervals(name: String) throws {
        let values = Array(try reference.chains("draws_\(name).csv").joined())
        for probability in [0.5, 0.9, 0.94] {
            let highest = HighestDensityInterval(probability, of: values)
            let expected = try reference.values(name, "hdi_\(probability)")
            for (own, expected) in zip([highest.lower, highest.upper], expected) {
                // Foundation reads the 17 digits of a JSON number to within two units in the last place.
                #expect(abs(own - expected) <= 1e-15 * abs(expected), "\(name) \(probability)")
            }
            let central = EqualTailedInterval(probability, of: values)
            let quantiles = try reference.values(name, "eti_\(probability)")
            for (own, expected) in zip([central.lower, central.upper], quantiles) {
                #expect(abs(own - expected) <= 1e-12 * abs(expected), "\(name) \(probability)")
            }
        }
    }

    @Test(
        "a summary holds the same figures as the functions that give each", arguments: DiagnosticsReference.regularSets)
    func summary(name: String) throws {
        let chains = try reference.chains("draws_\(name).csv")
        let summary = Summary(chains: chains)
        reference.expectClose(summary.mean, name, "mean", tolerance: 1e-12)
        reference.expectClose(summary.sd, name, "sd_ddof1", tolerance: 1e-12)
        #expect(summary.mcseMean == MonteCarloError.mean(chains))
        #expect(summary.essBulk == EffectiveSampleSize.bulk(chains))
        #expect(summary.essTail == EffectiveSampleSize.tail(chains))
        #expect(summary.rHat == RHat.rankNormalized(chains))
        #expect(
            [summary.q05, summary.q50, summary.q95]
                == Quantiles.quantiles([0.05, 0.5, 0.95], of: Array(chains.joined())))
        #expect(!summary.isConstant)
    }

    @Test("energy fractions", arguments: ["ar08", "good", "sticky"])
    func energy(name: String) throws {
        let expected = try #require(reference.energy[name])
        let own = try reference.chains("energy_\(name).csv").map(energyFraction)
        #expect(own.count == expected.count)
        for (own, expected) in zip(own, expected) {
            #expect(abs(own - expected) < 1e-9 * expected)
        }
    }

    @Test("autocovariances", arguments: DiagnosticsReference.regularSets)
    func autocovariance(name: String) throws {
        guard let expected = try? reference.values(name, "autocov_chain0_lag0to5") else { return }
        let chain = try reference.chains("draws_\(name).csv")[0]
        let matrix = DrawMatrix(values: chain, chainCount: 1, drawCount: chain.count)
        let own = Autocovariance.pooled([matrix], lagCount: min(6, chain.count))[0]
        for (own, expected) in zip(own, expected) {
            #expect(abs(own - expected) <= max(tolerance(name), 1e-9) * own.magnitude + 1e-12 * abs(expected))
        }
    }
}
