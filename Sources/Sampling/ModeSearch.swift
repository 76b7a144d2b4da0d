import Densities
import Kernels

/// The way from a start up to a maximum of a log density: the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno
/// (Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithm 7.4), whose first guess of the curvature is a sampler's
/// metric, with a line search by bisection for the weak Wolfe conditions (Lewis & Overton, Mathematical Programming 141, 2013).
///
/// A function of density, metric and start.
package struct ModeSearch {
    package private(set) var position: [Double]
    /// Log density there.
    package private(set) var value: Double
    /// Whether no more is to be gained than `gainMin`.
    package private(set) var hasConverged = false
    package private(set) var gradientEvaluations = 0
    private var gradient: [Double]
    private var steps: [Step] = []
    private let metric: Metric

    /// A step with what it told of the curvature: s, minus the change of the gradient, and 1 ÷ sᵀ y.
    private struct Step {
        var s: [Double]
        var y: [Double]
        var inverseCurvature: Double
    }

    /// Evaluations of the density after which the search is given up.
    package static let gradientEvaluationsMax = 2000
    /// The gain in log density below which the search ends: within 1.5 ten-thousandths of a standard deviation where the
    /// curvature is known.
    package static let gainMin = 1e-8
    private static let memory = 20
    private static let lineSearchMax = 60

    /// - Parameters:
    ///   - adaptation: whose metric is taken; nil: that of independent coordinates of scale 1.
    ///   - start: one value a coordinate.
    package init(density: any LogDensity, adaptation: PooledAdaptation?, start: [Double]) {
        precondition(start.count == density.dimension, "a start has the density's coordinates")
        metric = adaptation?.metric ?? Metric(dimension: start.count)
        position = start
        (value, gradient) = (-.infinity, start)
        (value, gradient) = evaluate(density, start)
        guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return }
        while gradientEvaluations < Self.gradientEvaluationsMax {
            let (direction, slope) = ascent()
            guard slope > 2 * Self.gainMin else {
                hasConverged = true
                return
            }
            if climb(density, along: direction, slope: slope) { continue }
            // What the steps have told may be wrong here: once more without it.
            guard !steps.isEmpty else { return }
            steps = []
        }
    }

    private mutating func evaluate(_ density: any LogDensity, _ point: [Double]) -> (Double, [Double]) {
        var slopes = point
        var span = slopes.mutableSpan
        gradientEvaluations += 1
        let value = density.evaluate(at: point.span, gradient: &span)
        return (value, slopes)
    }

    /// H g with its slope: a direction uphill.
    private mutating func ascent() -> (direction: [Double], slope: Double) {
        let direction = product(gradient)
        let slope = Reductions.dot(direction, gradient)
        guard !(slope > 0) || !slope.isFinite, !steps.isEmpty else { return (direction, slope) }
        steps = []
        let plain = product(gradient)
        return (plain, Reductions.dot(plain, gradient))
    }

    /// H times a vector, by the two loops over the steps.
    private func product(_ vector: [Double]) -> [Double] {
        var rest = vector
        var shares: [Double] = []
        for step in steps.reversed() {
            let share = step.inverseCurvature * Reductions.dot(step.s, rest)
            shares.append(share)
            for index in rest.indices { rest[index] -= share * step.y[index] }
        }
        var result = metric.inverseProduct(rest)
        if let last = steps.last {
            // The metric's scale along the last step.
            let scale = 1 / (last.inverseCurvature * Reductions.dot(last.y, metric.inverseProduct(last.y)))
            for index in result.indices { result[index] *= scale }
        }
        for (step, share) in zip(steps, shares.reversed()) {
            let other = step.inverseCurvature * Reductions.dot(step.y, result)
            for index in result.indices { result[index] += (share - other) * step.s[index] }
        }
        return result
    }

    /// A step along a direction that gains enough and flattens the slope. Returns false where none was found.
    private mutating func climb(_ density: any LogDensity, along direction: [Double], slope: Double) -> Bool {
        let (sufficientGain, sufficientFlattening) = (1e-4, 0.9)
        var (low, high, size) = (0.0, Double.infinity, 1.0)
        for _ in 0..<Self.lineSearchMax {
            let point = zip(position, direction).map { $0 + size * $1 }
            let (reached, slopes) = evaluate(density, point)
            if !(reached >= value + sufficientGain * size * slope) || !slopes.allSatisfy(\.isFinite) {
                high = size
            } else if Reductions.dot(slopes, direction) > sufficientFlattening * slope {
                low = size
            } else {
                advance(to: point, reached, slopes)
                return true
            }
            size = high.isFinite ? (low + high) / 2 : 2 * low
        }
        return false
    }

    private mutating func advance(to point: [Double], _ reached: Double, _ slopes: [Double]) {
        let s = zip(point, position).map { $0 - $1 }
        let y = zip(gradient, slopes).map { $0 - $1 }
        (position, value, gradient) = (point, reached, slopes)
        let curvature = Reductions.dot(s, y)
        let norms = (Reductions.squaredNorm(s) * Reductions.squaredNorm(y)).squareRoot()
        guard curvature > 1e-10 * norms else { return }
        if steps.count == Self.memory { steps.removeFirst() }
        steps.append(Step(s: s, y: y, inverseCurvature: 1 / curvature))
    }
}
