import Kernels
import Posterior
import Testing

@Suite("infinitesimal jackknife")
struct InfinitesimalJackknifeTests {
    private static func stream(_ index: UInt32) -> RandomStream {
        RandomStream(key: StreamKey(seed: 21, kind: 5, index: index), iteration: 0, site: 0)
    }

    /// A normal mean of known variance under a normal prior of mean 0: all is known in closed form.
    private struct NormalMean {
        var observations: [Double]
        var noise = 4.0
        var priorVariance: Double

        var variance: Double { 1 / (Double(observations.count) / noise + 1 / priorVariance) }
        var mean: Double { variance * observations.reduce(0, +) / noise }

        func draws(_ count: Int, _ stream: inout RandomStream) -> [Double] {
            (0..<count).map { _ in mean + variance.squareRoot() * stream.normal() }
        }

        func jackknife(_ draws: [Double], chains: Int) -> InfinitesimalJackknife {
            InfinitesimalJackknife(
                logLikelihood: draws.flatMap { mu in observations.map { -($0 - mu) * ($0 - mu) / (2 * noise) } },
                periodCount: observations.count, chainCount: chains)
        }

        /// Var Σ (v ÷ σ²) w_t y_t over weights of Cov(w_t, w_{t+k}) = (n (1 − |k| ÷ b)₊ − 1) ÷ (n + 1), n = T ÷ b: weights sum
        /// to T, so that the precision is the same in every resample and the mean is linear in them.
        func refitVariance(blockLength: Int) -> Double {
            let count = observations.count
            let blocks = Double(count) / Double(blockLength)
            var sum = 0.0
            for a in 0..<count {
                for b in 0..<count {
                    let distance = min(abs(a - b), count - abs(a - b))
                    let bartlett = max(0, 1 - Double(distance) / Double(blockLength))
                    sum += observations[a] * observations[b] * (blocks * bartlett - 1) / (blocks + 1)
                }
            }
            return variance * variance / (noise * noise) * sum
        }
    }

    private static func observations(_ count: Int, correlation: Double, _ stream: inout RandomStream) -> [Double] {
        var last = 2 * stream.normal()
        return (0..<count).map { _ in
            last = correlation * last + 2 * (1 - correlation * correlation).squareRoot() * stream.normal()
            return 1 + last
        }
    }

    @Test(
        "of a normal mean it has the closed-form variance between refits, whatever the blocks, the prior and the errors",
        arguments: [1, 4, 8], [100.0, 0.05])
    func normalMean(blockLength: Int, priorVariance: Double) {
        for (index, correlation) in [0.0, 0.6].enumerated() {
            var stream = Self.stream(UInt32(index))
            let model = NormalMean(
                observations: Self.observations(160, correlation: correlation, &stream), priorVariance: priorVariance)
            let draws = model.draws(4000, &stream)
            let influence = model.jackknife(draws, chains: 4).influence(of: draws)
            let ratio = influence.variance(blockLength: blockLength) / model.refitVariance(blockLength: blockLength)
            #expect(ratio > 0.9 && ratio < 1.1, "\(ratio)")
        }
    }

    /// A regression of known noise under independent normal priors, refitted under weights.
    private struct Regression {
        var rows: [[Double]]
        var target: [Double]
        let noise = 1.0
        let priorPrecision = 0.25

        /// Posterior mean of the coefficients, and the Cholesky factor of their precision.
        func posterior(weights: [Double]) -> (mean: [Double], factor: [[Double]]) {
            let count = rows[0].count
            var precision = (0..<count).map { i in (0..<count).map { $0 == i ? priorPrecision : 0 } }
            var moment = [Double](repeating: 0, count: count)
            for (row, (value, weight)) in zip(rows, zip(target, weights)) {
                for i in 0..<count {
                    moment[i] += weight * row[i] * value / noise
                    for j in 0..<count { precision[i][j] += weight * row[i] * row[j] / noise }
                }
            }
            var factor = precision
            for i in 0..<count {
                for j in 0...i {
                    let sum = (0..<j).reduce(precision[i][j]) { $0 - factor[i][$1] * factor[j][$1] }
                    factor[i][j] = i == j ? sum.squareRoot() : sum / factor[j][j]
                }
                for j in i + 1..<max(count, i + 1) { factor[i][j] = 0 }
            }
            var forward = moment
            for i in 0..<count {
                forward[i] = (0..<i).reduce(moment[i]) { $0 - factor[i][$1] * forward[$1] } / factor[i][i]
            }
            return (Self.backward(factor, forward), factor)
        }

        /// x of Lᵀ x = z.
        static func backward(_ factor: [[Double]], _ z: [Double]) -> [Double] {
            var x = z
            for i in z.indices.reversed() {
                x[i] = (i + 1..<max(z.count, i + 1)).reduce(z[i]) { $0 - factor[$1][i] * x[$1] } / factor[i][i]
            }
            return x
        }
    }

    /// Block-Gamma weights by their definition.
    private static func weights(_ count: Int, blockLength: Int, _ stream: inout RandomStream) -> [Double] {
        let gammas = (0..<count).map { _ in stream.gamma(shape: 1 / Double(blockLength)) }
        let sums = (0..<count).map { t in (0..<blockLength).reduce(0.0) { $0 + gammas[(t - $1 + count) % count] } }
        let total = sums.reduce(0, +)
        return sums.map { $0 * Double(count) / total }
    }

    @Test("of a regression it is the variance between refits, and foretells each refit")
    func regression() {
        var stream = Self.stream(7)
        let count = 208
        let noise = Self.observations(count, correlation: 0.5, &stream)
        let rows = (0..<count).map { _ in [1, stream.normal(), stream.uniform()] }
        let model = Regression(rows: rows, target: (0..<count).map { rows[$0][1] - 2 * rows[$0][2] + 0.5 * noise[$0] })
        let (mean, factor) = model.posterior(weights: [Double](repeating: 1, count: count))
        let draws = (0..<4000).map { _ in
            zip(mean, Regression.backward(factor, mean.map { _ in stream.normal() })).map { $0 + $1 }
        }
        let logLikelihood = draws.flatMap { beta in
            zip(rows, model.target).map { row, value in
                let residual = value - zip(row, beta).map { $0 * $1 }.reduce(0, +)
                return -0.5 * residual * residual / model.noise
            }
        }
        let jackknife = InfinitesimalJackknife(logLikelihood: logLikelihood, periodCount: count, chainCount: 4)
        let influence = jackknife.influence(of: draws.map { $0[1] })
        var (refits, foretold): ([Double], [Double]) = ([], [])
        for _ in 0..<1000 {
            let weights = Self.weights(count, blockLength: 4, &stream)
            refits.append(model.posterior(weights: weights).mean[1] - mean[1])
            foretold.append(influence.shift(underWeights: weights))
        }
        func covariance(_ a: [Double], _ b: [Double]) -> Double {
            let means = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
            return zip(a, b).map { ($0 - means.0) * ($1 - means.1) }.reduce(0, +) / Double(a.count - 1)
        }
        let ratio = influence.variance(blockLength: 4) / covariance(refits, refits)
        #expect(ratio > 0.9 && ratio < 1.1, "\(ratio)")
        let correlation =
            covariance(refits, foretold)
            / (covariance(refits, refits) * covariance(foretold, foretold)).squareRoot()
        #expect(correlation > 0.97, "\(correlation)")
    }

    @Test("it is the same wherever the circle of periods begins")
    func circle() {
        var stream = Self.stream(3)
        let model = NormalMean(
            observations: Self.observations(52, correlation: 0.6, &stream), priorVariance: 10)
        let draws = model.draws(1000, &stream)
        var shifted = model
        shifted.observations = Array(model.observations[17...] + model.observations[..<17])
        for blockLength in [1, 4, 20] {
            let own = model.jackknife(draws, chains: 2).influence(of: draws).variance(blockLength: blockLength)
            let other = shifted.jackknife(draws, chains: 2).influence(of: draws).variance(blockLength: blockLength)
            #expect(abs(own - other) <= 1e-10 * abs(own))
        }
    }

    @Test("few draws of a quantity that owes nothing to the data do not make evidence of it")
    func noise() {
        var stream = Self.stream(9)
        let periods = 160
        let draws = (0..<200).map { _ in stream.normal() }
        let unrelated = draws.flatMap { _ in (0..<periods).map { _ in 0.3 * stream.normal() } }
        let influence = InfinitesimalJackknife(logLikelihood: unrelated, periodCount: periods, chainCount: 4)
            .influence(of: draws)
        // Every ψ_t is noise of variance 0.3² ÷ 200, of which the plain sum of squares has 160: 0.07 of the quantity's
        // variance. The products of halves have a standard deviation of √160 · 0.3² ÷ 100 = 0.011.
        let mean = influence.periods.reduce(0, +) / Double(periods)
        let plain = influence.periods.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        #expect(plain > 0.05 && influence.variance(blockLength: 1) < 0.03)
    }

    @Test("the period that was planted is the first of the most influential, with its sign")
    func influential() {
        var stream = Self.stream(4)
        var model = NormalMean(
            observations: Self.observations(104, correlation: 0, &stream), priorVariance: 100)
        model.observations[40] = model.mean - 15
        let draws = model.draws(2000, &stream)
        let influence = model.jackknife(draws, chains: 4).influence(of: draws)
        #expect(influence.largest(10).count == 10 && influence.largest(10)[0] == 40)
        // ψ_t = v (y_t − mean) ÷ σ².
        let exact = model.variance * (model.observations[40] - model.mean) / model.noise
        #expect(abs(influence.periods[40] / exact - 1) < 0.1)
    }
}
