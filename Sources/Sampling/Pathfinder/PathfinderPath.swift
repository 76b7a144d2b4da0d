import Densities
import Kernels

/// A Gaussian near a mode, found on the way that a quasi-Newton method takes to it
/// (Pathfinder; Zhang, Carpenter, Gelman & Vehtari, JMLR 23, 2022).
///
/// Every iterate x with gradient g and inverse Hessian H of the method gives N(x + H g, H); the path keeps the one with
/// the greatest lower bound of the evidence. A function of density, start and key.
public struct PathfinderPath: Sendable {
    /// Mean over draws of log density minus log Gaussian: its expectation is at most the log of the density's integral.
    public let evidenceBound: Double
    public let mean: [Double]
    /// The inverse Hessian, row-major.
    public let covariance: [Double]
    /// Evaluations of the density, those for the bounds counted.
    public let gradientEvaluations: Int
    /// Row-major lower triangle L with L Lᵀ = `covariance`.
    private let root: [Double]

    /// Above this many coordinates a whole inverse Hessian costs more than it gains.
    public static let greatestDimension = 300

    /// Draws for each bound.
    private static let boundDraws = 10
    /// Steps after which a path ends in any case.
    private static let stepsMax = 60

    /// Follows a path from `start`. Nil where the density is not finite there, or no step gives a Gaussian with a finite
    /// bound. Meant for up to some hundred coordinates: the inverse Hessian is kept whole.
    public init?(density: any LogDensity, start: [Double], key: StreamKey) {
        precondition(start.count == density.dimension, "a start has the density's coordinates")
        var normals = RandomSite.evidenceBound.stream(key: key, iteration: 0)
        guard var ascent = QuasiNewtonAscent(density: density, start: start) else { return nil }
        var best: (bound: Double, mean: [Double], covariance: [Double], root: [Double])?
        for _ in 0..<Self.stepsMax {
            guard ascent.step() else { break }
            guard ascent.hasCurvature, let root = Cholesky.factor(ascent.inverseHessian, dimension: start.count)
            else { continue }
            let mean = ascent.newtonPoint
            var bound = 0.0
            for _ in 0..<Self.boundDraws {
                let draw = Gaussian.draw(mean: mean, root: root, scale: 1, from: &normals)
                bound += (ascent.logDensity(at: draw.point) - draw.logDensity) / Double(Self.boundDraws)
            }
            if bound.isFinite, bound > best?.bound ?? -.infinity { best = (bound, mean, ascent.inverseHessian, root) }
            if ascent.hasConverged { break }
        }
        guard let best else { return nil }
        (evidenceBound, mean, covariance, root) = best
        gradientEvaluations = ascent.gradientEvaluations
    }

    /// A draw of the Gaussian with its covariance times `scale`².
    func draw(scale: Double, from stream: inout RandomStream) -> [Double] {
        Gaussian.draw(mean: mean, root: root, scale: scale, from: &stream).point
    }
}

/// Draws of multivariate normals.
private enum Gaussian {
    static func draw(
        mean: [Double], root: [Double], scale: Double, from stream: inout RandomStream
    ) -> (point: [Double], logDensity: Double) {
        let count = mean.count
        let normals = mean.map { _ in stream.normal() }
        var point = mean
        var logDensity = -Double(count) * SpecialFunctions.halfLogTwoPi
        for row in 0..<count {
            for column in 0...row { point[row] += scale * root[row * count + column] * normals[column] }
            logDensity -= 0.5 * normals[row] * normals[row] + Elementary.log(scale * root[row * count + row])
        }
        return (point, logDensity)
    }
}

/// A start for a chain: a draw of the Gaussian that a path from `randomStart` finds, with twice its covariance, so that
/// starts are more dispersed than the posterior and R-hat keeps its meaning. Where there is no such path, or with more
/// than 300 coordinates, it is the random start itself.
///
/// A function of density and key. Throws `noFiniteStart`.
public func pathfinderStart(density: any LogDensity, key: StreamKey) throws(SamplingError) -> [Double] {
    let random = try randomStart(density: density, key: key)
    guard density.dimension <= PathfinderPath.greatestDimension,
        let path = PathfinderPath(density: density, start: random, key: key)
    else { return random }
    var stream = RandomSite.pathfinderStart.stream(key: key, iteration: 0)
    var gradient = random
    let attempts = 20
    for _ in 0..<attempts {
        let start = path.draw(scale: 2.0.squareRoot(), from: &stream)
        var slopes = gradient.mutableSpan
        let logDensity = density.evaluate(at: start.span, gradient: &slopes)
        if logDensity.isFinite && gradient.allSatisfy(\.isFinite) { return start }
    }
    return random
}
