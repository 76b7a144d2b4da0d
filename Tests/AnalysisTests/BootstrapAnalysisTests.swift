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

    @Test("maxima have a mean and a spread between them, and nothing within")
    func maxima() {
        let posterior = Quantity(name: "total", draws: [4, 5, 6])
        // Of variance 16. The prior has four times the posterior's variance: 1 ÷ ((3/4)² ÷ 16 + 1/4).
        let row = BootstrapRow(posterior, maxima: [2, 6, 10], priorShare: 0.25)
        #expect(row.baggedMean == 6 && row.betweenSD == 4 && row.resamples == 3 && row.method == .map)
        #expect(isClose(row.robustSD, (1 / (0.5625 / 16 + 0.25)).squareRoot()))
        #expect([row.baggedSD, row.baggedQ05, row.baggedQ50, row.baggedQ95, row.withinSD].allSatisfy { $0 == nil })
        #expect(row.mismatchIndex == nil && row.priorAwareIndex(priorShare: 0.25) == nil)
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

    /// Of a normal mean with a normal prior the posterior and every resample's are known: with prior share s = V_post ÷ V_prior
    /// the mean is (1 − s) times that of the data.
    @Test(
        "the prior-aware index of a normal mean is that of the ratio of true to assumed variance, whatever the prior",
        arguments: [0.0, 0.2, 0.5, 0.9], [0.5, 1, 3])
    func priorAwareIndex(share: Double, ratio: Double) {
        // The data's mean has the assumed variance 1 and the true one `ratio`: the posterior has 1 − s.
        let variance = 1 - share
        let between = (1 - share) * (1 - share) * ratio
        func draws(_ mean: Double) -> [Double] {
            [mean - (variance / 2).squareRoot(), mean + (variance / 2).squareRoot()]
        }
        let resamples = [-1.0, 1].map { sign in
            [
                ResampledQuantity(
                    name: "mean", draws: draws(sign * (between / 2).squareRoot()), effectiveSize: .infinity)
            ]
        }
        let row = BootstrapAnalysis(posterior: [Quantity(name: "mean", draws: draws(0))], resamples: resamples).rows[0]
        let expected = (ratio - 1) / (ratio + 1)
        #expect(abs((row.priorAwareIndex(priorShare: share) ?? .nan) - expected) < 1e-12)
        if share == 0 { #expect(abs((row.mismatchIndex ?? .nan) - expected) < 1e-12) }
        #expect(row.priorAwareIndex(priorShare: 1) == nil && row.priorAwareIndex(priorShare: 1.2) == nil)
    }

    @Test(
        "advice is stable as often as resamples say what the fit says: more to channels above the mean marginal return")
    func decisionStability() {
        // Of tv and search 350 and 140 are spent, press costs nothing. The fit has marginal returns of 1 and 3.
        func quantities(_ tv: Double, _ search: Double) -> [Quantity] {
            [
                Quantity(name: "mroi[search]", draws: [search - 1, search + 1]),
                Quantity(name: "mroi[tv]", draws: [tv, tv]),
            ]
        }
        let shares = DecisionStability(Campaign.model()).shares(
            posterior: quantities(1, 3),
            resamples: [quantities(1, 2), quantities(2, 2.5), quantities(3, 2.9), quantities(2, 2)])
        #expect(shares == ["tv": 0.5, "search": 0.5])
        #expect(DecisionStability(Campaign.model()).shares(posterior: quantities(1, 3), resamples: []).isEmpty)
    }

    @Test(
        "the robust variance of a normal mean is that of its prior and of data with their true variance",
        arguments: [0.0, 0.3, 0.8], [0.5, 1, 4])
    func robustVariance(share: Double, ratio: Double) {
        // In units of the posterior variance: the prior has 1 ÷ s, the data by the model 1 ÷ (1 − s) and in truth `ratio` times
        // that. The posterior mean has the part 1 − s of theirs.
        let between = (1 - share) * ratio
        let truth = 1 / ((1 - share) / ratio + share)
        let root = (0.5).squareRoot()
        let resamples = [-1.0, 1].map { sign in
            let mean = sign * (between / 2).squareRoot()
            return [ResampledQuantity(name: "mean", draws: [mean - root, mean + root], effectiveSize: .infinity)]
        }
        let row = BootstrapAnalysis(
            posterior: [Quantity(name: "mean", draws: [-root, root])], resamples: resamples, priorShares: [share]
        ).rows[0]
        #expect(abs(row.robustSD - max(1, truth).squareRoot()) < 1e-12)
    }
}
