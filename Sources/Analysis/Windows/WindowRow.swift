import ModelDefinition

/// What was brought in one window.
package struct WindowFigure: Sendable, Hashable {
    /// KPI units of the window, whatever media brought them. Those of the windows of a kind add up to the whole.
    package let contribution: Estimate
    /// The same less that of the window a year earlier, draw by draw; nil where the data does not have every day of both.
    package let change: Estimate?
    /// Money: units times what a unit was worth in their period and geo.
    package let revenue: Estimate
    /// Nil where `change` is.
    package let revenueChange: RevenueChange?

    /// - Parameters:
    ///   - totals: by window.
    ///   - earlier: by window, the one that is a year earlier.
    ///   - meanPrices: by window, what a unit was worth on average.
    static func all(_ totals: [WindowTotal], earlier: [Int?], meanPrices: [Double]) -> [WindowFigure] {
        totals.indices.map { window in
            let contribution = totals[window].units.estimate
            let change = earlier[window].map { totals[window].change(from: totals[$0], atPrice: meanPrices[$0]) }
            return WindowFigure(
                contribution: contribution, change: change?.units,
                revenue: totals[window].revenue?.estimate ?? contribution.scaled(by: meanPrices[window]),
                revenueChange: change?.revenue)
        }
    }
}

/// What revenue is more than a year earlier: by units and by what a unit is worth, which add up to it at each draw.
package struct RevenueChange: Sendable, Hashable {
    package let total: Estimate
    /// The change of units at the mean price of the earlier window.
    package let byUnits: Estimate
    /// The rest: what changes of the price make of the units, and more or fewer of them where the price is another.
    package let byPrice: Estimate
}

/// What was brought in a window at the draws that are kept.
struct WindowTotal: Sendable {
    private(set) var units: ThinnedDraws
    /// Nil where a unit is worth the same always and everywhere.
    private(set) var revenue: ThinnedDraws?

    init(units: ThinnedDraws, revenue: ThinnedDraws?) {
        self.units = units
        self.revenue = revenue
    }

    mutating func add(_ other: WindowTotal) {
        units.add(other.units, times: 1)
        if let more = other.revenue { revenue?.add(more, times: 1) }
    }

    /// - Parameter price: the mean of the earlier window.
    fileprivate func change(
        from earlier: WindowTotal, atPrice price: Double
    ) -> (units: Estimate, revenue: RevenueChange) {
        var moreUnits = units
        moreUnits.add(earlier.units, times: -1)
        let change = moreUnits.estimate
        let byUnits = change.scaled(by: price)
        guard var more = revenue, let before = earlier.revenue else {
            let nothing = Estimate(mean: 0, sd: 0, q05: 0, q50: 0, q95: 0)
            return (change, RevenueChange(total: byUnits, byUnits: byUnits, byPrice: nothing))
        }
        more.add(before, times: -1)
        var byPrice = more
        byPrice.add(moreUnits, times: -price)
        return (change, RevenueChange(total: more.estimate, byUnits: byUnits, byPrice: byPrice.estimate))
    }
}

/// What one component brought in one year, quarter or month of the company, all geos together.
package struct WindowRow: Sendable, Hashable {
    package let window: ReportingWindow
    /// A component or a group of channels by its name, or `media` for all channels, `baseline` for all others, `total` for both.
    package let component: String
    package let figure: WindowFigure
    /// Of a channel, or the channels of a group together.
    package let media: WindowMedia?
}

/// What a channel's media of one window brought: the KPI with them less the KPI without, other media as they were.
package struct WindowMedia: Sendable, Hashable {
    /// Money of the window.
    package let spend: Double
    /// KPI units within the window.
    package let own: Estimate
    /// Mean of what media before the window brought within it; with `own` the contribution, at each draw.
    package let carriedInMean: Double
    /// Mean of what the media of the window brought after it, KPI units.
    package let carriedOutMean: Double
    /// Revenue of `own` ÷ spend, of the channels with spend; nil without spend.
    package let roi: Estimate?
    /// Gross profit of that ÷ spend; nil without a margin.
    package let marginROI: Estimate?
}
