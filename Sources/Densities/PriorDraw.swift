import Kernels

extension Prior {
    /// One draw, from a number of words of the stream that depends on the distribution alone or on rejections.
    public func draw(from stream: inout RandomStream) -> Double {
        switch self {
        case .normal(let mean, let sd): return mean + sd * stream.normal()
        case .halfNormal(let scale): return abs(scale * stream.normal())
        case .shiftedLogNormal(let shift, let mean, let sd):
            return shift + Elementary.exp(mean + sd * stream.normal())
        case .logNormal(let mean, let sd): return Elementary.exp(mean + sd * stream.normal())
        case .laplace(let mean, let scale):
            let isNegative = stream.bit()
            let distance = scale * stream.exponential()
            return isNegative ? mean - distance : mean + distance
        case .beta(let a, let b):
            let x = stream.gamma(shape: a)
            let y = stream.gamma(shape: b)
            return x / (x + y)
        case .gamma(let shape, let rate): return stream.gamma(shape: shape) / rate
        case .inverseGamma(let shape, let scale): return scale / stream.gamma(shape: shape)
        case .exponential(let rate): return stream.exponential() / rate
        case .studentT(let degrees, let mean, let scale):
            let z = stream.normal()
            let halfChiSquare = stream.gamma(shape: 0.5 * degrees)
            return mean + scale * (z * (0.5 * degrees / halfChiSquare).squareRoot())
        case .truncatedNormal(let mean, let sd, let lower, let upper):
            let a = (lower - mean) / sd
            let b = (upper - mean) / sd
            let z = a > 0 ? -Self.truncatedStandardNormal(-b, -a, &stream) : Self.truncatedStandardNormal(a, b, &stream)
            let v = mean + sd * z
            return v < lower ? lower : (v > upper ? upper : v)
        case .uniform(let lower, let upper):
            let v = lower + (upper - lower) * stream.uniform()
            return v > upper ? upper : v
        case .point(let value): return value
        }
    }

    /// A standard normal number on [a, b] with a <= 0, so that the cumulative probabilities keep their digits.
    ///
    /// In the far tail it is Robert's exponential proposal ("Simulation of truncated normal variables", Statistics and
    /// Computing 5 (1995) 121-125) of rate |b|, itself truncated; elsewhere the quantile of a uniform number.
    private static func truncatedStandardNormal(_ a: Double, _ b: Double, _ stream: inout RandomStream) -> Double {
        if b > -5 {
            let low = SpecialFunctions.normalCDF(a)
            let high = SpecialFunctions.normalCDF(b)
            return SpecialFunctions.normalQuantile(low + (high - low) * stream.uniform())
        }
        let rate = -b
        let mass = -Elementary.expm1(-rate * (b - a))
        while true {
            let distance = -Elementary.log1p(-mass * stream.uniform()) / rate
            if Elementary.log(stream.uniform()) < -0.5 * (distance * distance) { return b - distance }
        }
    }
}
