import Kernels

/// A map from the real line (u, where the sampler moves) to the values of a parameter (v).
///
/// The maps are those PyMC uses by default. A density of v gains the log Jacobian log |dv/du| on the scale of u.
public enum Transform: Sendable, Hashable {
    /// v = u.
    case identity
    /// v = e^u > 0, log Jacobian log v = u.
    case log
    /// v = 1/(1 + e^-u) in (0, 1), log Jacobian log v + log(1 - v).
    case logit
    /// (v - lower)/(upper - lower) = 1/(1 + e^-u), log Jacobian log(v - lower) + log(upper - v) - log(upper - lower).
    case interval(lower: Double, upper: Double)
    /// v = lower + e^u, log Jacobian log(v - lower) = u.
    case lowerBound(Double)

    /// The value v at u.
    public func constrain(_ u: Double) -> Double {
        switch self {
        case .identity: return u
        case .log: return Elementary.exp(u)
        case .logit: return LogisticShare(u).share
        case .interval(let lower, let upper):
            return LogisticShare(u).value(lower: lower, upper: upper)
        case .lowerBound(let lower): return lower + Elementary.exp(u)
        }
    }

    /// The u at which the value is v; an end of the support gives an infinity and a value outside gives NaN.
    public func unconstrain(_ v: Double) -> Double {
        switch self {
        case .identity: v
        case .log: Elementary.log(v)
        case .logit: Elementary.log(v) - Elementary.log1p(-v)
        case .interval(let lower, let upper): Elementary.log(v - lower) - Elementary.log(upper - v)
        case .lowerBound(let lower): Elementary.log(v - lower)
        }
    }

    /// log |dv/du| at u, accurate also where v has rounded to an end of its support.
    public func logJacobian(_ u: Double) -> Double {
        switch self {
        case .identity: 0
        case .log, .lowerBound: u
        case .logit: LogisticShare(u).logProduct
        case .interval(let lower, let upper):
            Elementary.log(upper - lower) + LogisticShare(u).logProduct
        }
    }

    /// The derivative of `logJacobian` in u.
    public func logJacobianDerivative(_ u: Double) -> Double {
        switch self {
        case .identity: 0
        case .log, .lowerBound: 1
        case .logit, .interval: LogisticShare(u).logProductSlope
        }
    }

    /// dv/du at u.
    public func derivative(_ u: Double) -> Double {
        switch self {
        case .identity: 1
        case .log, .lowerBound: Elementary.exp(u)
        case .logit: LogisticShare(u).product
        case .interval(let lower, let upper):
            (upper - lower) * LogisticShare(u).product
        }
    }
}

/// p = 1/(1 + e^-u), 1 - p and their logarithms, each with full relative accuracy, from one exponential.
struct LogisticShare {
    let share: Double
    let complement: Double
    private let u: Double
    /// log(1 + e^-|u|).
    private let logTotal: Double

    @inline(__always)
    init(_ u: Double) {
        self.u = u
        let decay = Elementary.exp(-abs(u))
        logTotal = Elementary.log1p(decay)
        let larger = 1 / (1 + decay)
        let smaller = decay * larger
        share = u < 0 ? smaller : larger
        complement = u < 0 ? larger : smaller
    }

    /// p (1 - p), the derivative of p in u.
    var product: Double { share * complement }
    /// log p + log(1 - p) = -|u| - 2 log(1 + e^-|u|).
    var logProduct: Double { -abs(u) - 2 * logTotal }
    /// log p.
    var logShare: Double { (u < 0 ? u : 0) - logTotal }
    /// log(1 - p).
    var logComplement: Double { (u < 0 ? 0 : -u) - logTotal }
    /// The derivative of `logProduct` in u, 1 - 2 p.
    var logProductSlope: Double { complement - share }

    /// lower + (upper - lower) p, measured from the nearer end so that it never leaves the interval.
    func value(lower: Double, upper: Double) -> Double {
        u < 0 ? lower + (upper - lower) * share : upper - (upper - lower) * complement
    }
}
