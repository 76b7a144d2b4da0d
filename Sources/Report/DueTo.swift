import Analysis

/// What the change of revenue from one year or quarter to the same a year later is due to, of a KPI in units that has a price.
package struct DueTo: Sendable, Hashable, Codable {
    package struct Line: Sendable, Hashable, Codable {
        /// Nil for the baseline.
        package var channel: String?
        /// Money: the change of units at the mean price of the earlier window.
        package var change: Estimate
    }

    /// Names of the windows, as in `windows.csv`.
    package var earlier: String
    package var later: String
    /// The baseline, then the channels.
    package var lines: [Line]
    /// What changes of the price make of the units of all.
    package var byPrice: Estimate
    /// What lines and price add up to, at each draw.
    package var total: Estimate

    /// Of the last year that has one before it in the data, else of the last such quarter; nil without either.
    package init?(_ rows: [WindowRow], channels: [String]) {
        let totals = rows.filter { $0.component == "total" && $0.figure.revenueChange != nil }
        let windows = rows.filter { $0.component == "total" }.map(\.window)
        guard
            let row = totals.last(where: { $0.window.kind == .year })
                ?? totals.last(where: { $0.window.kind == .quarter }),
            let change = row.figure.revenueChange, let before = row.window.yearBefore(among: windows)
        else { return nil }
        let own = rows.filter { $0.window == row.window }
        func line(_ channel: String?) -> Line? {
            let row = own.first { $0.component == channel ?? "baseline" }
            return row?.figure.revenueChange.map { Line(channel: channel, change: $0.byUnits) }
        }
        earlier = windows[before].name
        later = row.window.name
        lines = ([nil] + channels).compactMap(line)
        byPrice = change.byPrice
        total = change.total
    }
}
