import MarketingMix
import ModelDefinition

/// What one component brought in one period of one geo of a panel.
package struct GeoPeriodRow: Sendable, Hashable {
    package let date: CalendarDate
    package let geo: String
    package let component: String
    /// KPI units.
    package let contribution: Estimate
    /// The same in money: of a cell, every figure times what a unit of its KPI is worth.
    package let revenue: Estimate
}

extension GeoPeriodRow {
    /// By date, then geo, then component in the model's order.
    static func all(_ model: MarketingMixModel, _ fold: GeoPeriodFold?) -> [GeoPeriodRow] {
        guard let fold else { return [] }
        let data = model.dataset
        return data.dates.enumerated().flatMap { period, date in
            data.geos.enumerated().flatMap { geo, name in
                let cell = data.cells(of: geo).lowerBound + period
                return model.components.enumerated().map { index, component in
                    let estimate = fold.estimates[index][cell]
                    return GeoPeriodRow(
                        date: date, geo: name, component: component.name, contribution: estimate,
                        revenue: estimate.scaled(by: data.revenuePerKPI[cell]))
                }
            }
        }
    }
}
