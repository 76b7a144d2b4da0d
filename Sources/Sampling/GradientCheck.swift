import Densities
import Kernels

/// A gradient beside differences of its log density, coordinate by coordinate: what the author of a density looks at
/// before the first chain.
public struct GradientCheck: Sendable, Hashable {
    /// One coordinate.
    public struct Coordinate: Sendable, Hashable {
        /// As the density writes it.
        public var gradient: Double
        /// The central difference that is least in doubt.
        public var difference: Double

        /// How far the two are apart, as a share of the larger one or, for slopes near 0, of 1. About 1e-8 where the
        /// gradient is right, NaN where the density has no finite values around.
        public var error: Double {
            abs(gradient - difference) / max(1, abs(gradient), abs(difference))
        }
    }

    public let coordinates: [Coordinate]

    /// The coordinate with the largest error; an undefined one is worse than any.
    public var worst: Int {
        coordinates.indices.max { one, other in
            let (a, b) = (coordinates[one].error, coordinates[other].error)
            return b.isNaN ? !a.isNaN : a < b
        } ?? 0
    }

    /// The largest error of all coordinates, NaN where one is.
    public var largestError: Double { coordinates.isEmpty ? 0 : coordinates[worst].error }

    /// Compares the gradient at `position` with differences, of 12 evaluations a coordinate.
    public init(density: any LogDensity, at position: [Double]) {
        precondition(position.count == density.dimension, "a position has the density's coordinates")
        var line = Line(density: density, origin: position)
        let gradient = line.gradient
        coordinates = position.indices.map { index in
            line.direction = position.indices.map { $0 == index ? 1 : 0 }
            return Coordinate(
                gradient: gradient[index], difference: line.bestDifference(scale: max(1, abs(position[index]))))
        }
    }
}

/// The gradient of `density` at `position` beside differences of its log density.
public func checkGradient(density: any LogDensity, at position: [Double]) -> GradientCheck {
    GradientCheck(density: density, at: position)
}

extension GradientCheck {
    /// Throws `gradientDisagrees` where the gradient is not that of the density along a direction at `start`, drawn from
    /// the key. A right gradient never throws: it takes two steps, one a tenth of the other, whose differences in both
    /// directions agree with each other, and both of which the gradient contradicts. A density that jumps, bends or is
    /// not finite nearby, one whose slope there is 0 or one that is known too coarsely to tell is let pass.
    ///
    /// With the first step in agreement it takes two evaluations, which do not count as the chain's.
    static func requireSlope(of density: any LogDensity, at start: [Double], key: StreamKey) throws(SamplingError) {
        var stream = RandomSite.gradientCheck.stream(key: key, iteration: 0)
        var line = Line(density: density, origin: start)
        line.direction = start.map { (stream.uniform() < 0.5 ? -1 : 1) * (0.5 + stream.uniform()) * max(1, abs($0)) }
        let expected = Reductions.dot(line.gradient, line.direction)
        var contradiction: Double?
        for size in [1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
            guard let slope = line.sureSlope(size) else {
                contradiction = nil
                continue
            }
            let tolerance = 0.05 * max(abs(slope), abs(expected))
            if abs(slope - expected) <= tolerance { return }
            if let contradiction, abs(slope - contradiction) < 0.01 * abs(slope) {
                throw .gradientDisagrees(difference: slope, gradient: expected)
            }
            contradiction = slope
        }
    }
}

/// A density along a line.
private struct Line {
    private let density: any LogDensity
    private let origin: [Double]
    var direction: [Double]
    private let value: Double
    /// At the origin.
    private(set) var gradient: [Double]
    private let unwritten: [Double]

    init(density: any LogDensity, origin: [Double]) {
        self.density = density
        self.origin = origin
        direction = []
        var slopes = [Double](repeating: 0, count: origin.count)
        unwritten = slopes
        var span = slopes.mutableSpan
        value = density.evaluate(at: origin.span, gradient: &span)
        gradient = slopes
    }

    private func value(at distance: Double) -> Double {
        let point = origin.indices.map { origin[$0] + distance * direction[$0] }
        var slopes = unwritten
        var span = slopes.mutableSpan
        return density.evaluate(at: point.span, gradient: &span)
    }

    /// The central difference over `2 size`, where those ahead and behind agree to a tenth and the log density changes by
    /// more than a millionth, far above its rounding; otherwise nil.
    func sureSlope(_ size: Double) -> Double? {
        let (ahead, behind) = (value(at: size) - value, value - value(at: -size))
        guard ahead.isFinite, behind.isFinite, abs(ahead - behind) < 0.1 * max(abs(ahead), abs(behind)),
            min(abs(ahead), abs(behind)) > 1e-6 * max(1, abs(value))
        else { return nil }
        return (ahead + behind) / (2 * size)
    }

    /// Of central differences over steps from 10⁻² to 10⁻⁷ of the scale, the one that is nearest to the next one.
    func bestDifference(scale: Double) -> Double {
        let differences = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7].map { size in
            (value(at: size * scale) - value(at: -size * scale)) / (2 * size * scale)
        }
        var best = (difference: Double.nan, doubt: Double.infinity)
        for (wide, narrow) in zip(differences, differences.dropFirst()) where abs(wide - narrow) < best.doubt {
            best = (narrow, abs(wide - narrow))
        }
        return best.difference
    }
}
