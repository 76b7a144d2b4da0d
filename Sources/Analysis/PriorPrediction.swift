import Kernels
import MarketingMix
import ModelDefinition

/// What the prior alone says of each cell: data replicated at draws from it.
package struct PriorPrediction: Sendable {
    /// Draws × cells of y by the likelihood around what is fitted, in KPI units; NaN where the parameters of a draw make no
    /// distribution.
    package let replicated: [Double]

    /// Draws that are one processor's at a time.
    private static let blockLength = 10

    /// - Parameters:
    ///   - prior: one vector of parameter values, in layout order, a draw.
    ///   - key: of the replications; draw d takes its noise from iteration d.
    ///   - processors: share the draws.
    package init(
        model: MarketingMixModel, prior: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) {
        let cells = model.dataset.cellCount
        replicated = processors.mapBlocks(of: prior.count, size: Self.blockLength) { range in
            var values = [Double](repeating: 0, count: model.components.count * cells)
            var fitted = [Double](repeating: 0, count: cells)
            return range.flatMap { index -> [Double] in
                let draw = ModelDraw(model, prior[index])
                draw.decompose(into: &values, fitted: &fitted)
                var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
                return Observations(draw.parameters, fitted: fitted).replicate(from: &stream)
            }
        }.flatMap(\.self)
    }
}
