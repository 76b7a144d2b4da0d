import ModelDefinition

/// What was brought in one window.
package struct WindowFigure: Sendable, Hashable {
    /// KPI units of the window, whatever media brought them. Those of the windows of a kind add up to the whole.
    package let contribution: Estimate
    /// The same less that of the window a year earlier, draw by draw; nil where the data does not have every day of both.
    package let change: Estimate?

    /// - Parameters:
    ///   - totals: by window.
    ///   - earlier: by window, the one that is a year earlier.
    static func all(_ totals: [ThinnedDraws], earlier: [Int?]) -> [WindowFigure] {
        zip(totals, earlier).map { total, earlier in
            WindowFigure(
                contribution: total.estimate,
                change: earlier.map { earlier in
                    var change = total
                    change.add(totals[earlier], times: -1)
                    return change.estimate
                })
        }
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
