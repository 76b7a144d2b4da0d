import ModelDefinition

/// What a unit of the KPI is worth in the window of one geo.
struct CellWorth: Sendable {
    /// Money by period.
    let revenue: [Double]
    /// Margin × that, where the margin differs between cells.
    let grossProfit: [Double]?
    let revenueLanes: LaneSeries
    let grossProfitLanes: LaneSeries?

    init(_ dataset: Dataset, geo: Int, windowPeriodCount: Int) {
        let cells = dataset.cells(of: geo).prefix(windowPeriodCount)
        let revenue = Array(dataset.revenuePerKPI[cells])
        let grossProfit = dataset.margins.isEmpty ? nil : zip(revenue, dataset.margins[cells]).map { $0 * $1 }
        self.revenue = revenue
        self.grossProfit = grossProfit
        revenueLanes = LaneSeries(revenue.span)
        grossProfitLanes = grossProfit.map { LaneSeries($0.span) }
    }

    /// - Parameters:
    ///   - beta: KPI units of one unit of the response.
    ///   - kpi: the response within the window, and weighted by `revenue` and `grossProfit`.
    ///   - after: the response after it.
    func response(beta: Double, kpi: Double, revenue: Double, grossProfit: Double?, after: Double) -> MediaResponse {
        let kpiAfter = beta * after
        var response = MediaResponse(
            kpiInWindow: beta * kpi, revenueInWindow: beta * revenue, kpiAfter: kpiAfter,
            revenueAfter: self.revenue[self.revenue.count - 1] * kpiAfter)
        if let grossProfit, let last = self.grossProfit?.last {
            response.datedGrossProfitInWindow = beta * grossProfit
            response.datedGrossProfitAfter = last * kpiAfter
        }
        return response
    }
}
