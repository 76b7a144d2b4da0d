import Analysis
import Testing

@Suite("Bootstrap")
struct BootstrapAnalysisTests {
    @Test("variances within and between resamples, the bag, and the mismatch index follow the formulas")
    func formulas() {
        // Posterior of variance 1 about 5. Resample means 2, 6, 10 have variance 16; each resample has variance 4 and
        // effective size 2, so noise 2: V_w = 4, V_b = 14, V_bag = 18, mismatch = 1 − 2 ÷ 18.
        let posterior = Quantity(name: "total", draws: [4, 5, 6])
        let resamples = [2.0, 6, 10].map { mean in
            [ResampledQuantity(name: "total", draws: [mean - 2, mean, mean + 2], effectiveSize: 2)]
        }
        let row = BootstrapAnalysis(posterior: [posterior], resamples: resamples).rows[0]
        #expect(row.posteriorMean == 5 && row.posteriorSD == 1 && row.baggedMean == 6)
        #expect(row.withinSD == 2 && isClose(row.betweenSD, 14.0.squareRoot()))
        #expect(isClose(row.baggedSD, 18.0.squareRoot()) && isClose(row.robustSD, 14.0.squareRoot()))
        #expect(isClose(row.mismatchIndex, 1 - 2.0 / 18) && row.resamples == 3)
        // numpy: np.quantile([0, 2, 4, 4, 6, 8, 8, 10, 12], [.05, .5, .95])
        #expect(isClose(row.baggedQ05, 0.8) && row.baggedQ50 == 6 && isClose(row.baggedQ95, 11.2))
    }

    @Test("between-resample variance below its noise is none, and a bag no wider than the posterior has no index")
    func quietBag() {
        let posterior = Quantity(name: "total", draws: [-10, 0, 10])
        let resamples = [0.0, 0.1].map { mean in
            [ResampledQuantity(name: "total", draws: [mean - 1, mean + 1], effectiveSize: 2)]
        }
        let row = BootstrapAnalysis(posterior: [posterior], resamples: resamples).rows[0]
        #expect(row.betweenSD == 0 && row.mismatchIndex == nil && row.robustSD == 10)
        #expect(row.baggedSD == row.withinSD)
    }

    @Test("a quantity that never varies gives zeros, not NaN")
    func constant() {
        let posterior = Quantity(name: "roi[tv]", draws: [1, 1])
        let resamples = [[ResampledQuantity(Quantity(name: "roi[tv]", draws: [1, 1, 1, 1]), chainCount: 1)]]
        let row = BootstrapAnalysis(posterior: [posterior], resamples: resamples).rows[0]
        #expect(row.baggedSD == 0 && row.betweenSD == 0 && row.mismatchIndex == nil && row.baggedMean == 1)
    }

    @Test("resamples are matched to the posterior by name, in the posterior's order")
    func matching() {
        let posterior = [Quantity(name: "a", draws: [0, 1]), Quantity(name: "b", draws: [5, 6])]
        let resample = [
            ResampledQuantity(name: "b", draws: [7, 9], effectiveSize: 2),
            ResampledQuantity(name: "a", draws: [1, 3], effectiveSize: 2),
        ]
        let rows = BootstrapAnalysis(posterior: posterior, resamples: [resample]).rows
        #expect(rows.map(\.quantity) == ["a", "b"] && rows.map(\.baggedMean) == [2, 8])
    }
}
