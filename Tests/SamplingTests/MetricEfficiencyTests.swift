import Densities
import Foundation
import Kernels
import Sampling
import Testing

@Suite("chains under each metric")
struct MetricEfficiencyTests {
    private static let learnt: [MetricKind] = [.diagonal, .dense, .fisherDiagonal, .fisherLowRank]

    private func leapfrogsPerDraw(_ runs: [ChainRun]) -> Double {
        let leapfrogs = runs.flatMap { $0.drawStatistics.map { Double($0.leapfrogs) } }
        return leapfrogs.reduce(0, +) / Double(leapfrogs.count)
    }

    private func runs(
        _ density: any LogDensity, _ settings: ChainSettings, seed: UInt64, count: Int = 4, start: [Double]? = nil
    ) throws -> [ChainRun] {
        try (0..<count).map {
            try ChainRun(density, settings, key: testKey(seed, index: UInt32($0)), start: start)
        }
    }

    @Test("means and covariances of a correlated normal density are right", arguments: learnt, [100, 400])
    func moments(metric: MetricKind, warmup: Int) throws {
        var stream = RandomStream(key: testKey(320), iteration: 0, site: 0)
        let density = SpikedGaussian(
            scales: (0..<7).map { 0.1 * Double($0 + 1) }, eigenvalues: [30, 0.1], from: &stream)
        let runs = try runs(
            density, ChainSettings(warmup: warmup, draws: 1500, metric: metric), seed: 321 + metric.rawValue)
        // 35 comparisons for each of 8 cases at 4.5 standard errors: a false alarm has chance 0.002.
        for i in 0..<7 {
            let mean = MonteCarloMean(runs.map { $0.draws[i] })
            #expect(abs(mean.mean) < 4.5 * mean.error, "mean \(i)")
            for j in 0...i {
                let product = MonteCarloMean(runs.map { run in zip(run.draws[i], run.draws[j]).map { $0 * $1 } })
                #expect(abs(product.mean - density.covariance(i, j)) < 4.5 * product.error, "covariance \(i) \(j)")
            }
        }
    }

    @Test("the dense metric is the covariance within Monte Carlo error")
    func dense() throws {
        var stream = RandomStream(key: testKey(330), iteration: 0, site: 0)
        let density = SpikedGaussian(scales: [1, 0.01, 300, 2, 5], eigenvalues: [20, 0.2], from: &stream)
        let start = density.draw(from: &stream)
        let runs = try runs(
            density, ChainSettings(warmup: 1000, draws: 0, metric: .dense), seed: 331, start: start)
        for run in runs {
            #expect(run.chain.metric.form == .dense)
            for i in 0..<5 {
                for j in 0...i {
                    // The last window has 500 draws, counted as 250 independent ones; 5 standard errors.
                    let expected = density.covariance(i, j)
                    let size = density.covariance(i, i) * density.covariance(j, j)
                    let error = ((size + expected * expected) / 250).squareRoot()
                    #expect(abs(run.chain.metric.inverse(i, j) - expected) < 5 * error)
                }
            }
        }
    }

    @Test("three large directions of 20 cost no more leapfrog steps than none", arguments: [400, 1000])
    func spikes(warmup: Int) throws {
        var stream = RandomStream(key: testKey(332), iteration: 0, site: 0)
        let spiked = SpikedGaussian(
            scales: [Double](repeating: 1, count: 20), eigenvalues: [100, 200, 400], from: &stream)
        let white = AutoregressiveGaussian(scales: [Double](repeating: 1, count: 20))
        let settings = ChainSettings(warmup: warmup, draws: 1000, metric: .fisherLowRank)
        let found = leapfrogsPerDraw(try runs(spiked, settings, seed: 333))
        let whitened = leapfrogsPerDraw(try runs(white, settings, seed: 334))
        #expect(abs(found / whitened - 1) < 0.1, "\(found) against \(whitened)")
    }

    @Test("of many coordinates directions are learnt, whether a few or all of them are far from round")
    func manyCoordinates() throws {
        let dimension = 320
        let start = [Double](repeating: 0.1, count: dimension)
        let learning = ChainSettings(warmup: 1000, draws: 400)
        var scaling = learning
        scaling.metric = .fisherDiagonal
        var stream = RandomStream(key: testKey(337), iteration: 0, site: 0)
        let spiked = SpikedGaussian(
            scales: [Double](repeating: 1, count: dimension), eigenvalues: [400, 900, 1600], from: &stream)
        func effectiveSizes(_ settings: ChainSettings) throws -> [Double] {
            let runs = try runs(spiked, settings, seed: 336, count: 2, start: start)
            return spiked.directions.map { direction in
                let projections = runs.map { run in
                    run.draws[0].indices.map { draw in
                        zip(run.draws, direction).reduce(0) { $0 + $1.0[draw] * $1.1 }
                    }
                }
                return MonteCarloMean(projections).effectiveSize
            }
        }
        for (learnt, scaled) in zip(try effectiveSizes(learning), try effectiveSizes(scaling)) {
            #expect(learnt > 5 * scaled, "\(learnt) against \(scaled) effective draws of 800")
        }
        let turned = TurnedGaussian(dimension: dimension, ratio: 1e6, seed: 3)
        let found = try ChainRun(turned, learning, key: testKey(338), start: start)
        let scaled = try ChainRun(turned, scaling, key: testKey(338), start: start)
        #expect(leapfrogsPerDraw([found]) < 0.1 * leapfrogsPerDraw([scaled]))
    }

    @Test("the unit of a coordinate does not matter", arguments: [MetricKind.fisherDiagonal, .fisherLowRank])
    func units(metric: MetricKind) throws {
        func steps(_ scale: Double) throws -> Double {
            let density = AutoregressiveGaussian(scales: [scale, 1, 0.5, 2, 1], correlation: 0.7)
            return leapfrogsPerDraw(
                try runs(
                    density, ChainSettings(warmup: 400, draws: 1000, metric: metric), seed: 335,
                    start: [0.5 * scale, 0.5, -0.5, 1, 0.2]))
        }
        let plain = try steps(1)
        for scale in [1e-6, 1e-3, 1e3, 1e6] {
            #expect(abs(try steps(scale) / plain - 1) < 0.1, "\(scale)")
        }
    }

    @Test("acceptance: the target while adapting, 0.78 to 0.90 afterwards, over 20 seeds", arguments: learnt)
    func acceptance(metric: MetricKind) throws {
        var stream = RandomStream(key: testKey(336), iteration: 0, site: 0)
        let density = SpikedGaussian(
            scales: (1...10).map { Double($0) / 5 }, eigenvalues: [20], from: &stream)
        let runs = try runs(density, ChainSettings(metric: metric), seed: 337, count: 20)
        func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
        let adapting = mean(runs.flatMap { $0.statistics[500..<950].map(\.acceptanceRate) })
        #expect(abs(adapting - 0.8) < 0.02, "mean acceptance while adapting \(adapting)")
        let after = runs.map { mean($0.drawStatistics.map(\.acceptanceRate)) }
        #expect((0.78...0.90).contains(mean(after)), "mean acceptance afterwards \(after)")
        #expect(after.allSatisfy { (0.75...0.95).contains($0) }, "\(after)")
    }

    @Test("divergences are kept with their places, the first hundred")
    func divergences() throws {
        // A wall at 1 with nothing beyond it.
        let wall = ScriptedDensity(dimension: 2) { q in
            q[0] > 1 ? (-.infinity, [0, 0]) : (-0.5 * (q[0] * q[0] + q[1] * q[1]), [-q[0], -q[1]])
        }
        for metric in Self.learnt {
            let run = try ChainRun(
                wall, ChainSettings(warmup: 100, draws: 3000, metric: metric), key: testKey(340), start: [0, 0])
            let diverging = run.statistics.indices.dropFirst(100).filter { run.statistics[$0].diverging }
            #expect(diverging.count > 100)
            let kept = run.chain.divergences
            #expect(kept.map(\.iteration) == diverging.prefix(100).map { $0 + 1 })
            for divergence in kept {
                #expect(divergence.energyError == .infinity)
                // The step began on this side, less than two steps of the sampler from the wall.
                #expect(divergence.position[0] <= 1 && divergence.position[0] > -2)
            }
            #expect(try ChainCheckpoint(decoding: run.chain.checkpoint.encoded) == run.chain.checkpoint)
        }
    }
}
