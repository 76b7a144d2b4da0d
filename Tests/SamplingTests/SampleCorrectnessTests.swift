import Densities
import Foundation
import Kernels
import Sampling
import Testing

@Suite("draws from known distributions")
struct SampleCorrectnessTests {
    @Test("N(0, Sigma) in 1, 10 and 100 dimensions: means, variances and shape", arguments: [1, 10, 100])
    func gaussian(dimension: Int) throws {
        let scales = (0..<dimension).map { 0.3 + 2.7 * Double($0 * 37 % dimension) / Double(dimension) }
        let correlation = dimension == 1 ? 0 : 0.7
        let density = AutoregressiveGaussian(scales: scales, correlation: correlation)
        let runs = try (0..<4).map {
            try ChainRun(
                density, ChainSettings(warmup: 1000, draws: 2000), key: testKey(51, index: UInt32($0)))
        }
        // 2 d comparisons at 4.5 standard errors: a false alarm has chance 2 d · 7e-6.
        for i in 0..<dimension {
            let mean = MonteCarloMean(runs.map { $0.draws[i] })
            #expect(abs(mean.mean) < 4.5 * mean.error, "mean \(i)")
            let square = MonteCarloMean(runs.map { $0.draws[i].map { $0 * $0 } })
            #expect(abs(square.mean - scales[i] * scales[i]) < 4.5 * square.error, "variance \(i)")
        }
        // The covariance of neighbours.
        for i in 1..<max(1, dimension) {
            let product = MonteCarloMean(runs.map { run in zip(run.draws[i - 1], run.draws[i]).map { $0 * $1 } })
            #expect(abs(product.mean - correlation * scales[i - 1] * scales[i]) < 4.5 * product.error)
        }
        // Every tenth draw is as good as independent. At 1.95/√n the false alarm has chance 0.001.
        let thinned = runs.flatMap { run in
            stride(from: 0, to: 2000, by: 10).map { run.draws[0][$0] / scales[0] }
        }
        #expect(kolmogorovDistanceFromNormal(thinned) < 1.95 / Double(thinned.count).squareRoot())
    }

    @Test("one transition leaves exact draws of the target exact (Geweke 2004)", arguments: [1, 5])
    func geweke(dimension: Int) throws {
        // Independent exact starts, one transition each: the draws are exact and independent, so the
        // plain Kolmogorov test holds. The step is coarse, so that weights matter, and the same for all:
        // a step size searched at the start would make the transition depend on it.
        let density = AutoregressiveGaussian(scales: [Double](repeating: 1, count: dimension))
        let settings = ChainSettings(warmup: 0, draws: 1)
        var after: [Double] = []
        var squares: [Double] = []
        for index in 0..<4000 {
            let key = testKey(52, index: UInt32(index))
            var stream = RandomStream(key: key, iteration: 0, site: 100)
            let start = (0..<dimension).map { _ in stream.normal() }
            var state = try Chain(density: density, settings: settings, key: key, start: start).checkpoint.state
            state.stepSize = 1.1
            var chain = try Chain(
                density: density, settings: settings, key: key, resuming: ChainCheckpoint(state: state))
            _ = chain.step()
            after.append(chain.position[0])
            squares.append(chain.position.map { $0 * $0 }.reduce(0, +))
        }
        #expect(kolmogorovDistanceFromNormal(after) < 1.95 / 4000.0.squareRoot())
        // The sum of squares is chi-square: mean d, variance 2 d.
        let mean = squares.reduce(0, +) / 4000
        let d = Double(dimension)
        #expect(abs(mean - d) < 4 * (2 * d / 4000).squareRoot())
    }

    @Test("acceptance: the target while adapting, 0.78 to 0.90 afterwards, over 20 seeds")
    func acceptance() throws {
        let density = AutoregressiveGaussian(scales: (1...10).map { Double($0) / 5 })
        let runs = try (0..<20).map {
            try ChainRun(density, ChainSettings(), key: testKey(53, index: UInt32($0)))
        }
        func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
        // Within the last long window, where the metric is fixed and the early swings are over.
        let adapting = mean(runs.flatMap { $0.statistics[500..<950].map(\.acceptanceRate) })
        #expect(abs(adapting - 0.8) < 0.02, "mean acceptance while adapting \(adapting)")
        // The step size of a chain is averaged over the last 50 iterations only, so single chains scatter
        // by about 0.015.
        let after = runs.map { mean($0.drawStatistics.map(\.acceptanceRate)) }
        #expect((0.78...0.90).contains(mean(after)), "mean acceptance afterwards \(after)")
        #expect(after.allSatisfy { (0.75...0.95).contains($0) }, "\(after)")
    }

    @Test("the metric ends near the posterior variances")
    func metric() throws {
        let scales = [0.1, 0.5, 1, 3, 10]
        let run = try ChainRun(
            AutoregressiveGaussian(scales: scales), ChainSettings(warmup: 1000, draws: 0), key: testKey(54))
        for (variance, scale) in zip(run.chain.variances, scales) {
            // From 500 draws: relative sd 0.063 for independent ones.
            #expect(abs(variance / (scale * scale) - 1) < 0.35)
        }
    }

    @Test("scaling a coordinate by 8, and its start with it, leaves the gradients per draw alone")
    func scaling() throws {
        func gradientsPerDraw(_ scale: Double) throws -> Double {
            let density = AutoregressiveGaussian(scales: [scale, 1, 0.5, 2, 1], correlation: 0.5)
            let leapfrogs = try (0..<12).flatMap { index in
                let start = [0.5 * scale, 0.5, -0.5, 1, 0.2]
                let run = try ChainRun(
                    density, ChainSettings(), key: testKey(55, index: UInt32(index)), start: start)
                return run.drawStatistics.map { Double($0.leapfrogs) }
            }
            return leapfrogs.reduce(0, +) / Double(leapfrogs.count)
        }
        let plain = try gradientsPerDraw(1)
        #expect(abs(try gradientsPerDraw(8) / plain - 1) < 0.1)
        #expect(abs(try gradientsPerDraw(0.125) / plain - 1) < 0.1)
    }
}
