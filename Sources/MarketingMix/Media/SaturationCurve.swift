import Kernels

/// The saturation of one channel at one draw's parameters, S(A).
enum SaturationCurve: Sendable {
    /// A^s/(A^s + ec^s).
    case hill(logEC: Double, slope: Double)
    /// A/(A + ec), the Hill curve of exponent 1 without logarithm or exponential.
    case concaveHill(ec: Double)
    /// tanh(lam A/2).
    case logistic(lam: Double)
    /// A.
    case none

    /// S(A), by the same operations in the same order as the eight lanes of `SaturationKernel`.
    func callAsFunction(_ adstocked: Double) -> Double {
        switch self {
        case .hill(let logEC, let slope):
            // The Hill curve is the logistic function of s(log A - log ec); at A = 0 it is 0, whatever the exponent.
            let floor = SaturationKernel.smallestExposure
            guard adstocked > floor else { return 0 }
            let e = Elementary.exp(0 - slope * (Elementary.log(adstocked) - logEC))
            return 1 / (1 + e)
        case .concaveHill(let ec):
            return adstocked * (1 / (adstocked + ec))
        case .logistic(let lam):
            let e = Elementary.expm1(0 - lam * adstocked)
            return (0 - e) * (1 / (2 + e))
        case .none:
            return adstocked
        }
    }
}
