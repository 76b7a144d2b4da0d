import Foundation
import Kernels
import Sampling
import Testing

/// Metrics of every form in a few dimensions, with M⁻¹ written out.
private struct Example: CustomTestStringConvertible {
    var name: String
    var metric: Metric
    /// M⁻¹, row-major.
    var inverse: [Double]
    var dimension: Int { metric.dimension }
    var testDescription: String { "\(name), \(dimension)" }

    static let all = [1, 5, 8, 19].flatMap { d -> [Example] in
        var stream = RandomStream(key: testKey(300), iteration: UInt64(d), site: 0)
        let variances = (0..<d).map { _ in 0.2 + 3 * stream.uniform() }
        var diagonal = [Double](repeating: 0, count: d * d)
        for i in 0..<d { diagonal[i * d + i] = variances[i] }
        let spiked = SpikedGaussian(
            scales: variances.map { $0.squareRoot() }, eigenvalues: Array([9.0, 0.05, 30].prefix(d)), from: &stream)
        let covariance = (0..<(d * d)).map { spiked.covariance($0 / d, $0 % d) }
        let columns = spiked.directions.flatMap { u in zip(u, spiked.scales).map { $0 * $1 } }
        return [
            Example(name: "diagonal", metric: Metric(variances: variances), inverse: diagonal),
            Example(
                name: "dense", metric: Metric(covariance: covariance, dimension: d) ?? Metric(dimension: d),
                inverse: covariance),
            Example(
                name: "low rank",
                metric: Metric(variances: variances, eigenvalues: spiked.eigenvalues, scaledVectors: columns),
                inverse: covariance),
        ]
    }

    func timesInverse(_ p: [Double]) -> [Double] {
        (0..<dimension).map { i in (0..<dimension).map { inverse[i * dimension + $0] * p[$0] }.reduce(0, +) }
    }
}

@Suite("a metric")
struct MetricTests {
    @Test("gives the velocity M⁻¹ p and the kinetic energy of it, step after step", arguments: Example.all)
    fileprivate func velocity(example: Example) {
        let d = example.dimension
        let density = AutoregressiveGaussian(scales: (0..<d).map { 1 + Double($0) }, correlation: 0.3)
        var pool = PhasePool(dimension: d, points: 2, momentumSums: 1)
        pool.set(0, .position, to: (0..<d).map { Double($0) - 2 })
        pool.evaluate(0, density)
        var stream = RandomStream(key: testKey(301), iteration: 0, site: 0)
        var kinetic = pool.drawMomentum(0, metric: example.metric, from: &stream)
        for step in 0..<40 {
            let momentum = pool.array(step & 1, .momentum)
            let velocity = example.timesInverse(momentum)
            for (found, expected) in zip(pool.array(step & 1, .velocity), velocity) {
                #expect(abs(found - expected) < 1e-10)
            }
            for (found, expected) in zip(example.metric.inverseProduct(momentum), velocity) {
                #expect(abs(found - expected) < 1e-10)
            }
            #expect(abs(kinetic - zip(momentum, velocity).map { 0.5 * $0 * $1 }.reduce(0, +)) < 1e-9)
            kinetic = pool.leapfrog(
                from: step & 1, to: 1 - step & 1, stepSize: 0.05, metric: example.metric, density: density)
        }
    }

    @Test("goes back where it came from", arguments: Example.all)
    fileprivate func reversible(example: Example) {
        let d = example.dimension
        let density = AutoregressiveGaussian(scales: (0..<d).map { 1 + Double($0) }, correlation: 0.3)
        var pool = PhasePool(dimension: d, points: 2, momentumSums: 1)
        pool.set(0, .position, to: (0..<d).map { Double($0) - 2 })
        pool.evaluate(0, density)
        var stream = RandomStream(key: testKey(302), iteration: 0, site: 0)
        _ = pool.drawMomentum(0, metric: example.metric, from: &stream)
        let before = pool.array(0, .position) + pool.array(0, .momentum)
        for stepSize in [0.05, -0.05] {
            for step in 0..<100 {
                _ = pool.leapfrog(
                    from: step & 1, to: 1 - step & 1, stepSize: stepSize, metric: example.metric, density: density)
            }
        }
        for (x, y) in zip(before, pool.array(0, .position) + pool.array(0, .momentum)) {
            #expect(abs(x - y) < 1e-10)
        }
    }

    @Test("draws momenta of N(0, M): their velocities have covariance M⁻¹ M M⁻¹ = M⁻¹", arguments: Example.all)
    fileprivate func momenta(example: Example) {
        let d = example.dimension
        let count = 20000
        var pool = PhasePool(dimension: d, points: 1, momentumSums: 1)
        var stream = RandomStream(key: testKey(303), iteration: 0, site: 0)
        var moments = [Double](repeating: 0, count: d * d)
        for _ in 0..<count {
            _ = pool.drawMomentum(0, metric: example.metric, from: &stream)
            let v = pool.array(0, .velocity)
            for i in 0..<d {
                for j in 0...i { moments[i * d + j] += v[i] * v[j] / Double(count) }
            }
        }
        // Up to 190 comparisons at 5 standard errors: Var(v_i v_j) = M⁻¹_ii M⁻¹_jj + M⁻¹_ij².
        for i in 0..<d {
            for j in 0...i {
                let expected = example.inverse[i * d + j]
                let variance =
                    example.inverse[i * d + i] * example.inverse[j * d + j] + expected * expected
                #expect(abs(moments[i * d + j] - expected) < 5 * (variance / Double(count)).squareRoot())
            }
        }
    }

    @Test("that is not positive definite is refused")
    func indefinite() {
        #expect(Metric(covariance: [1, 0, 2, 1], dimension: 2) == nil)
        #expect(Metric(covariance: [1, 0, 1, 1], dimension: 2) == nil)
        #expect(Metric(covariance: [.nan, 0, 0, 1], dimension: 2) == nil)
        #expect(Metric(covariance: [1, 0, 0.5, 1], dimension: 2) != nil)
    }
}
