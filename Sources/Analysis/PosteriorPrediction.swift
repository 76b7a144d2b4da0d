import Kernels
import MarketingMix
import ModelDefinition

/// What the posterior says of each observation: the pointwise log-likelihood, and replicated data.
package struct PosteriorPrediction: Sendable {
    /// Most numbers of one kind: 16 million, 128 MB.
    package static let countMax = 16_000_000

    /// Draws × cells: log density of the KPI in its own units, so that models that scale it differently can be compared.
    package let logLikelihood: [Double]
    /// Draws × cells of y by the likelihood around what is fitted, in KPI units.
    package let replicated: [Double]

    /// - Parameters:
    ///   - constrained: one vector of parameter values, in layout order, a draw.
    ///   - key: of the replications; draw d takes its noise from iteration d.
    ///   - processors: share the draws.
    package init(
        model: MarketingMixModel, constrained: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) {
        var (logLikelihood, replicated): ([Double], [Double]) = ([], [])
        logLikelihood.reserveCapacity(constrained.count * model.dataset.cellCount)
        replicated.reserveCapacity(constrained.count * model.dataset.cellCount)
        // By rounds, so that no second copy of all of it waits to be joined.
        let round = Self.blockLength * Self.roundLength
        for start in stride(from: 0, to: constrained.count, by: round) {
            let blocks = processors.mapBlocks(of: min(round, constrained.count - start), size: Self.blockLength) {
                PosteriorPrediction(
                    model: model, constrained: constrained, draws: start + $0.lowerBound..<start + $0.upperBound,
                    key: key)
            }
            for block in blocks {
                logLikelihood += block.logLikelihood
                replicated += block.replicated
            }
        }
        self.logLikelihood = logLikelihood
        self.replicated = replicated
    }

    /// Draws that are one processor's at a time, and blocks that wait together to be joined.
    private static let blockLength = 50
    private static let roundLength = 40

    private init(model: MarketingMixModel, constrained: [[Double]], draws: Range<Int>, key: StreamKey) {
        let periods = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        var pointwise = fitted
        var logLikelihood: [Double] = []
        var replicated: [Double] = []
        let units = (0..<periods).map { Elementary.log(model.kpiUnit(ofCell: $0)) }
        logLikelihood.reserveCapacity(draws.count * periods)
        replicated.reserveCapacity(draws.count * periods)
        for draw in draws {
            let at = ModelDraw(model, constrained[draw])
            at.decompose(into: &values, fitted: &fitted)
            at.parameters.pointwiseLogLikelihood(fitted: fitted, into: &pointwise)
            for cell in 0..<periods { logLikelihood.append(pointwise[cell] - units[cell]) }
            let observations = Observations(at.parameters, fitted: fitted)
            var stream = RandomStream(key: key, iteration: UInt64(draw), site: 0)
            replicated += observations.replicate(from: &stream)
        }
        self.logLikelihood = logLikelihood
        self.replicated = replicated
    }
}
