import Fitting

/// In what a fit's figures are.
struct ResultUnits {
    /// Of the KPI, and so of contributions.
    let kpi: String
    /// Of returns: money where the KPI is money, or has a price.
    let returns: String
    /// Whether returns are money for money.
    let returnsAreMoney: Bool

    init(_ result: FitResult) {
        let kpi = result.model.specification.kpi
        let money = kpi.currency.isEmpty ? "money" : kpi.currency
        let hasPrice = result.model.dataset.revenuePerKPI.contains { $0 != 1 }
        self.kpi = kpi.kind == .revenue ? money : "units"
        returnsAreMoney = kpi.kind == .revenue || hasPrice
        returns = "\(returnsAreMoney ? money : "units") per \(money) spent"
    }
}
