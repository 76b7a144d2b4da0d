import Foundation
import Kernels
import Sampling
import Testing

@Suite("warm-up")
struct AdaptationTests {
    // From a literal transcription of the window rules of the Stan Reference Manual into counters, run
    // iteration by iteration: first buffer 75, windows of 25 doubling, last buffer 50; scaled to 15 %,
    // 75 %, 10 % below 150; a window whose successor would not fit is stretched to the last buffer.
    @Test(
        "has the window ends of the published schedule",
        arguments: [
            (0, [0]),
            (10, [10]),
            (19, [19]),
            (20, [3, 18, 20]),
            (21, [3, 19, 21]),
            (30, [4, 27, 30]),
            (50, [7, 45, 50]),
            (75, [11, 68, 75]),
            (100, [15, 90, 100]),
            (140, [21, 126, 140]),
            (149, [22, 135, 149]),
            (150, [75, 100, 150]),
            (151, [75, 100, 101, 151]),
            (160, [75, 100, 110, 160]),
            (200, [75, 100, 150, 200]),
            (300, [75, 100, 150, 250, 300]),
            (400, [75, 100, 150, 350, 400]),
            (500, [75, 100, 150, 250, 450, 500]),
            (600, [75, 100, 150, 250, 550, 600]),
            (1000, [75, 100, 150, 250, 450, 950, 1000]),
            (2000, [75, 100, 150, 250, 450, 850, 1950, 2000]),
            (5000, [75, 100, 150, 250, 450, 850, 1650, 4950, 5000]),
        ])
    func windows(warmup: Int, ends: [Int]) {
        #expect(WarmUpSchedule(warmup: warmup).stageEnds == ends)
    }

    @Test(
        "that learns no metric keeps the one it began with, adapts the step size, and is resumed to the bit",
        arguments: [MetricKind.diagonal, .dense, .fisherDiagonal, .fisherLowRank])
    func frozen(kind: MetricKind) throws {
        let density = AutoregressiveGaussian(scales: [1, 0.2, 5, 3], correlation: 0.6)
        var stream = RandomStream(key: testKey(410), iteration: 0, site: 0)
        let positions = (0..<60).map { _ in (0..<4).map { _ in 2 * stream.normal() } }
        let pool = try #require(PooledAdaptation(kind, density: density, positions: positions, stepSizes: [0.3]))
        let settings = ChainSettings(warmup: 70, draws: 30, metric: kind, learnsMetric: false)
        var chain = try Chain(
            density: density, settings: settings, key: testKey(411), start: [1, 0, 1, -1], knowing: pool)
        #expect(chain.iteration == 20)
        for _ in 0..<25 { _ = chain.step() }
        var resumed = try Chain(
            density: density, settings: settings, key: testKey(411),
            resuming: ChainCheckpoint(decoding: chain.checkpoint.encoded))
        while !chain.isFinished {
            _ = chain.step()
            _ = resumed.step()
            #expect(chain.position == resumed.position)
        }
        #expect(chain.metric == pool.metric && chain.stepSize != pool.stepSize)
    }

    @Test("changes the metric at window ends only, and the step size at every iteration until its end")
    func whenThingsChange() throws {
        let density = AutoregressiveGaussian(scales: [1, 3, 0.5])
        var chain = try Chain(
            density: density, settings: ChainSettings(warmup: 500, draws: 20, metric: .diagonal), key: testKey(1),
            start: [0, 0, 0])
        var metricChanges: [Int] = []
        while !chain.isFinished {
            let (variances, stepSize) = (chain.variances, chain.stepSize)
            #expect(chain.step().stepSize == stepSize)
            if chain.variances != variances { metricChanges.append(chain.iteration) }
            #expect((chain.stepSize != stepSize) == (chain.iteration <= 500))
        }
        #expect(metricChanges == [100, 150, 250, 450])
    }

    @Test("below 20 iterations, and in a window of one draw, leaves the metric alone")
    func shortWarmUp() throws {
        let density = AutoregressiveGaussian(scales: [1, 3, 0.5])
        let short = try ChainRun(density, ChainSettings(warmup: 19, draws: 1, metric: .diagonal), key: testKey(1))
        #expect(short.chain.variances == [1, 1, 1])
        var chain = try Chain(
            density: density, settings: ChainSettings(warmup: 151, draws: 0, metric: .diagonal), key: testKey(1),
            start: [0, 0, 0])
        for _ in 0..<100 { _ = chain.step() }
        let variances = chain.variances
        _ = chain.step()
        #expect(chain.variances == variances)
        #expect(variances != [1, 1, 1])
    }

    // The formulas of the paper, written out with the C library.
    @Test("averages step sizes by equation (6) of Hoffman and Gelman")
    func dualAveraging() {
        let acceptance = [0.1, 0.95, 1.0, 0.4, 0.82, 0.0, 0.77]
        var adaptation = DualAveraging(around: 0.25)
        var s = 0.0
        var averaged = 0.0
        for (i, a) in acceptance.enumerated() {
            let m = Double(i + 1)
            s = (1 - 1 / (m + 10)) * s + (0.8 - a) / (m + 10)
            let x = Foundation.log(2.5) - s * m.squareRoot() / 0.05
            averaged = (1 - Foundation.pow(m, -0.75)) * averaged + Foundation.pow(m, -0.75) * x
            let stepSize = adaptation.update(acceptance: a, target: 0.8)
            #expect(abs(stepSize / Foundation.exp(x) - 1) < 1e-13)
            #expect(abs(adaptation.adaptedStepSize / Foundation.exp(averaged) - 1) < 1e-13)
        }
    }

    @Test("counts acceptance above 1 as 1, and finds the step size at which acceptance is the target")
    func dualAveragingConverges() {
        var clipped = DualAveraging(around: 1)
        var plain = DualAveraging(around: 1)
        #expect(clipped.update(acceptance: 1.7, target: 0.8) == plain.update(acceptance: 1, target: 0.8))
        // Acceptance exp(-eps) is 0.8 at eps = -log 0.8.
        var adaptation = DualAveraging(around: 1)
        var stepSize = 1.0
        for _ in 0..<5000 {
            stepSize = adaptation.update(acceptance: Foundation.exp(-stepSize), target: 0.8)
        }
        #expect(abs(adaptation.adaptedStepSize / -Foundation.log(0.8) - 1) < 0.01)
    }

    @Test("estimates variances as two passes do, shrunk towards 1e-3 by five draws, and restarts clean")
    func variances() {
        var estimator = VarianceEstimator(dimension: 2)
        for round in 0..<2 {
            var stream = RandomStream(key: testKey(2), iteration: UInt64(round), site: 0)
            let draws = (0..<37).map { _ in [1e6 + stream.normal(), 1e-3 * stream.normal()] }
            for draw in draws { estimator.add(draw.span) }
            for i in 0..<2 {
                let mean = draws.map { $0[i] }.reduce(0, +) / 37
                let variance = draws.map { ($0[i] - mean) * ($0[i] - mean) }.reduce(0, +) / 36
                let expected = 37.0 / 42 * variance + 1e-3 * 5 / 42
                #expect(abs(estimator.regularizedVariance(i) / expected - 1) < 1e-9)
            }
            estimator.restart()
        }
    }

    @Test("searches the first step size by doubling or halving until the acceptance crosses 0.8")
    func stepSizeSearch() {
        // Energy error eps²/100: acceptance is 0.8 at eps = 10 √(log 1.25) = 4.72.
        let up = StepSizeSearch(from: 1) { $0 * $0 / 100 }
        #expect(up == StepSizeSearch(from: 0.5) { $0 * $0 / 100 })
        #expect(up.stepSize == 8 && up.crossed)
        let down = StepSizeSearch(from: 64) { $0 * $0 / 100 }
        #expect(down.stepSize == 4 && down.crossed)
        // An infinite energy is a rejection.
        let wall = StepSizeSearch(from: 1) { $0 > 0.1 ? .infinity : 0 }
        #expect(wall.stepSize == 0.0625 && wall.crossed)
        #expect(!StepSizeSearch(from: 1) { _ in 0 }.crossed)
        #expect(!StepSizeSearch(from: 1) { _ in .infinity }.crossed)
    }
}
