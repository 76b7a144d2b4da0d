import Analysis
import Fitting
import Kernels
import Posterior

/// The mean of a normal series, fitted as if its errors were independent: all of it in closed form but the resamples' weights
/// and the posterior draws of the infinitesimal jackknife.
struct NormalMeanStudy {
    /// Of successive errors.
    let correlation: Double
    let blockLength: Int
    /// What the index should be, within `indexTolerance`; nil where nothing is known of it.
    let expectedIndex: Double?

    static let indexTolerance = 0.05
    private static let periods = 160
    private static let resamples = 200
    private static let draws = 1000

    /// Of independent errors 0 whatever the blocks. Weights without blocks cannot see correlation. The others are of an
    /// earlier run of 300 series.
    static let all = [
        NormalMeanStudy(correlation: 0, blockLength: 1, expectedIndex: -0.02),
        NormalMeanStudy(correlation: 0, blockLength: 4, expectedIndex: -0.04),
        NormalMeanStudy(correlation: 0.4, blockLength: 1, expectedIndex: -0.01),
        NormalMeanStudy(correlation: 0.4, blockLength: 4, expectedIndex: 0.24),
        NormalMeanStudy(correlation: 0.4, blockLength: 8, expectedIndex: 0.28),
        NormalMeanStudy(correlation: 0.7, blockLength: 8, expectedIndex: 0.53),
    ]

    struct Outcome {
        /// Mean over the series.
        var index = 0.0
        /// Mean variance by robust and posterior standard deviation ÷ the true variance of the series' mean.
        var robust = 0.0
        var posterior = 0.0
        /// Mean standard deviation between resamples by the infinitesimal jackknife ÷ the same by refits.
        var jackknife = 0.0
    }

    func outcome(series: Int, by processors: some ParallelMap) -> Outcome {
        let rows = processors.map(series) { row($0) }
        let count = Double(series)
        var outcome = Outcome()
        var (jackknife, refits) = (0.0, 0.0)
        for (row, jackknifeSD) in rows {
            outcome.index += (row.mismatchIndex ?? 0) / count
            outcome.robust += row.robustSD * row.robustSD / trueVariance / count
            outcome.posterior += row.posteriorSD * row.posteriorSD / trueVariance / count
            jackknife += jackknifeSD
            refits += row.betweenSD
        }
        outcome.jackknife = jackknife / refits
        return outcome
    }

    /// Var(mean) of a stationary AR(1) of variance 1: (1 + 2 Σ_k (1 − k ÷ T) φᵏ) ÷ T.
    private var trueVariance: Double {
        var (sum, power) = (1.0, 1.0)
        for lag in 1..<Self.periods {
            power *= correlation
            sum += 2 * (1 - Double(lag) / Double(Self.periods)) * power
        }
        return sum / Double(Self.periods)
    }

    private func row(_ series: Int) -> (row: BootstrapRow, jackknifeSD: Double) {
        let count = Self.periods
        var stream = RandomStream(
            key: StreamKey(seed: UInt64(100 * correlation), kind: 40, index: UInt32(series)), iteration: 0, site: 0)
        let rest = (1 - correlation * correlation).squareRoot()
        var last = stream.normal()
        let values = (0..<count).map { _ in
            defer { last = correlation * last + rest * stream.normal() }
            return last
        }
        let mean = Reductions.sum(values) / Double(count)
        let noise = Reductions.squaredNorm(values.map { $0 - mean }) / Double(count - 1)
        let sd = (noise / Double(count)).squareRoot()
        // Two draws with the mean and the variance of the whole posterior, and no noise of their own.
        func exact(_ mean: Double) -> [Double] { [mean - sd / 2.0.squareRoot(), mean + sd / 2.0.squareRoot()] }
        let resamples = (0..<Self.resamples).map { resample in
            let weights = ResampleWeights.blockGamma(
                periods: count, blockLength: blockLength,
                key: StreamKey(seed: UInt64(series), kind: 41, index: UInt32(resample)))
            return [
                ResampledQuantity(
                    name: "mean", draws: exact(Reductions.dot(weights, values) / Double(count)),
                    effectiveSize: .infinity)
            ]
        }
        let analysis = BootstrapAnalysis(posterior: [Quantity(name: "mean", draws: exact(mean))], resamples: resamples)
        let draws = (0..<Self.draws).map { _ in mean + sd * stream.normal() }
        let jackknife = InfinitesimalJackknife(
            logLikelihood: draws.flatMap { draw in values.map { -($0 - draw) * ($0 - draw) / (2 * noise) } },
            periodCount: count, chainCount: 4)
        return (
            analysis.rows[0], jackknife.influence(of: draws).variance(blockLength: blockLength).squareRoot()
        )
    }
}
