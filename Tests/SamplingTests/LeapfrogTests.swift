import Kernels
import Sampling
import Testing

@Suite("the leapfrog integrator")
struct LeapfrogTests {
    /// A pool of two points, the first at a random place of a correlated Gaussian.
    private struct Setting {
        let density: AutoregressiveGaussian
        let metric: Metric
        let variances: [Double]
        var pool: PhasePool

        init(dimension: Int) {
            var stream = RandomStream(key: testKey(11), iteration: UInt64(dimension), site: 0)
            density = AutoregressiveGaussian(
                scales: (0..<dimension).map { _ in 0.5 + stream.uniform() }, correlation: 0.6)
            variances = (0..<dimension).map { _ in 0.5 + stream.uniform() }
            metric = Metric(variances: variances)
            pool = PhasePool(dimension: dimension, points: 2, momentumSums: 1)
            pool.set(0, .position, to: (0..<dimension).map { _ in stream.normal() })
            pool.set(0, .momentum, to: (0..<dimension).map { _ in stream.normal() })
            pool.evaluate(0, density)
        }

        func kinetic(_ point: Int) -> Double {
            zip(pool.array(point, .momentum), variances).map { 0.5 * $0 * $0 * $1 }.reduce(0, +)
        }

        /// Goes `steps` steps from point to point; the end is point 0 for an even number of steps.
        mutating func go(steps: Int, stepSize: Double) -> Double {
            var kinetic = 0.0
            for step in 0..<steps {
                kinetic = pool.leapfrog(
                    from: step & 1, to: 1 - step & 1, stepSize: stepSize, metric: metric, density: density)
            }
            return kinetic
        }
    }

    @Test("goes back where it came from", arguments: [1, 7, 8, 9, 40, 101])
    func reversible(dimension: Int) {
        var setting = Setting(dimension: dimension)
        let before = [setting.pool.array(0, .position), setting.pool.array(0, .momentum)]
        _ = setting.go(steps: 100, stepSize: 0.1)
        let between = setting.pool.array(0, .position)
        _ = setting.go(steps: 100, stepSize: -0.1)
        let after = [setting.pool.array(0, .position), setting.pool.array(0, .momentum)]
        for (x, y) in zip(before.joined(), after.joined()) {
            #expect(abs(x - y) < 1e-10)
        }
        #expect(zip(before[0], between).contains { abs($0 - $1) > 0.1 })
    }

    @Test("loses energy as the square of the step size")
    func energyError() {
        // The error is exactly of second order for the harmonic oscillator; halving must quarter it.
        let errors = [1, 2, 4].map { refinement in
            var setting = Setting(dimension: 10)
            return error(&setting, steps: 24 * refinement, stepSize: 0.04 / Double(refinement))
        }
        #expect(errors[0] > 1e-6)
        #expect(abs(errors[0] / errors[1] - 4) < 0.2)
        #expect(abs(errors[1] / errors[2] - 4) < 0.05)
    }

    private func error(_ setting: inout Setting, steps: Int, stepSize: Double) -> Double {
        let before = setting.kinetic(0) - setting.pool.logDensities[0]
        let kinetic = setting.go(steps: steps, stepSize: stepSize)
        #expect(abs(kinetic - setting.kinetic(0)) < 1e-12)
        return abs(kinetic - setting.pool.logDensities[0] - before)
    }

    @Test("is the leapfrog of the textbook: half a kick, a drift, half a kick")
    func textbook() {
        // On N(0, 1) with M⁻¹ = 4, eps = 0.5, q = 1, p = 2: p½ = 2 - 0.25, q = 1 + 0.5·4·1.75 = 4.5,
        // p = 1.75 - 0.25·4.5 = 0.625, velocity 2.5, kinetic energy ½·0.625·2.5. All exact in binary.
        var pool = PhasePool(dimension: 1, points: 2, momentumSums: 0)
        let density = AutoregressiveGaussian(scales: [1])
        pool.set(0, .position, to: [1])
        pool.set(0, .momentum, to: [2])
        pool.evaluate(0, density)
        let kinetic = pool.leapfrog(
            from: 0, to: 1, stepSize: 0.5, metric: Metric(variances: [4]), density: density)
        #expect(pool.array(1, .position) == [4.5])
        #expect(pool.array(1, .momentum) == [0.625])
        #expect(pool.array(1, .velocity) == [2.5])
        #expect(pool.array(1, .gradient) == [-4.5])
        #expect(pool.logDensities[1] == -10.125)
        #expect(kinetic == 0.78125)
        #expect(pool.array(0, .position) == [1] && pool.array(0, .momentum) == [2])
    }
}
