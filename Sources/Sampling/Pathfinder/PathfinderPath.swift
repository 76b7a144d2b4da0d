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

    /// Evaluations of the density that no path exceeds.
    public static let gradientEvaluationsMax = 1000

    /// Draws for each bound.
    private static let boundDraws = 10
    /// Steps after which the Hessian is measured in any case: the more of them, the dearer the measurement.
    private static func stepsMax(dimension: Int) -> Int { 20 + dimension }

    /// Follows a path from `start`: climbs, measures the Hessian where the climb ends, and climbs on with it until there
    /// is nothing left to gain. Nil where the density is not finite there, or no iterate gives a Gaussian with a finite
    /// bound. Meant for up to `greatestDimension` coordinates: the inverse Hessian is kept whole.
    public init?(density: any LogDensity, start: [Double], key: StreamKey) {
        precondition(start.count == density.dimension, "a start has the density's coordinates")
        guard var ascent = QuasiNewtonAscent(density: density, start: start) else { return nil }
        var best = BestGaussian(normals: RandomSite.evidenceBound.stream(key: key, iteration: 0))
        let measurement = ascent.evaluationsOfMeasurement + Self.boundDraws
        let step = QuasiNewtonAscent.evaluationsOfStep + Self.boundDraws
        var hasMeasured = false
        while true {
            var steps = 0
            // A step leaves enough for the measurement after it.
            while steps < Self.stepsMax(dimension: start.count),
                ascent.gradientEvaluations + step + measurement <= Self.gradientEvaluationsMax,
                ascent.step(), !ascent.hasConverged
            {
                best.consider(&ascent, draws: Self.boundDraws)
                steps += 1
            }
            if hasMeasured && steps == 0 { break }
            guard ascent.hasCurvature, ascent.gradientEvaluations + measurement <= Self.gradientEvaluationsMax,
                ascent.measureCurvature()
            else { break }
            hasMeasured = true
            best.consider(&ascent, draws: Self.boundDraws)
        }
        guard best.bound.isFinite else { return nil }
        (evidenceBound, mean, covariance, root) = (best.bound, best.mean, best.covariance, best.root)
        gradientEvaluations = ascent.gradientEvaluations
    }

    /// A draw of the Gaussian with its covariance times `scale`².
    func draw(scale: Double, from stream: inout RandomStream) -> [Double] {
        Gaussian.draw(mean: mean, root: root, scale: scale, from: &stream).point
    }
}

/// The Gaussian with the greatest bound among those considered.
private struct BestGaussian {
    var normals: RandomStream
    private(set) var bound = -Double.infinity
    private(set) var mean: [Double] = []
    private(set) var covariance: [Double] = []
    private(set) var root: [Double] = []

    init(normals: RandomStream) {
        self.normals = normals
    }

    /// Takes the Gaussian of the present iterate where its bound is greater.
    mutating func consider(_ ascent: inout QuasiNewtonAscent, draws: Int) {
        let newMean = ascent.newtonPoint
        guard ascent.hasCurvature, let newRoot = Cholesky.factor(ascent.inverseHessian, dimension: newMean.count)
        else { return }
        var newBound = 0.0
        for _ in 0..<draws {
            let draw = Gaussian.draw(mean: newMean, root: newRoot, scale: 1, from: &normals)
            newBound += (ascent.logDensity(at: draw.point) - draw.logDensity) / Double(draws)
        }
        guard newBound.isFinite, newBound > bound else { return }
        (bound, mean, covariance, root) = (newBound, newMean, ascent.inverseHessian, newRoot)
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
/// starts are more dispersed than the posterior and R-hat keeps its meaning. A path that ends in a mode with less than
/// e^-15 of the mass that a second one finds gives way to it: a chain from there would be lost. Where there is no path, or
/// with more than 300 coordinates, it is the random start itself.
///
/// A function of density and key. Throws `noFiniteStart`.
public func pathfinderStart(density: any LogDensity, key: StreamKey) throws(SamplingError) -> [Double] {
    let random = try randomStart(density: density, key: key)
    guard density.dimension <= PathfinderPath.greatestDimension,
        let path = bestOfTwoPaths(density: density, start: random, key: key)
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

/// The path from `start`, or that from a second random start where it finds far more mass or the first finds none.
private func bestOfTwoPaths(density: any LogDensity, start: [Double], key: StreamKey) -> PathfinderPath? {
    let negligible = 15.0
    let first = PathfinderPath(density: density, start: start, key: key)
    guard let other = try? randomStart(density: density, key: key, attempt: 1),
        let second = PathfinderPath(density: density, start: other, key: key)
    else { return first }
    guard let first, second.evidenceBound - first.evidenceBound < negligible else { return second }
    return first
}
