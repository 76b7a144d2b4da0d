import Densities
import Kernels
import Sampling
import Testing

@Suite("a metric learnt in the wrong region")
struct RegionTests {
    /// Chains, of so many, whose mean log density over the draws lies more than 5 below the upper quartile of all.
    private func lost(
        _ makeDensity: () -> any LogDensity, count: Int, start: (any LogDensity, StreamKey) throws -> [Double]
    ) throws -> Int {
        var levels: [Double] = []
        for index in 0..<count {
            let (density, key) = (makeDensity(), testKey(77, index: UInt32(index)))
            let run = try ChainRun(
                density, ChainSettings(warmup: 600, draws: 100), key: key, start: try start(density, key))
            levels.append(run.drawStatistics.map(\.logDensity).reduce(0, +) / 100)
        }
        let upper = levels.sorted()[3 * count / 4]
        return levels.count { !($0 > upper - 5) }
    }

    @Test("is unlearnt on the way out of a desert: a moving average from random starts")
    func desert() throws {
        let lost = try lost({ MovingAverage(simulated: 5) }, count: 40) { try randomStart(density: $0, key: $1) }
        #expect(lost <= 10, "\(lost) of 40")
    }

    @Test("is not met where a second path finds far more mass: predators and prey")
    func minorMode() throws {
        let lost = try lost({ PredatorPrey() }, count: 20) { try pathfinderStart(density: $0, key: $1) }
        #expect(lost <= 1, "\(lost) of 20")
    }

    @Test("shows as a record of the mean log density of ten iterations, by more than a start's dispersion")
    func watch() {
        var watch = RegionWatch(logDensity: -100)
        func tenTimes(_ logDensity: Double, from iteration: Int) -> Bool {
            (1...10).map { watch.sees(logDensity, iteration: iteration + $0, dimension: 4) }.contains(true)
        }
        #expect(!tenTimes(-77, from: 0))
        #expect(tenTimes(-52, from: 10))
        #expect(watch.beginning == 20)
        // Back and forth is no news.
        #expect(!tenTimes(-90, from: 20))
        #expect(!tenTimes(-52, from: 30))
        #expect(!tenTimes(-30, from: 40))
        #expect(tenTimes(-5, from: 50))
        #expect(watch.beginning == 60)
    }
}
