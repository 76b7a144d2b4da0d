import Posterior
import Testing

@Suite("draws that are no sample")
struct DegenerateDrawsTests {
    private let reference: DiagnosticsReference

    init() throws {
        reference = try DiagnosticsReference()
    }

    @Test("constant draws have no R-hat, an ESS of their number and no error")
    func constant() throws {
        let chains = try reference.chains("draws_constant_all.csv")
        #expect(RHat.rankNormalized(chains).isNaN)
        #expect(RHat.split(chains).isNaN)
        for size in [EffectiveSampleSize.bulk, EffectiveSampleSize.tail, EffectiveSampleSize.sd] {
            #expect(size(chains) == 400)
        }
        let summary = Summary(chains: chains)
        #expect(summary.isConstant)
        // 1.7 has no finite binary form: a plain sum of 400 of them divided by 400 is not 1.7.
        #expect(summary.mean == 1.7)
        #expect(summary.sd == 0)
        #expect(summary.mcseMean == 0)
        #expect(MonteCarloError.sd(chains) == 0)
        #expect(MonteCarloError.quantile(0.05, chains) == 0)
    }

    @Test("chains that are each constant at another value disagree without bound")
    func constantPerChain() throws {
        let chains = try reference.chains("draws_constant_per_chain.csv")
        #expect(RHat.rankNormalized(chains) == .infinity)
        #expect(RHat.split(chains) == .infinity)
        #expect(abs(EffectiveSampleSize.bulk(chains) - 60.0 / 13) < 1e-9)
        #expect(!Summary(chains: chains).isConstant)
    }

    @Test("a frozen chain is seen by the folded part though the plain split R-hat does not see it")
    func frozen() throws {
        let chains = try reference.chains("draws_one_chain_frozen.csv")
        reference.expectClose(RHat.rankNormalized(chains), "one_chain_frozen", "rhat_rank")
        reference.expectClose(RHat.split(chains), "one_chain_frozen", "rhat_split")
        reference.expectClose(EffectiveSampleSize.tail(chains), "one_chain_frozen", "ess_tail")
        #expect(RHat.rankNormalized(chains) > 1.5)
        #expect(RHat.split(chains) < 1.01)
    }

    @Test("a NaN, fewer than four draws, or chains of different lengths leave everything undefined")
    func undefined() throws {
        let sets = [
            try reference.chains("draws_with_nan.csv"), try reference.chains("draws_too_short_3x4.csv"),
            [[1, 2, 3, 4, 5], [1, 2, 3, 4]], [],
        ]
        for chains in sets {
            #expect(RHat.rankNormalized(chains).isNaN)
            #expect(RHat.folded(chains).isNaN)
            #expect(RHat.identity(chains).isNaN)
            #expect(EffectiveSampleSize.bulk(chains).isNaN)
            #expect(EffectiveSampleSize.tail(chains).isNaN)
            #expect(EffectiveSampleSize.mean(chains).isNaN)
            #expect(MonteCarloError.mean(chains).isNaN)
            #expect(MonteCarloError.sd(chains).isNaN)
            #expect(MonteCarloError.quantile(0.5, chains).isNaN)
        }
        let short = Summary(chains: sets[1])
        #expect(abs(short.mean - 0.031182542870197654) < 1e-15)
        #expect(short.q05.isFinite && short.rHat.isNaN && short.essBulk.isNaN && short.mcseMean.isNaN)
        let withNaN = Summary(chains: sets[0])
        #expect(withNaN.mean.isNaN && withNaN.q50.isNaN && withNaN.rHat.isNaN && !withNaN.isConstant)
    }

    @Test("infinite draws keep rank statistics and lose moments")
    func infinite() throws {
        let name = "with_inf"
        let chains = try reference.chains("draws_\(name).csv")
        reference.expectClose(RHat.rankNormalized(chains), name, "rhat_rank")
        reference.expectClose(EffectiveSampleSize.bulk(chains), name, "ess_bulk")
        reference.expectClose(EffectiveSampleSize.tail(chains), name, "ess_tail")
        reference.expectClose(EffectiveSampleSize.median(chains), name, "ess_median")
        reference.expectClose(EffectiveSampleSize.mean(chains), name, "ess_mean")
        reference.expectClose(MonteCarloError.mean(chains), name, "mcse_mean")
        reference.expectClose(MonteCarloError.quantile(0.95, chains), name, "mcse_quantile_0.95")
        #expect(Summary(chains: chains).mean == .infinity)
        #expect(Summary(chains: chains).sd.isNaN)
    }

    @Test("an infinite median leaves the bulk part of R-hat alone")
    func infiniteMedian() {
        let chains = [[1, .infinity, .infinity, 2], [.infinity, 3, .infinity, .infinity]]
        #expect(RHat.folded(chains).isNaN)
        #expect(RHat.rankNormalized(chains) == RHat.zScale(chains))
        #expect(RHat.zScale(chains).isFinite)
    }

    @Test("a single chain is judged by its halves")
    func single() throws {
        let name = "one_chain_200"
        let chains = try reference.chains("draws_\(name).csv")
        let halves = [Array(chains[0][..<100]), Array(chains[0][100...])]
        #expect(RHat.split(chains) == RHat.identity(halves))
        #expect(RHat.identity(chains).isNaN)
        reference.expectClose(EffectiveSampleSize.bulk(chains), name, "ess_bulk")
        reference.expectClose(EffectiveSampleSize.tail(chains), name, "ess_tail")
        reference.expectClose(EffectiveSampleSize.identity(chains), name, "ess_identity")
        reference.expectClose(MonteCarloError.sd(chains), name, "mcse_sd")
    }

    @Test("energies without spread or number have no energy fraction")
    func energies() {
        #expect(energyFraction([]).isNaN)
        #expect(energyFraction([3]).isNaN)
        #expect(energyFraction([3.3, 3.3, 3.3]).isNaN)
        #expect(energyFraction([1, 2, .nan, 4]).isNaN)
        // Steps 1, 1, 1 over deviations 1.5, 0.5, 0.5, 1.5: 3 / 5.
        #expect(abs(energyFraction([1, 2, 3, 4]) - 0.6) < 1e-15)
    }
}

/// Exact values of draws_large_offset_1e8.csv, by the definitions in rational arithmetic (Python's fractions; the last
/// square root by mpmath with 30 digits).
@Suite("draws far from zero")
struct LargeOffsetTests {
    @Test("lose no digits to their offset")
    func exact() throws {
        let chains = try DiagnosticsReference().chains("draws_large_offset_1e8.csv")
        let summary = Summary(chains: chains)
        #expect(summary.mean == 99999999.98906092)
        #expect(abs(summary.sd - 1.02587294523105908) < 1e-14)
        // A half chain's mean is a double near 1e8, so it is rounded by up to 7e-9 of the draws' spread.
        #expect(abs(RHat.split(chains) - 1.002932966752893) < 1e-9)
        #expect(abs(EffectiveSampleSize.mean(chains) - 399.171989724669202) < 1e-6)
        #expect(abs(summary.mcseMean - 0.0513468194103330067) < 1e-10)
    }
}
