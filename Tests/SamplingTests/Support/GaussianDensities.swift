import Densities
import Sampling

/// N(0, D R D) with R_ij = rho^|i-j| and D = diag(scales), whose precision is tridiagonal:
/// with z = x / scales, zᵀ R⁻¹ z = z_0² + Σ (z_i - rho z_(i-1))² / (1 - rho²).
final class AutoregressiveGaussian: LogDensity {
    let scales: [Double]
    let correlation: Double
    private(set) var evaluations = 0

    init(scales: [Double], correlation: Double = 0) {
        self.scales = scales
        self.correlation = correlation
    }

    var dimension: Int { scales.count }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        evaluations += 1
        let innovationVariance = 1 - correlation * correlation
        var previous = position[0] / scales[0]
        var logDensity = -0.5 * (previous * previous)
        gradient[0] = -previous / scales[0]
        for i in 1..<max(1, scales.count) {
            let z = position[i] / scales[i]
            let innovation = z - correlation * previous
            logDensity -= 0.5 * (innovation * innovation) / innovationVariance
            gradient[i] = -innovation / innovationVariance / scales[i]
            gradient[i - 1] = gradient[i - 1] + correlation * innovation / innovationVariance / scales[i - 1]
            previous = z
        }
        return logDensity
    }
}

/// A density given by a function, for edge cases.
final class ScriptedDensity: LogDensity {
    let dimension: Int
    private let body: ([Double]) -> (logDensity: Double, gradient: [Double])

    init(dimension: Int, _ body: @escaping ([Double]) -> (logDensity: Double, gradient: [Double])) {
        self.dimension = dimension
        self.body = body
    }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let (logDensity, slopes) = body((0..<dimension).map { position[$0] })
        for i in 0..<dimension {
            gradient[i] = slopes[i]
        }
        return logDensity
    }
}
