import Kernels

extension Prior {
    /// The mean, or nil where it does not exist.
    public var mean: Double? {
        switch self {
        case .normal(let mean, _), .laplace(let mean, _): return mean
        case .halfNormal(let scale): return scale * 0x1.9884533d43651p-1
        case .logNormal(let mean, let sd): return Elementary.exp(mean + 0.5 * (sd * sd))
        case .shiftedLogNormal(let shift, let mean, let sd): return shift + Elementary.exp(mean + 0.5 * (sd * sd))
        case .beta(let a, let b): return a / (a + b)
        case .gamma(let shape, let rate): return shape / rate
        case .inverseGamma(let shape, let scale): return shape > 1 ? scale / (shape - 1) : nil
        case .exponential(let rate): return 1 / rate
        case .studentT(let degrees, let mean, _): return degrees > 1 ? mean : nil
        case .truncatedNormal(let mean, let sd, _, _): return mean + sd * truncatedMoments.mean
        case .uniform(let lower, let upper): return 0.5 * (lower + upper)
        case .point(let value): return value
        }
    }

    /// The standard deviation, or nil where it is not finite.
    public var standardDeviation: Double? {
        switch self {
        case .normal(_, let sd): return sd
        case .halfNormal(let scale): return scale * 0x1.34a38c618ab2dp-1
        case .logNormal(let mean, let sd), .shiftedLogNormal(_, let mean, let sd):
            let variance = sd * sd
            return Elementary.exp(mean + 0.5 * variance) * Elementary.expm1(variance).squareRoot()
        case .laplace(_, let scale): return scale * 2.0.squareRoot()
        case .beta(let a, let b): return (a * b / (a + b + 1)).squareRoot() / (a + b)
        case .gamma(let shape, let rate): return shape.squareRoot() / rate
        case .inverseGamma(let shape, let scale):
            return shape > 2 ? scale / ((shape - 1) * (shape - 2).squareRoot()) : nil
        case .exponential(let rate): return 1 / rate
        case .studentT(let degrees, _, let scale):
            return degrees > 2 ? scale * (degrees / (degrees - 2)).squareRoot() : nil
        case .truncatedNormal(_, let sd, _, _): return sd * truncatedMoments.variance.squareRoot()
        case .uniform(let lower, let upper): return (upper - lower) / 12.0.squareRoot()
        case .point: return 0
        }
    }

    /// Mean and variance of the standardised variable of a truncated normal.
    ///
    /// With φ/Z at the ends: mean p - q, variance 1 + a p - b q - (p - q)^2 (Johnson, Kotz and Balakrishnan,
    /// Continuous Univariate Distributions 1, section 13.10.1). Digits are lost when the interval is narrow or far out.
    private var truncatedMoments: (mean: Double, variance: Double) {
        guard case .truncatedNormal(let mean, let sd, let lower, let upper) = self else {
            preconditionFailure("only a truncated normal has truncated moments")
        }
        let a = (lower - mean) / sd
        let b = (upper - mean) / sd
        let logMass = SpecialFunctions.logNormalMass(a, b)
        func ratio(_ z: Double) -> Double {
            z.isFinite ? Elementary.exp(-0.5 * (z * z) - SpecialFunctions.halfLogTwoPi - logMass) : 0
        }
        let p = ratio(a)
        let q = ratio(b)
        let shift = p - q
        let spread = (a.isFinite ? a * p : 0) - (b.isFinite ? b * q : 0)
        return (shift, 1 + spread - shift * shift)
    }
}
