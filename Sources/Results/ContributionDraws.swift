import MarketingMix
import ModelDefinition

/// What each component brought in each cell at each of some draws, as a tidy table. At every draw the components of a cell add
/// up to what is fitted there.
package enum ContributionDraws {
    package static let header = "chain,draw,date,geo,component,value"

    /// Lines of the table for one draw, with their ends.
    ///
    /// - Parameters:
    ///   - constrained: parameter values in layout order.
    ///   - chain: from 0, as `draw`.
    package static func lines(_ model: MarketingMixModel, _ constrained: [Double], chain: Int, draw: Int) -> String {
        let data = model.dataset
        var values = [Double](repeating: 0, count: model.components.count * data.cellCount)
        var fitted = [Double](repeating: 0, count: data.cellCount)
        ModelDraw(model, constrained).decompose(into: &values, fitted: &fitted)
        var text = CSVText()
        for geo in 0..<data.geoCount {
            for (period, date) in data.dates.enumerated() {
                let cell = geo * data.periodCount + period
                for (index, component) in model.components.enumerated() {
                    text.append([
                        .integer(chain), .integer(draw), .text(date.description),
                        .text(data.geos.isEmpty ? Tables.geo : data.geos[geo]), .text(component.name),
                        .number(values[index * data.cellCount + cell]),
                    ])
                }
            }
        }
        return text.text
    }
}
