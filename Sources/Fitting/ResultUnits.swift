import MarketingMix
import ModelDefinition

/// In what a fit's figures are.
package struct ResultUnits {
    /// Of the KPI, and so of contributions.
    package let kpi: String
    /// Of returns: money where the KPI is money, or has a price.
    package let returns: String
    /// Whether returns are money for money.
    package let returnsAreMoney: Bool

    package init(_ result: FitResult) {
        let kpi = result.model.specification.kpi
        let money = kpi.currency.isEmpty ? "money" : kpi.currency
        self.kpi = kpi.kind == .revenue ? money : "units"
        returnsAreMoney = result.model.returnsAreMoney
        returns = "\(returnsAreMoney ? money : "units") per \(money) spent"
    }
}
