import Kernels

/// Leave-one-out cross-validation from one fit, by Pareto-smoothed importance sampling
/// (Vehtari, Gelman & Gabry, Statistics and Computing 27, 2017; tail rule and prior as in ArviZ 0.22).
public struct LeaveOneOut: Sendable, Hashable {
    /// Expected log predictive density of each observation given the others.
    public let pointwise: [Double]
    /// k̂ of each observation's importance weights.
    public let shapes: [Double]
    /// Σ `pointwise`.
    public let expectedLogDensity: Double
    /// Standard error of `expectedLogDensity`, from the spread over observations.
    public let standardError: Double
    /// Effective number of parameters: what the fit knows of an observation by having seen it, summed.
    public let parameterCount: Double
    /// Above this k̂ an observation's figure is not to be trusted: min(1 − 1/log₁₀ S, 0.7) of S draws.
    public let shapeLimit: Double

    /// - Parameters:
    ///   - logLikelihood: observations × draws, the chains one after another; finite.
    ///   - relativeEfficiency: of the draws, usually the mean effective sample size of the likelihoods over S.
    public init(logLikelihood: [[Double]], relativeEfficiency: Double = 1) {
        precondition(!logLikelihood.isEmpty, "there is nothing to leave out")
        let draws = Double(logLikelihood[0].count)
        var pointwise: [Double] = []
        var shapes: [Double] = []
        var seen = 0.0
        for terms in logLikelihood {
            let weights = ParetoSmoothedWeights(
                logRatios: terms.map { -$0 }, relativeEfficiency: relativeEfficiency)
            pointwise.append(logSumExp(zip(weights.logWeights, terms).map { $0 + $1 }))
            shapes.append(weights.shape)
            seen += logSumExp(terms) - Elementary.log(draws)
        }
        self.pointwise = pointwise
        self.shapes = shapes
        let total = Reductions.sum(pointwise)
        expectedLogDensity = total
        let mean = total / Double(pointwise.count)
        standardError = Reductions.squaredNorm(pointwise.map { $0 - mean }).squareRoot()
        parameterCount = seen - total
        let ten = Elementary.log(10)
        shapeLimit = min(1 - ten / Elementary.log(draws), 0.7)
    }

    /// Observations whose k̂ is above the limit.
    public var doubtful: [Int] { shapes.indices.filter { !(shapes[$0] <= shapeLimit) } }
}
