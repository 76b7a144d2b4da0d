import Densities
import Kernels

/// The Broyden–Fletcher–Goldfarb–Shanno method on a log density, with its inverse Hessian kept whole (Nocedal &
/// Wright, "Numerical Optimization", 2nd ed., 6.1), and a line search that
/// backtracks and then interpolates.
struct QuasiNewtonAscent {
    private let density: any LogDensity
    private var position: [Double]
    private var gradient: [Double]
    private var value: Double
    /// H, row-major: minus the inverse of the Hessian of the log density, as far as it is known.
    private(set) var inverseHessian: [Double]
    /// Whether a step has told of the curvature.
    private(set) var hasCurvature = false
    private(set) var hasConverged = false
    private(set) var gradientEvaluations = 0

    /// Nil where log density or gradient are not finite at `start`.
    init?(density: any LogDensity, start: [Double]) {
        self.density = density
        position = start
        gradient = start
        value = 0
        let count = start.count
        inverseHessian = (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }
        (value, gradient) = evaluate(start)
        guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return nil }
    }

    /// x + H g, where a Gaussian with these derivatives has its mean.
    var newtonPoint: [Double] {
        let direction = product(gradient)
        return zip(position, direction).map { $0 + $1 }
    }

    mutating func logDensity(at point: [Double]) -> Double { evaluate(point).0 }

    private mutating func evaluate(_ point: [Double]) -> (Double, [Double]) {
        var slopes = [Double](repeating: 0, count: point.count)
        var span = slopes.mutableSpan
        gradientEvaluations += 1
        let value = density.evaluate(at: point.span, gradient: &span)
        return (value, slopes)
    }

    private func product(_ vector: [Double]) -> [Double] {
        let count = vector.count
        return (0..<count).map { row in
            var sum = 0.0
            for column in 0..<count { sum += inverseHessian[row * count + column] * vector[column] }
            return sum
        }
    }

    /// One step uphill. Returns false where none was found.
    mutating func step() -> Bool {
        var direction = product(gradient)
        var slope = Reductions.dot(direction, gradient)
        let length = Reductions.squaredNorm(gradient).squareRoot()
        if !(slope > 0) || !slope.isFinite {
            direction = gradient
            slope = length * length
        }
        // Half of the expected gain; below, rounding decides.
        if slope < 1e-10 * max(1, abs(value)) {
            hasConverged = true
            return hasCurvature
        }
        var size = hasCurvature ? 1 : min(1, 1 / length)
        let sufficientGain = 1e-4
        for _ in 0..<Self.halvings {
            var trial = evaluate(along: direction, size)
            if trial.value >= value + sufficientGain * size * slope, trial.gradient.allSatisfy(\.isFinite) {
                refine(&trial, along: direction, size, slope: slope)
                update(to: trial.point, trial.gradient)
                value = trial.value
                return true
            }
            size *= 0.5
        }
        return false
    }

    /// The most evaluations that one step takes: all halvings and the refinement.
    static let evaluationsOfStep = halvings + 1
    private static let halvings = 40

    /// The evaluations that a measurement of the Hessian takes.
    var evaluationsOfMeasurement: Int { 2 * position.count }

    /// Takes the inverse Hessian from central differences of the gradient instead of from the steps.
    ///
    /// Directions in which the path has not gone keep the scale that H began with. It comes from the steepest ones, so
    /// it is too small: the gain that is left there looks like none, and the Gaussian is too narrow. Where the density is
    /// not that of a hill, curvatures count by their size, which turns the next step away from a saddle (Dauphin et al.
    /// 2014). Returns false, with nothing changed, where the differences are not finite or a coordinate has none.
    mutating func measureCurvature() -> Bool {
        let count = position.count
        // Within a thousandth of a standard deviation the third derivative does not matter, nor does rounding.
        let relativeWidth = 1e-3
        var hessian = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            let width = relativeWidth * inverseHessian[row * count + row].squareRoot()
            var (up, down) = (position, position)
            up[row] += width
            down[row] -= width
            let (above, below) = (evaluate(up).1, evaluate(down).1)
            // Half of each of two opposite entries, so that their sum is symmetric.
            for column in 0..<count {
                let half = 0.5 * (below[column] - above[column]) / (up[row] - down[row])
                hessian[row * count + column] += half
                hessian[column * count + row] += half
            }
        }
        let scales = (0..<count).map { abs(hessian[$0 * count + $0]).squareRoot() }
        guard hessian.allSatisfy(\.isFinite), scales.allSatisfy({ $0 > 0 }) else { return false }
        guard let inverse = Self.absoluteInverse(hessian, scales: scales) else { return false }
        inverseHessian = inverse
        hasConverged = false
        return true
    }

    /// S⁻¹ |S⁻¹ A S⁻¹|⁻¹ S⁻¹ with S = diag(scales), where |·| takes the eigenvalues by their size.
    private static func absoluteInverse(_ matrix: [Double], scales: [Double]) -> [Double]? {
        let count = scales.count
        let scaled = (0..<count * count).map { matrix[$0] / (scales[$0 / count] * scales[$0 % count]) }
        guard let eigen = SymmetricEigen(scaled, dimension: count), eigen.values.allSatisfy({ $0 != 0 }) else {
            return nil
        }
        let directions = SymmetricEigen.transpose(eigen.vectors, dimension: count)
        let spread = (0..<count * count).map { directions[$0] / scales[$0 / count] }
        let inverse = (0..<count * count).map { $0 / count == $0 % count ? 1 / abs(eigen.values[$0 / count]) : 0 }
        return SymmetricEigen.congruence(spread, inverse, dimension: count)
    }

    private struct Trial {
        var point: [Double]
        var value: Double
        var gradient: [Double]
    }

    private mutating func evaluate(along direction: [Double], _ size: Double) -> Trial {
        let point = zip(position, direction).map { $0 + size * $1 }
        let (value, gradient) = evaluate(point)
        return Trial(point: point, value: value, gradient: gradient)
    }

    /// Goes on to where the slope along the direction would be 0 were it linear: with exact line searches the method
    /// knows the Hessian of a Gaussian after as many steps as there are coordinates.
    private mutating func refine(_ trial: inout Trial, along direction: [Double], _ size: Double, slope: Double) {
        let newSlope = Reductions.dot(direction, trial.gradient)
        let factor = slope / (slope - newSlope)
        guard newSlope < slope, factor < 10, abs(factor - 1) > 1e-3 else { return }
        let refined = evaluate(along: direction, factor * size)
        if refined.value >= trial.value, refined.gradient.allSatisfy(\.isFinite) { trial = refined }
    }

    /// H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ with ρ = 1/(sᵀ y), where the curvature along s is that of a hill.
    private mutating func update(to point: [Double], _ newGradient: [Double]) {
        let count = point.count
        let s = zip(point, position).map { $0 - $1 }
        let y = zip(gradient, newGradient).map { $0 - $1 }
        position = point
        gradient = newGradient
        let curvature = Reductions.dot(s, y)
        let norms = (Reductions.squaredNorm(s) * Reductions.squaredNorm(y)).squareRoot()
        guard curvature > 1e-10 * norms else { return }
        if !hasCurvature {
            let scale = curvature / Reductions.squaredNorm(y)
            for index in 0..<count { inverseHessian[index * count + index] = scale }
            hasCurvature = true
        }
        let hy = product(y)
        let factor = (1 + Reductions.dot(y, hy) / curvature) / curvature
        for row in 0..<count {
            for column in 0..<count {
                let cross = hy[row] * s[column] + s[row] * hy[column]
                inverseHessian[row * count + column] += factor * (s[row] * s[column]) - cross / curvature
            }
        }
    }
}
