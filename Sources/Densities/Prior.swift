import Kernels

/// A distribution of one parameter, with every normalising constant in its density.
public enum Prior: Sendable, Hashable {
    case normal(mean: Double, sd: Double)
    /// |Z| for a normal Z of mean 0 and sd `scale`.
    case halfNormal(scale: Double)
    /// e^Z for a normal Z of this mean and sd.
    case logNormal(mean: Double, sd: Double)
    /// shift + e^Z for a normal Z of this mean and sd.
    case shiftedLogNormal(shift: Double, mean: Double, sd: Double)
    /// Density e^(-|v - mean|/scale)/(2 scale).
    case laplace(mean: Double, scale: Double)
    case beta(a: Double, b: Double)
    /// Density proportional to v^(shape - 1) e^(-rate v).
    case gamma(shape: Double, rate: Double)
    /// The reciprocal of a Gamma(shape, rate: scale) number.
    case inverseGamma(shape: Double, scale: Double)
    case exponential(rate: Double)
    /// mean + scale T for Student's T with `degreesOfFreedom`.
    case studentT(degreesOfFreedom: Double, mean: Double, scale: Double)
    /// A normal of this mean and sd before truncation to [lower, upper]; the upper end or both may be infinite.
    case truncatedNormal(mean: Double, sd: Double, lower: Double, upper: Double)
    case uniform(lower: Double, upper: Double)
    /// A fixed value, which is not sampled.
    case point(Double)

    /// The values a parameter may take.
    public enum Support: Sendable, Hashable {
        case real
        case positive
        case unitInterval
        case interval(lower: Double, upper: Double)
        case atLeast(Double)
        case point(Double)
    }

    /// Whether the numbers lie in their domains: finite locations, positive finite scales and shapes, lower < upper.
    public var isProper: Bool {
        func positive(_ x: Double) -> Bool { x > 0 && x.isFinite }
        switch self {
        case .normal(let mean, let scale), .logNormal(let mean, let scale), .laplace(let mean, let scale):
            return mean.isFinite && positive(scale)
        case .shiftedLogNormal(let shift, let mean, let sd): return shift.isFinite && mean.isFinite && positive(sd)
        case .halfNormal(let scale): return positive(scale)
        case .beta(let a, let b), .gamma(let a, let b), .inverseGamma(let a, let b): return positive(a) && positive(b)
        case .exponential(let rate): return positive(rate)
        case .studentT(let degrees, let mean, let scale):
            return positive(degrees) && mean.isFinite && positive(scale)
        case .truncatedNormal(let mean, let sd, let lower, let upper):
            return mean.isFinite && positive(sd) && lower < upper && (lower.isFinite || upper == Double.infinity)
        case .uniform(let lower, let upper): return lower.isFinite && upper.isFinite && lower < upper
        case .point(let value): return value.isFinite
        }
    }

    public var support: Support {
        switch self {
        case .normal, .laplace, .studentT: return .real
        case .halfNormal, .logNormal, .gamma, .inverseGamma, .exponential: return .positive
        case .shiftedLogNormal(let shift, _, _): return shift == 0 ? .positive : .atLeast(shift)
        case .beta: return .unitInterval
        case .uniform(let lower, let upper): return .interval(lower: lower, upper: upper)
        case .truncatedNormal(_, _, let lower, let upper):
            if upper.isFinite { return .interval(lower: lower, upper: upper) }
            if !lower.isFinite { return .real }
            return lower == 0 ? .positive : .atLeast(lower)
        case .point(let value): return .point(value)
        }
    }

    /// The transform whose values fill the support; nil for `.point`, which has no coordinate.
    public var transform: Transform? {
        switch support {
        case .real: .identity
        case .positive: .log
        case .unitInterval: .logit
        case .interval(let lower, let upper): .interval(lower: lower, upper: upper)
        case .atLeast(let lower): .lowerBound(lower)
        case .point: nil
        }
    }

    /// Whether v lies in the support, ends included.
    public func contains(_ v: Double) -> Bool {
        switch support {
        case .real: v.isFinite
        case .positive: v >= 0 && v < Double.infinity
        case .unitInterval: v >= 0 && v <= 1
        case .interval(let lower, let upper): v >= lower && v <= upper
        case .atLeast(let lower): v >= lower && v < Double.infinity
        case .point(let value): v == value
        }
    }

    /// The log density at v with its normalising constant; -inf outside the support.
    ///
    /// `.point` has no density: it gives 0 at its value, so a fixed parameter adds nothing.
    public func logDensity(_ v: Double) -> Double {
        guard contains(v) else { return v.isNaN ? v : -Double.infinity }
        if case .point = self { return 0 }
        return PreparedPrior(self, transform: .identity).evaluate(v).logDensity
    }

    /// The derivative of `logDensity` at v: 0 at the kink of a Laplace density, outside the support, and for `.point`.
    public func derivative(_ v: Double) -> Double {
        guard contains(v) else { return v.isNaN ? v : 0 }
        if case .point = self { return 0 }
        return PreparedPrior(self, transform: .identity).evaluate(v).derivative
    }
}
