import Densities
import Foundation
import Kernels
import Testing

// Models and reference draws of posteriordb (Resources/README.md), with gradients by hand. The sampled
// coordinates are unconstrained: a scale s enters as log s, with log s added to the log density.

/// A model whose posterior is known from reference draws.
protocol ReferencePosterior: LogDensity {
    /// The folder of data and summary.
    static var name: String { get }
    init(data: ReferenceData)
    /// The parameters of the summary, in its order, from the sampled coordinates.
    func parameters(_ position: [Double]) -> [Double]
}

/// `data.json`: numbers and lists of numbers by name.
struct ReferenceData {
    let values: [String: Any]

    init(_ name: String) throws {
        let object = try JSONSerialization.jsonObject(with: resource(name, "data.json"))
        values = try #require(object as? [String: Any])
    }

    func list(_ name: String) -> [Double] { (values[name] as? [NSNumber] ?? []).map(\.doubleValue) }
    func rows(_ name: String) -> [[Double]] {
        (values[name] as? [[NSNumber]] ?? []).map { $0.map(\.doubleValue) }
    }
    func count(_ name: String) -> Int { (values[name] as? NSNumber)?.intValue ?? 0 }
}

/// `summary.json`: what the reference draws say of each parameter.
struct ReferenceSummary: Decodable {
    struct Parameter: Decodable {
        var mean, sd, meanOfSquare, meanError, sdError: Double

        enum CodingKeys: String, CodingKey {
            case mean, sd
            case meanOfSquare = "mean_of_square"
            case meanError = "mcse_mean"
            case sdError = "mcse_sd"
        }
    }
    var parameters: [String]
    var summary: [String: Parameter]

    init(_ name: String) throws {
        self = try JSONDecoder().decode(Self.self, from: resource(name, "summary.json"))
    }
}

private func resource(_ name: String, _ file: String) throws -> Data {
    try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Resources/\(name)/\(file)"))
}

/// log of the half-Cauchy density of scale s at exp(u), with the Jacobian u, and its derivative in u.
private func halfCauchy(logScale u: Double, scale s: Double) -> (Double, Double) {
    let ratio = Elementary.exp(u) / s
    let square = ratio * ratio
    return (u - Elementary.log1p(square), 1 - 2 * square / (1 + square))
}

/// log of the half-normal density of scale s at exp(u), with the Jacobian u, and its derivative in u.
private func halfNormal(logScale u: Double, scale s: Double) -> (Double, Double) {
    let ratio = Elementary.exp(u) / s
    return (u - 0.5 * ratio * ratio, 1 - ratio * ratio)
}

/// y_j ~ N(theta_j, sigma_j), theta_j = mu + tau z_j, z_j ~ N(0, 1), mu ~ N(0, 5), tau ~ Cauchy+(0, 5).
/// Coordinates z_1…z_8, mu, log tau.
final class EightSchools: ReferencePosterior {
    static let name = "eight_schools-eight_schools_noncentered"
    private let y, sigma: [Double]

    init(data: ReferenceData) {
        y = data.list("y")
        sigma = data.list("sigma")
    }

    var dimension: Int { y.count + 2 }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let (mu, logTau) = (position[y.count], position[y.count + 1])
        let tau = Elementary.exp(logTau)
        let (priorTau, priorSlope) = halfCauchy(logScale: logTau, scale: 5)
        var logDensity = -0.5 * mu * mu / 25 + priorTau
        var (slopeMu, slopeTau) = (-mu / 25, priorSlope)
        for j in 0..<y.count {
            let z = position[j]
            let residual = (y[j] - mu - tau * z) / sigma[j]
            let slope = residual / sigma[j]
            logDensity -= 0.5 * (residual * residual + z * z)
            gradient[j] = tau * slope - z
            slopeMu += slope
            slopeTau += tau * z * slope
        }
        gradient[y.count] = slopeMu
        gradient[y.count + 1] = slopeTau
        return logDensity
    }

    func parameters(_ position: [Double]) -> [Double] {
        let (mu, tau) = (position[y.count], exp(position[y.count + 1]))
        return position[..<y.count].map { mu + tau * $0 } + [mu, tau]
    }
}

/// y ~ N(X b, sigma), b_k ~ N(0, priorScale) or flat, sigma ~ Cauchy+(0, 2.5) unless another prior is given.
/// Coordinates b, log sigma.
class LinearRegression: LogDensity {
    /// Row-major.
    private let design: [Double]
    private let y: [Double]
    private let priorPrecision: Double
    private let sigmaPrior: (Double) -> (Double, Double)
    private var slopes: [Double]

    init(
        rows: [[Double]], y: [Double], priorScale: Double,
        sigmaPrior: @escaping (Double) -> (Double, Double) = { halfCauchy(logScale: $0, scale: 2.5) }
    ) {
        self.sigmaPrior = sigmaPrior
        design = Array(rows.joined())
        self.y = y
        priorPrecision = 1 / (priorScale * priorScale)
        slopes = [Double](repeating: 0, count: rows[0].count)
    }

    var dimension: Int { slopes.count + 1 }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let k = slopes.count
        let logSigma = position[k]
        let precision = Elementary.exp(-2 * logSigma)
        var squares = 0.0
        for i in 0..<k { slopes[i] = 0 }
        for t in 0..<y.count {
            var residual = y[t]
            for i in 0..<k { residual -= design[t * k + i] * position[i] }
            squares += residual * residual
            for i in 0..<k { slopes[i] += design[t * k + i] * residual }
        }
        let (prior, priorSlope) = sigmaPrior(logSigma)
        let n = Double(y.count)
        var logDensity = -n * logSigma - 0.5 * squares * precision + prior
        for i in 0..<k {
            logDensity -= 0.5 * priorPrecision * position[i] * position[i]
            gradient[i] = slopes[i] * precision - priorPrecision * position[i]
        }
        gradient[k] = -n + squares * precision + priorSlope
        return logDensity
    }

    func parameters(_ position: [Double]) -> [Double] {
        position.dropLast() + [exp(position[slopes.count])]
    }
}

/// kid_score ~ N(b1 + b2 mom_hs + b3 mom_iq + b4 mom_hs mom_iq, sigma), b flat, sigma ~ Cauchy+(0, 2.5).
/// Nothing is standardised: strong correlations and scales from 0.15 to 15.
final class KidScores: LinearRegression, ReferencePosterior {
    static let name = "kidiq-kidscore_interaction"

    init(data: ReferenceData) {
        let rows = zip(data.list("mom_hs"), data.list("mom_iq")).map { [1, $0, $1, $0 * $1] }
        super.init(rows: rows, y: data.list("kid_score"), priorScale: .infinity)
    }
}

/// y_t ~ N(alpha + Σ_k b_k y_(t-k), sigma) for t > K = 5, alpha, b ~ N(0, 10), sigma ~ Cauchy+(0, 2.5).
final class AutoregressiveSeries: LinearRegression, ReferencePosterior {
    static let name = "arK-arK"

    init(data: ReferenceData) {
        let (y, k) = (data.list("y"), data.count("K"))
        let rows = (k..<y.count).map { t in [1] + (1...k).map { y[t - $0] } }
        super.init(rows: rows, y: Array(y[k...]), priorScale: 10)
    }
}

/// y ~ N(X b, sigma), b_k ~ N(0, 10), sigma ~ N+(0, 10), with correlated columns.
final class CorrelatedColumns: LinearRegression, ReferencePosterior {
    static let name = "sblrc-blr"

    init(data: ReferenceData) {
        super.init(rows: data.rows("X"), y: data.list("y"), priorScale: 10) { halfNormal(logScale: $0, scale: 10) }
    }
}

/// y ~ N(0, C), C_ij = alpha² exp(−(x_i − x_j)²/(2 rho²)) + [i = j] sigma, rho ~ Gamma(25, rate 4), alpha ~ N+(0, 2),
/// sigma ~ N+(0, 1). Coordinates log rho, log alpha, log sigma.
final class GaussianProcess: ReferencePosterior {
    static let name = "gp_pois_regr-gp_regr"
    private let x, y: [Double]

    init(data: ReferenceData) {
        x = data.list("x")
        y = data.list("y")
    }

    var dimension: Int { 3 }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let count = x.count
        let (rho, alpha) = (Elementary.exp(position[0]), Elementary.exp(position[1]))
        let sigma = Elementary.exp(position[2])
        // Gauss–Jordan on (C | 1).
        var rows = (0..<count).map { i in
            (0..<count).map { j in kernel(i, j, rho, alpha) + (i == j ? sigma : 0) }
                + (0..<count).map { $0 == i ? 1.0 : 0 }
        }
        var logDeterminant = 0.0
        for pivot in 0..<count {
            guard rows[pivot][pivot] > 0 else { return .nan }
            logDeterminant += Elementary.log(rows[pivot][pivot])
            let scale = 1 / rows[pivot][pivot]
            rows[pivot] = rows[pivot].map { $0 * scale }
            for other in 0..<count where other != pivot {
                let factor = rows[other][pivot]
                for column in pivot..<2 * count { rows[other][column] -= factor * rows[pivot][column] }
            }
        }
        let weights = rows.map { row in zip(row[count...], y).map(*).reduce(0, +) }
        var logDensity = -0.5 * zip(weights, y).map(*).reduce(0, +) - 0.5 * logDeterminant
        // d/dθ = ½ Σ_ij (w_i w_j − C⁻¹_ij) dC_ij/dθ.
        var slopes = (rho: 0.0, alpha: 0.0, sigma: 0.0)
        for i in 0..<count {
            for j in 0..<count {
                let factor = 0.5 * (weights[i] * weights[j] - rows[i][count + j])
                let covariance = kernel(i, j, rho, alpha)
                let distance = (x[i] - x[j]) / rho
                slopes.alpha += factor * 2 * covariance
                slopes.rho += factor * covariance * distance * distance
                if i == j { slopes.sigma += factor * sigma }
            }
        }
        let (priorAlpha, slopeAlpha) = halfNormal(logScale: position[1], scale: 2)
        let (priorSigma, slopeSigma) = halfNormal(logScale: position[2], scale: 1)
        logDensity += 25 * position[0] - 4 * rho + priorAlpha + priorSigma
        gradient[0] = slopes.rho + 25 - 4 * rho
        gradient[1] = slopes.alpha + slopeAlpha
        gradient[2] = slopes.sigma + slopeSigma
        return logDensity
    }

    private func kernel(_ i: Int, _ j: Int, _ rho: Double, _ alpha: Double) -> Double {
        let distance = (x[i] - x[j]) / rho
        return alpha * alpha * Elementary.exp(-0.5 * distance * distance)
    }

    func parameters(_ position: [Double]) -> [Double] { position.map { exp($0) } }
}
