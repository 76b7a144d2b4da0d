import Analysis
import Fitting
import MarketingMix
import ModelDefinition

extension InferenceData {
    /// The KPI of the periods that were held out, and what the model knew of them.
    func predictions(_ heldOut: HeldOutPrediction) -> [NetCDFGroup] {
        let data = result.model.dataset
        let periods = Set(heldOut.cells.map { $0 % data.periodCount }).sorted()
        let cells = cells(periods)
        let names = cells.map(\.name)
        let grid = (0..<data.geoCount).flatMap { geo in periods.map { geo * data.periodCount + $0 } }
        // Of a cell whose KPI did not come either, nothing was asked.
        let places = Dictionary(uniqueKeysWithValues: heldOut.cells.enumerated().map { ($1, $0) })
        let order = grid.map { places[$0] }
        let (draws, width) = (heldOut.replicated, heldOut.cells.count)
        let values: @Sendable (Range<Int>) -> [Double] = { range in
            range.flatMap { draw in order.map { place in place.map { draws[draw * width + $0] } ?? .nan } }
        }
        var constants = constants("predictions_constant_data", periods: periods)
        constants.variables.append(
            NetCDFVariable(
                PosteriorFile.heldOutKPI, dimensions: names, values: .doubles(grid.map { data.heldOutKPI[$0] })))
        return [
            NetCDFGroup(
                name: "predictions", dimensions: sampling + cells,
                variables: [
                    NetCDFVariable(
                        PosteriorFile.predictedKPI, dimensions: ["chain", "draw"] + names,
                        values: .computed(
                            count: result.draws.chainCount * result.draws.drawCount * grid.count, of: values))
                ], attributes: attributes + [("units", ResultUnits(result).kpi)]),
            constants,
        ]
    }
}
