import Kernels

/// A prior at one point of the sampler's scale.
public struct PriorEvaluation: Sendable {
    /// The parameter v itself.
    public var value: Double
    /// dv/du, by which a derivative in v becomes one in u.
    public var slope: Double
    /// The log prior density of v, without the Jacobian.
    public var logDensity: Double
    /// log |dv/du|.
    public var logJacobian: Double
    /// d/du of `logDensity` + `logJacobian`.
    public var derivative: Double
}

/// A prior on the scale of its transform, with every constant computed once, so that an evaluation costs no log-gamma.
public struct PreparedPrior: Sendable {
    public let prior: Prior
    public let transform: Transform
    /// The part of the log density that does not depend on the value.
    let constant: Double
    /// log(upper - lower) of an interval transform, else 0.
    private let logWidth: Double

    /// `prior` seen through its natural transform.
    public init(_ prior: Prior) {
        guard let transform = prior.transform else { preconditionFailure("a point prior has no coordinate") }
        self.init(prior, transform: transform)
    }

    /// `prior`, proper and not a point, seen through `transform`, whose values should lie in the prior's support.
    public init(_ prior: Prior, transform: Transform) {
        precondition(prior.isProper, "a prior's scales and shapes are positive and its bounds ascend")
        self.prior = prior
        self.transform = transform
        constant = prior.logNormalizer
        if case .interval(let lower, let upper) = transform {
            logWidth = Elementary.log(upper - lower)
        } else {
            logWidth = 0
        }
    }

    /// v and the prior at u.
    public func evaluate(_ u: Double) -> PriorEvaluation {
        let coordinate = Coordinate(u, transform: transform, logWidth: logWidth)
        let (logKernel, derivative) = prior.logKernel(coordinate)
        return PriorEvaluation(
            value: coordinate.value, slope: coordinate.slope, logDensity: constant + logKernel,
            logJacobian: coordinate.logJacobian, derivative: derivative + coordinate.logJacobianSlope)
    }
}

/// A value of a parameter with what its transform knows about it; slopes are derivatives in u.
struct Coordinate {
    let value: Double
    let slope: Double
    let logJacobian: Double
    let logJacobianSlope: Double
    /// log v and log(1 - v) with their slopes, where the transform gives them without the rounding of v.
    private var knownLogValue: (value: Double, slope: Double)?
    private var knownLogComplement: (value: Double, slope: Double)?
    /// log(v − l) with its slope for the bound l of a transform.
    private var knownLogExcess: (bound: Double, value: Double, slope: Double)?

    @inline(__always)
    init(_ u: Double, transform: Transform, logWidth: Double) {
        switch transform {
        case .identity:
            (value, slope, logJacobian, logJacobianSlope) = (u, 1, 0, 0)
        case .log:
            value = Elementary.exp(u)
            (slope, logJacobian, logJacobianSlope) = (value, u, 1)
            knownLogValue = (u, 1)
        case .lowerBound(let lower):
            slope = Elementary.exp(u)
            (value, logJacobian, logJacobianSlope) = (lower + slope, u, 1)
            knownLogExcess = (lower, u, 1)
        case .logit:
            let logistic = LogisticShare(u)
            (value, slope) = (logistic.share, logistic.product)
            (logJacobian, logJacobianSlope) = (logistic.logProduct, logistic.logProductSlope)
            knownLogValue = (logistic.logShare, logistic.complement)
            knownLogComplement = (logistic.logComplement, -logistic.share)
        case .interval(let lower, let upper):
            let logistic = LogisticShare(u)
            value = logistic.value(lower: lower, upper: upper)
            slope = (upper - lower) * logistic.product
            (logJacobian, logJacobianSlope) = (logWidth + logistic.logProduct, logistic.logProductSlope)
        }
    }

    /// log v and its slope.
    var logValue: (value: Double, slope: Double) {
        knownLogValue ?? (Elementary.log(value), slope / value)
    }

    /// log(v − bound) and its slope.
    func logExcess(over bound: Double) -> (value: Double, slope: Double) {
        if let known = knownLogExcess, known.bound == bound { return (known.value, known.slope) }
        return bound == 0 ? logValue : (Elementary.log(value - bound), slope / (value - bound))
    }

    /// log(1 - v) and its slope.
    var logComplement: (value: Double, slope: Double) {
        knownLogComplement ?? (Elementary.log1p(-value), -slope / (1 - value))
    }
}
