import Densities
import Kernels
import Sampling
import Testing

@Suite("a gradient")
struct GradientCheckTests {
    /// N(0, diag(1, 4, 1/100)) with a gradient changed by `fault`.
    private func density(_ fault: @escaping ([Double]) -> [Double]) -> ScriptedDensity {
        ScriptedDensity(dimension: 3) { q in
            (
                -0.5 * (q[0] * q[0] + q[1] * q[1] / 4 + 100 * q[2] * q[2]),
                fault([-q[0], -q[1] / 4, -100 * q[2]])
            )
        }
    }

    private func start(_ density: any LogDensity, at start: [Double] = [0.4, -1, 0.3]) throws {
        _ = try Chain(density: density, settings: ChainSettings(warmup: 20, draws: 1), key: testKey(410), start: start)
    }

    @Test("that is never written, or has the wrong sign, factor or coordinates, does not start a chain")
    func wrong() {
        let faults: [([Double]) -> [Double]] = [
            { _ in [0, 0, 0] }, { $0.map { -$0 } }, { $0.map { 2 * $0 } }, { $0.reversed() }, { [$0[0], $0[1], 0] },
            { $0.map { 0.9 * $0 } },
        ]
        for (index, fault) in faults.enumerated() {
            do throws(SamplingError) {
                _ = try Chain(
                    density: density(fault), settings: ChainSettings(), key: testKey(410), start: [0.4, -1, 0.3])
                Issue.record("fault \(index) starts a chain")
            } catch {
                guard case .gradientDisagrees = error else {
                    Issue.record("fault \(index): \(error)")
                    continue
                }
            }
        }
        final class Unwritten: LogDensity {
            let dimension = 2
            func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
                -0.5 * (q[0] * q[0] + q[1] * q[1])
            }
        }
        #expect(throws: SamplingError.self) { try start(Unwritten(), at: [1, 2]) }
    }

    @Test("that is right starts one, on any scale, at a mode, a corner or a wall, however far or steep")
    func right() throws {
        try start(density { $0 })
        try start(density { $0 }, at: [0, 0, 0])
        for scale in [1e-12, 1e-6, 1e-3, 1e3, 1e6, 1e12] {
            for distance in [1e-3, 1, 100] {
                try start(
                    AutoregressiveGaussian(scales: [scale, 1, 0.1], correlation: 0.9),
                    at: [distance * scale, 0.5, -0.2])
            }
        }
        let corner = ScriptedDensity(dimension: 2) { q in
            (-abs(q[0]) - 0.5 * q[1] * q[1], [q[0] < 0 ? 1 : -1, -q[1]])
        }
        for x in [0, 1e-9, -1e-7, 1e-5, 1e-3] { try start(corner, at: [x, 0.1]) }
        let wall = ScriptedDensity(dimension: 1) { q in q[0] > 0 ? (-q[0], [-1]) : (-.infinity, [.nan]) }
        try start(wall, at: [1e-9])
        // Known to seven digits only.
        let coarse = ScriptedDensity(dimension: 3) { q in
            let value = q.map { -0.5 * ($0 - 30) * ($0 - 30) }.reduce(-4e4, +)
            return (Double(Float(value)), q.map { 30 - $0 })
        }
        for index in 0..<50 {
            let start = try randomStart(density: coarse, key: testKey(411, index: UInt32(index)))
            do throws(SamplingError) {
                _ = try Chain(
                    density: coarse, settings: ChainSettings(), key: testKey(412, index: UInt32(index)), start: start)
            } catch {
                if case .gradientDisagrees = error { Issue.record("\(error)") }
            }
        }
    }

    @Test("of hard posteriors passes from a thousand random starts")
    func manyStarts() throws {
        var count = 0
        func check(_ density: any LogDensity) throws {
            for index in 0..<250 {
                let key = testKey(413, index: UInt32(index))
                let start = try randomStart(density: density, key: key)
                do throws(SamplingError) {
                    _ = try Chain(
                        density: density, settings: ChainSettings(warmup: 0, draws: 1), key: key, start: start)
                } catch {
                    if case .gradientDisagrees = error { Issue.record("\(type(of: density)) \(index): \(error)") }
                }
                count += 1
            }
        }
        try check(MovingAverage(simulated: 5))
        try check(PredatorPrey())
        try check(EightSchools(data: try ReferenceData(EightSchools.name)))
        try check(KidScores(data: try ReferenceData(KidScores.name)))
        #expect(count == 1000)
    }

    @Test("is compared coordinate by coordinate for its author")
    func coordinates() {
        let right = checkGradient(density: density { $0 }, at: [0.4, -1, 0.3])
        #expect(right.coordinates.map(\.gradient) == [-0.4, 0.25, -30])
        #expect(right.largestError < 1e-7)
        let wrong = checkGradient(density: density { [$0[0], 0.75 * $0[1], $0[2]] }, at: [0.4, -1, 0.3])
        #expect(wrong.worst == 1)
        // 0.1875 against 0.25, slopes below 1.
        #expect(abs(wrong.largestError - 0.0625) < 1e-6)
        let edge = checkGradient(density: ScriptedDensity(dimension: 1) { _ in (.nan, [0]) }, at: [0])
        #expect(edge.largestError.isNaN)
    }
}

@Suite("an energy error")
struct UndefinedEnergyTests {
    // Under this metric momenta are of the order 1e170 and their kinetic energy overflows, so that H0 is infinite, and
    // so is every energy after a step: infinite minus infinite is undefined.
    @Test("that is undefined reads as infinite, in statistics, places of divergences and checkpoints")
    func undefined() throws {
        let density = AutoregressiveGaussian(scales: [1, 1])
        let settings = ChainSettings(warmup: 0, draws: 5)
        var state = try Chain(density: density, settings: settings, key: testKey(420), start: [1, 1]).checkpoint.state
        state.metric = Metric(variances: [1, 1], eigenvalues: [1e-300], scaledVectors: [1e10, 0])
        var chain = try Chain(
            density: density, settings: settings, key: testKey(420), resuming: ChainCheckpoint(state: state))
        while !chain.isFinished {
            let statistics = chain.step()
            #expect(statistics.termination == .diverged)
            #expect(!statistics.energyError.isNaN)
        }
        #expect(chain.divergences.count == 5)
        #expect(chain.divergences.allSatisfy { $0.energyError == .infinity })
        #expect(try ChainCheckpoint(decoding: chain.checkpoint.encoded) == chain.checkpoint)
    }
}
