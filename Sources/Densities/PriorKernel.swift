import Kernels

extension Prior {
    /// The terms of the log density that do not depend on the value.
    var logNormalizer: Double {
        let halfLogTwoPi = SpecialFunctions.halfLogTwoPi
        let logTwo = 0x1.62e42fefa39efp-1
        switch self {
        case .normal(_, let sd), .logNormal(_, let sd), .shiftedLogNormal(_, _, let sd):
            return -Elementary.log(sd) - halfLogTwoPi
        case .halfNormal(let scale): return logTwo - Elementary.log(scale) - halfLogTwoPi
        case .laplace(_, let scale): return -Elementary.log(2 * scale)
        case .beta(let a, let b): return -SpecialFunctions.logBeta(a, b)
        case .gamma(let shape, let rate): return shape * Elementary.log(rate) - SpecialFunctions.logGamma(shape)
        case .inverseGamma(let shape, let scale):
            return shape * Elementary.log(scale) - SpecialFunctions.logGamma(shape)
        case .exponential(let rate): return Elementary.log(rate)
        case .studentT(let degrees, _, let scale):
            return -SpecialFunctions.logBeta(0.5 * degrees, 0.5) - 0.5 * Elementary.log(degrees) - Elementary.log(scale)
        case .truncatedNormal(let mean, let sd, let lower, let upper):
            let mass = SpecialFunctions.logNormalMass((lower - mean) / sd, (upper - mean) / sd)
            return -Elementary.log(sd) - halfLogTwoPi - mass
        case .uniform(let lower, let upper): return -Elementary.log(upper - lower)
        case .point: preconditionFailure("a point prior has no density")
        }
    }

    /// The terms of the log density that depend on the value, and their derivative in u.
    @inline(__always)
    func logKernel(_ x: Coordinate) -> (value: Double, derivative: Double) {
        switch self {
        case .normal(let mean, let sd), .truncatedNormal(let mean, let sd, _, _):
            let z = (x.value - mean) / sd
            return (-0.5 * (z * z), -z / sd * x.slope)
        case .halfNormal(let scale):
            let z = x.value / scale
            return (-0.5 * (z * z), -z / scale * x.slope)
        case .logNormal(let mean, let sd):
            let log = x.logValue
            if log.value == -Double.infinity { return (-Double.infinity, 0) }
            let z = (log.value - mean) / sd
            return (-log.value - 0.5 * (z * z), (-1 - z / sd) * log.slope)
        case .shiftedLogNormal(let shift, let mean, let sd):
            let log = x.logExcess(over: shift)
            if log.value == -Double.infinity { return (-Double.infinity, 0) }
            let z = (log.value - mean) / sd
            return (-log.value - 0.5 * (z * z), (-1 - z / sd) * log.slope)
        case .laplace(let mean, let scale):
            let distance = x.value - mean
            let sign: Double = distance > 0 ? 1 : (distance < 0 ? -1 : 0)
            return (-abs(distance) / scale, -sign / scale * x.slope)
        case .beta(let a, let b):
            let log = x.logValue
            let complement = x.logComplement
            return (
                Self.times(a - 1, log.value) + Self.times(b - 1, complement.value),
                Self.times(a - 1, log.slope) + Self.times(b - 1, complement.slope)
            )
        case .gamma(let shape, let rate):
            let log = x.logValue
            return (
                Self.times(shape - 1, log.value) - rate * x.value, Self.times(shape - 1, log.slope) - rate * x.slope
            )
        case .inverseGamma(let shape, let scale):
            let log = x.logValue
            if log.value == -Double.infinity { return (-Double.infinity, 0) }
            let ratio = scale / x.value
            return (-(shape + 1) * log.value - ratio, (ratio - (shape + 1)) * log.slope)
        case .exponential(let rate):
            return (-rate * x.value, -rate * x.slope)
        case .studentT(let degrees, let mean, let scale):
            let z = (x.value - mean) / scale
            let square = z * z
            return (
                -0.5 * (degrees + 1) * Elementary.log1p(square / degrees),
                -(degrees + 1) * z / (degrees + square) / scale * x.slope
            )
        case .uniform: return (0, 0)
        case .point: preconditionFailure("a point prior has no density")
        }
    }

    /// The product, 0 where the first factor is 0, so that a power of 0 is 1 also at an end of the support.
    private static func times(_ factor: Double, _ x: Double) -> Double {
        factor == 0 ? 0 : factor * x
    }
}
