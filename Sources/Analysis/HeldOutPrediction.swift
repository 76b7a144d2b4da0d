import Kernels
import MarketingMix
import ModelDefinition

/// What the posterior says of the cells that were held out.
package struct HeldOutPrediction: Sendable {
    /// What one draw says of one cell.
    struct Draw: Sendable {
        let mean: Double
        /// Of the KPI that came.
        let logDensity: Double
        let replicated: Double

        fileprivate init(
            _ observations: Observations, _ data: Dataset, cell: Int, from stream: inout RandomStream
        ) {
            mean = observations.mean(cell: cell)
            logDensity = observations.logDensity(data.heldOutKPI[cell], cell: cell)
            replicated = observations.draw(cell: cell, from: &stream)
        }
    }

    /// Those with a KPI that was held out, ascending.
    package let cells: [Int]
    /// Draws × cells.
    let draws: [Draw]

    /// Draws × cells of a KPI, in its units, given what is known of the KPI before.
    package var replicated: [Double] { draws.map(\.replicated) }

    /// Nil where nothing is held out.
    ///
    /// - Parameters:
    ///   - constrained: one vector of parameter values, in layout order, a draw.
    ///   - key: of the replications; draw d takes its noise from iteration d.
    ///   - processors: share the draws.
    package init?(
        model: MarketingMixModel, constrained: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) {
        let data = model.dataset
        let cells = data.heldOutKPI.indices.filter { !data.heldOutKPI[$0].isNaN }
        guard !cells.isEmpty, !constrained.isEmpty else { return nil }
        self.cells = cells
        draws = processors.mapBlocks(of: constrained.count, size: PosteriorAnalysis.blockLength) { block in
            var values = [Double](repeating: 0, count: model.components.count * data.cellCount)
            var fitted = [Double](repeating: 0, count: data.cellCount)
            return block.flatMap { index -> [Draw] in
                let draw = ModelDraw(model, constrained[index])
                draw.decompose(into: &values, fitted: &fitted)
                let observations = Observations(draw.parameters, fitted: fitted)
                var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
                return cells.map { Draw(observations, data, cell: $0, from: &stream) }
            }
        }.flatMap(\.self)
    }
}
