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
    package init(model: MarketingMixModel, constrained: [[Double]], key: StreamKey) {
        let periods = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        var pointwise = fitted
        var logLikelihood: [Double] = []
        var replicated: [Double] = []
        let units = (0..<periods).map { Elementary.log(model.kpiUnit(ofCell: $0)) }
        logLikelihood.reserveCapacity(constrained.count * periods)
        replicated.reserveCapacity(constrained.count * periods)
        for (draw, parameters) in constrained.enumerated() {
            model.decompose(constrained: parameters, into: &values, fitted: &fitted)
            model.pointwiseLogLikelihood(constrained: parameters, fitted: fitted, into: &pointwise)
            for cell in 0..<periods { logLikelihood.append(pointwise[cell] - units[cell]) }
            let observations = Observations(model, constrained: parameters, fitted: fitted)
            var stream = RandomStream(key: key, iteration: UInt64(draw), site: 0)
            replicated += observations.replicate(from: &stream)
        }
        self.logLikelihood = logLikelihood
        self.replicated = replicated
    }
}
