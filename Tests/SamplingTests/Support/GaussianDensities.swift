import Densities
import Kernels
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

/// N(0, D (I + Σ_k (λ_k - 1) u_k u_kᵀ) D) with orthonormal u_k and D = diag(scales).
final class SpikedGaussian: LogDensity {
    let scales: [Double]
    let eigenvalues: [Double]
    let directions: [[Double]]
    private var z: [Double]
    private(set) var evaluations = 0

    init(scales: [Double], eigenvalues: [Double], directions: [[Double]]) {
        self.scales = scales
        self.eigenvalues = eigenvalues
        self.directions = directions
        z = scales
    }

    /// Directions at random from a stream, made orthonormal.
    convenience init(scales: [Double], eigenvalues: [Double], from stream: inout RandomStream) {
        var directions: [[Double]] = []
        for _ in eigenvalues {
            var direction = scales.map { _ in stream.normal() }
            for known in directions {
                let component = zip(direction, known).map { $0 * $1 }.reduce(0, +)
                direction = zip(direction, known).map { $0 - component * $1 }
            }
            let length = direction.map { $0 * $0 }.reduce(0, +).squareRoot()
            directions.append(direction.map { $0 / length })
        }
        self.init(scales: scales, eigenvalues: eigenvalues, directions: directions)
    }

    var dimension: Int { scales.count }

    /// An exact draw: D (I + Σ_k (√λ_k - 1) u_k u_kᵀ) z.
    func draw(from stream: inout RandomStream) -> [Double] {
        let normals = scales.map { _ in stream.normal() }
        var draw = normals
        for (eigenvalue, u) in zip(eigenvalues, directions) {
            let weight = (eigenvalue.squareRoot() - 1) * zip(u, normals).map { $0 * $1 }.reduce(0, +)
            for i in draw.indices { draw[i] += weight * u[i] }
        }
        return zip(draw, scales).map { $0 * $1 }
    }

    func covariance(_ i: Int, _ j: Int) -> Double {
        var sum = i == j ? 1.0 : 0
        for (eigenvalue, u) in zip(eigenvalues, directions) {
            sum += (eigenvalue - 1) * u[i] * u[j]
        }
        return scales[i] * sum * scales[j]
    }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        evaluations += 1
        // The precision is D⁻¹ (I + Σ_k (1/λ_k - 1) u_k u_kᵀ) D⁻¹.
        var logDensity = 0.0
        for i in 0..<scales.count {
            z[i] = position[i] / scales[i]
            logDensity -= 0.5 * z[i] * z[i]
            gradient[i] = -z[i]
        }
        for k in 0..<eigenvalues.count {
            var component = 0.0
            for i in 0..<scales.count { component += directions[k][i] * z[i] }
            let weight = (1 / eigenvalues[k] - 1) * component
            logDensity -= 0.5 * weight * component
            for i in 0..<scales.count { gradient[i] -= weight * directions[k][i] }
        }
        for i in 0..<scales.count { gradient[i] /= scales[i] }
        return logDensity
    }
}
