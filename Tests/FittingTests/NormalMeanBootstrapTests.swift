import Analysis
import Fitting
import Kernels
import Testing

/// Resamples of models that are fitted in closed form, so that nothing but the weights is random.
@Suite("bootstrap of conjugate models")
struct NormalMeanBootstrapTests {
    /// Two draws with a mean and a variance, and no noise of their own.
    private static func draws(mean: Double, variance: Double) -> [Double] {
        [mean - (variance / 2).squareRoot(), mean + (variance / 2).squareRoot()]
    }

    /// Of β in y = β x + e with independent errors of one variance and a flat prior, fitted under each resample's weights.
    private static func row(_ x: [Double], _ y: [Double], blockLength: Int, seed: UInt64) -> BootstrapRow {
        func slope(_ weights: [Double]) -> Double {
            Reductions.sum(x.indices.map { weights[$0] * x[$0] * y[$0] })
                / Reductions.sum(x.indices.map { weights[$0] * x[$0] * x[$0] })
        }
        let own = slope(x.map { _ in 1 })
        let noise = Reductions.squaredNorm(x.indices.map { y[$0] - own * x[$0] }) / Double(x.count - 1)
        let variance = noise / Reductions.squaredNorm(x)
        let resamples = (0..<150).map { resample in
            let weights = ResampleWeights.blockGamma(
                periods: x.count, blockLength: blockLength,
                key: StreamKey(seed: seed, kind: 2, index: UInt32(resample)))
            return [
                ResampledQuantity(
                    name: "beta", draws: draws(mean: slope(weights), variance: variance), effectiveSize: .infinity)
            ]
        }
        return BootstrapAnalysis(
            posterior: [Quantity(name: "beta", draws: draws(mean: own, variance: variance))], resamples: resamples
        ).rows[0]
    }

    /// Independent errors have an index of 0 whatever the blocks; correlated ones go unseen without blocks, and are seen in
    /// part with them. Wider ranges than those of Deploy/bootstrap.sh, which has more series.
    @Test(
        "the mismatch index of a normal mean tells correlated errors from independent ones",
        arguments: [
            (0.0, 1, -0.10...0.06), (0.0, 4, -0.12...0.04), (0.4, 1, -0.09...0.07), (0.4, 4, 0.16...0.32),
            (0.7, 8, 0.43...0.63),
        ])
    func index(correlation: Double, blockLength: Int, expected: ClosedRange<Double>) {
        let series = 60
        var sum = 0.0
        for index in 0..<series {
            var stream = RandomStream(
                key: StreamKey(seed: 3, kind: 9, index: UInt32(index)), iteration: 0, site: 0)
            var last = stream.normal()
            let values = (0..<160).map { _ in
                defer { last = correlation * last + (1 - correlation * correlation).squareRoot() * stream.normal() }
                return last
            }
            let row = Self.row(values.map { _ in 1 }, values, blockLength: blockLength, seed: UInt64(index))
            sum += (row.mismatchIndex ?? 0) / Double(series)
        }
        #expect(expected.contains(sum), "\(sum)")
    }

    @Test("the robust standard deviation of a regression with errors that grow with x is the true one within a tenth")
    func heteroscedastic() {
        var (robust, posterior, truth) = (0.0, 0.0, 0.0)
        let series = 60
        for index in 0..<series {
            var stream = RandomStream(
                key: StreamKey(seed: 4, kind: 9, index: UInt32(index)), iteration: 0, site: 0)
            let x = (0..<208).map { _ in 1 + stream.uniform() * 3 }
            let y = x.map { 2 * $0 + $0 * $0 * stream.normal() }
            let row = Self.row(x, y, blockLength: 1, seed: UInt64(index))
            robust += row.robustSD / Double(series)
            posterior += row.posteriorSD / Double(series)
            // Var β̂ = Σ x² σ(x)² ÷ (Σ x²)² with σ(x) = x².
            let squares = Reductions.squaredNorm(x)
            truth += (Reductions.sum(x.map { $0 * $0 * $0 * $0 * $0 * $0 })).squareRoot() / squares / Double(series)
        }
        #expect(abs(robust / truth - 1) < 0.1, "\(robust / truth)")
        #expect(posterior / truth < 0.85, "\(posterior / truth)")
    }
}
