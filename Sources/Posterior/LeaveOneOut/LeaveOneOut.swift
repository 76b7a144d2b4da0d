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
        self.init(count: logLikelihood.count, relativeEfficiency: relativeEfficiency, by: SerialMap()) {
            logLikelihood[$0]
        }
    }

    /// - Parameters:
    ///   - count: of observations, at least one.
    ///   - processors: share the observations.
    ///   - logLikelihood: of an observation by draw, as many for each.
    package init(
        count: Int, relativeEfficiency: Double, by processors: some ParallelMap,
        logLikelihood: @Sendable (Int) -> [Double]
    ) {
        precondition(count > 0, "there is nothing to leave out")
        let rows = processors.map(count) { Observation(logLikelihood($0), relativeEfficiency: relativeEfficiency) }
        pointwise = rows.map(\.score)
        shapes = rows.map(\.shape)
        let draws = Double(rows[0].drawCount)
        var seen = 0.0
        for row in rows { seen += row.fitted }
        let total = Reductions.sum(pointwise)
        expectedLogDensity = total
        let mean = total / Double(pointwise.count)
        standardError = Reductions.squaredNorm(pointwise.map { $0 - mean }).squareRoot()
        parameterCount = seen - total
        let ten = Elementary.log(10)
        shapeLimit = min(1 - ten / Elementary.log(draws), 0.7)
    }

    /// What is told of one observation.
    private struct Observation: Sendable {
        let drawCount: Int
        let score: Double
        let shape: Double
        /// The log predictive density with the observation seen.
        let fitted: Double

        init(_ terms: [Double], relativeEfficiency: Double) {
            let weights = ParetoSmoothedWeights(
                logRatios: terms.map { -$0 }, relativeEfficiency: relativeEfficiency)
            drawCount = terms.count
            score = logSumExp(zip(weights.logWeights, terms).map { $0 + $1 })
            shape = weights.shape
            fitted = logSumExp(terms) - Elementary.log(Double(terms.count))
        }
    }

    /// Observations whose k̂ is above the limit.
    public var doubtful: [Int] { shapes.indices.filter { !(shapes[$0] <= shapeLimit) } }
}
