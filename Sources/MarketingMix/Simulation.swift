import Kernels
import ModelDefinition

/// A KPI made by the model itself, with what made it.
package struct SimulatedSeries: Sendable {
    /// Parameter values in layout order.
    package var parameters: [Double]
    /// One value a cell, in KPI units.
    package var kpi: [Double]
    /// KPI that each channel brought in the periods of the data.
    package var contributions: [Double]
}

extension MarketingMixModel {
    /// Draws a KPI at given parameter values: the components at the data's media, controls and scaling, plus noise.
    package func simulate(constrained: [Double], stream: inout RandomStream) -> SimulatedSeries {
        let periods = dataset.cellCount
        var values = [Double](repeating: 0, count: components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        let draw = ModelDraw(self, constrained)
        draw.decompose(into: &values, fitted: &fitted)
        let observations = Observations(draw.parameters, fitted: fitted)
        return SimulatedSeries(
            parameters: constrained,
            kpi: observations.replicate(from: &stream),
            contributions: specification.channels.indices.map { channel in
                draw.attributedResponse(
                    channel: channel, actual: draw.mediaResponses(channel: channel, multipliers: [1])[0]
                ).kpiInWindow
            })
    }
}
