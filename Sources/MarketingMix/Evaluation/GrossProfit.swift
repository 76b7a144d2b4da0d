import ModelDefinition

/// What is left of revenue before media: of one margin, or of that of each cell.
extension MarketingMixModel {
    /// Whether what media bring is money: revenue, or units that have a price, without which they have no margin.
    package var returnsAreMoney: Bool {
        specification.kpi.kind == .revenue || hasMargin || dataset.revenuePerKPI.contains { $0 != 1 }
    }

    package var hasMargin: Bool { specification.kpi.margin != nil || !dataset.margins.isEmpty }

    /// Margin × revenue of what media bring, within the window and with what comes after it; nil without a margin.
    package func grossProfit(of response: MediaResponse) -> (inWindow: Double, inAll: Double)? {
        if let margin = specification.kpi.margin {
            return (margin * response.revenueInWindow, margin * (response.revenueInWindow + response.revenueAfter))
        }
        guard !dataset.margins.isEmpty else { return nil }
        return (
            response.datedGrossProfitInWindow, response.datedGrossProfitInWindow + response.datedGrossProfitAfter
        )
    }

    /// Margin × revenue of what media of a stretch bring within it; nil without a margin.
    package func grossProfit(of response: WindowedResponse) -> Double? {
        if let margin = specification.kpi.margin { return margin * response.revenueInWindow }
        return dataset.margins.isEmpty ? nil : response.datedGrossProfitInWindow
    }

    /// The margin of all revenue: the one that there is, or the mean of those of the cells, each weighted by its revenue,
    /// over the window, or over the last `count` periods of the data, held out or not. Nil without a margin.
    package func meanMargin(last count: Int? = nil) -> Double? {
        guard !dataset.margins.isEmpty else { return specification.kpi.margin }
        let end = count == nil ? windowPeriodCount : dataset.periodCount
        let periods = end - min(count ?? end, end)..<end
        let (kpi, margins) = (dataset.actualKPI, dataset.margins)
        var (weighted, revenue, sum, cells) = (0.0, 0.0, 0.0, 0)
        for geo in 0..<dataset.geoCount {
            let first = dataset.cells(of: geo).lowerBound
            for cell in first + periods.lowerBound..<first + periods.upperBound {
                sum += margins[cell]
                cells += 1
                guard kpi[cell] > 0 else { continue }
                weighted += margins[cell] * (kpi[cell] * dataset.revenuePerKPI[cell])
                revenue += kpi[cell] * dataset.revenuePerKPI[cell]
            }
        }
        return revenue > 0 ? weighted / revenue : sum / Double(cells)
    }
}
