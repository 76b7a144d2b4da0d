import Kernels
import MarketingMix
import ModelDefinition

/// Every component of every draw, summarised period by period.
///
/// Means are over all draws. A quantile needs its draws side by side, for all cells at once, so quantiles and standard
/// deviations by period, geo and window are of the draws that `Thinning` keeps; where components × kept draws × periods
/// are more numbers than the bound, the draws are decomposed once a batch of components. Blocks of draws, then the components of a batch are shared
/// among processors; sums run within a draw, means in the order of draws and quantiles within a cell, so that how leaves
/// no trace.
package struct ComponentFold: Sendable {
    /// By component, then period: the sum over geos.
    package private(set) var estimates: [[Estimate]] = []
    /// By component: the sum over the periods of the window at every draw.
    package private(set) var totals: [[Double]] = []
    /// By component, then geo: the sum over the periods of the window; empty for a single series.
    package private(set) var geoEstimates: [[Estimate]] = []
    /// By component, then cell: means over the draws; empty for a single series.
    package private(set) var cellMeans: [[Double]] = []
    /// By component, then window.
    package private(set) var windowFigures: [[WindowFigure]] = []
    /// By period: the sum over geos.
    package private(set) var fitted: [Estimate] = []
    /// The sum of the fitted KPI over the periods of the window at every draw.
    package private(set) var fittedTotal: [Double] = []
    /// By group of channels, then window.
    package private(set) var groupFigures: [[WindowFigure]] = []
    /// Of all channels together, of all other components, and of the fitted KPI, by window.
    package private(set) var mediaFigures: [WindowFigure] = []
    package private(set) var baselineFigures: [WindowFigure] = []
    package private(set) var fittedFigures: [WindowFigure] = []

    /// Most numbers held at once, unless a single component needs more: 16 million, 128 MB.
    package static let bufferCountMax = 16_000_000

    /// Draws that are decomposed by one processor at a time, and blocks whose sums wait together to be added up.
    private static let blockLength = 50
    private static let roundLength = 40

    package init(
        model: MarketingMixModel, constrained: [[Double]], windows: [ReportingWindow] = [],
        bufferCountMax: Int = Self.bufferCountMax,
        by processors: some ParallelMap = SerialMap()
    ) {
        let components = model.components.count
        let earlier = windows.map { $0.yearBefore(among: windows) }
        let kept = Thinning(drawCount: constrained.count).count(ofFirst: constrained.count)
        let price = KPIPrice(model.dataset)
        let meanPrices = windows.map { price.mean(in: $0, of: model.dataset) }
        func summarised(_ totals: [WindowTotal]) -> [WindowFigure] {
            WindowFigure.all(totals, earlier: earlier, meanPrices: meanPrices)
        }
        let nothing = ThinnedDraws(count: kept)
        var media = windows.map { _ in WindowTotal(units: nothing, revenue: price.isConstant ? nil : nothing) }
        var baseline = media
        let groups = model.specification.groups
        var grouped = groups.map { _ in media }
        // The fitted series is folded like one more component, the last.
        let seriesCount = components + 1
        let rows = model.dataset.periodCount * (price.differsByGeo ? 2 : 1) + windows.count * 2
        let batch = min(seriesCount, max(1, bufferCountMax / max(1, kept * rows)))
        for start in stride(from: 0, to: seriesCount, by: batch) {
            let members = start..<min(start + batch, seriesCount)
            let draws = FoldedDraws(
                model: model, constrained: constrained, members: members, byCell: price.differsByGeo,
                blockLength: Self.blockLength, roundLength: Self.roundLength, by: processors)
            let folds = processors.map(members.count) {
                SeriesFold(draws, member: $0, windows: windows, price: price, model: model)
            }
            for (series, fold) in zip(members, folds) {
                let figures = summarised(fold.windowTotals)
                if series < components {
                    estimates.append(fold.estimates)
                    totals.append(fold.total)
                    geoEstimates.append(fold.geoEstimates)
                    cellMeans.append(fold.cellMeans)
                    windowFigures.append(figures)
                    // Channels are the first components.
                    for (index, group) in groups.enumerated() where group.channels.contains(series) {
                        Self.add(fold.windowTotals, to: &grouped[index])
                    }
                    if model.components[series].isChannel {
                        Self.add(fold.windowTotals, to: &media)
                    } else {
                        Self.add(fold.windowTotals, to: &baseline)
                    }
                } else {
                    fitted = fold.estimates
                    fittedTotal = fold.total
                    fittedFigures = figures
                }
            }
        }
        groupFigures = grouped.map(summarised)
        mediaFigures = summarised(media)
        baselineFigures = summarised(baseline)
    }

    /// By window.
    private static func add(_ totals: [WindowTotal], to sums: inout [WindowTotal]) {
        for (window, total) in totals.enumerated() { sums[window].add(total) }
    }
}

/// One of the series over all draws.
private struct SeriesFold: Sendable {
    private(set) var estimates: [Estimate]
    let total: [Double]
    private(set) var geoEstimates: [Estimate] = []
    /// By cell; empty for a single series.
    let cellMeans: [Double]
    let windowTotals: [WindowTotal]

    init(
        _ draws: FoldedDraws, member: Int, windows: [ReportingWindow], price: KPIPrice, model: MarketingMixModel
    ) {
        let (periods, geos) = (model.dataset.periodCount, model.dataset.geoCount)
        total = draws.totals(member: member)
        let rows = (0..<draws.rowCount).map { row in
            ThinnedDraws(mean: draws.means[member][row], kept: draws.kept(member: member, row: row))
        }
        // Money of periods is summed to that of windows, and told nowhere by itself.
        let all = rows.prefix(periods + geos).map(\.estimate)
        estimates = Array(all.prefix(periods))
        if !model.dataset.geos.isEmpty { geoEstimates = Array(all[periods..<periods + geos]) }
        cellMeans = draws.cellMeans[member]
        windowTotals = windows.map { window in
            func sum(from first: Int, times factor: (Int) -> Double) -> ThinnedDraws {
                var sum = ThinnedDraws(count: rows[0].kept.count)
                for (period, share) in zip(window.periods, window.shares) {
                    sum.add(rows[first + period], times: share * factor(period))
                }
                return sum
            }
            let units = sum(from: 0) { _ in 1 }
            let revenue: ThinnedDraws? =
                switch price {
                case .constant: nil
                case .byPeriod(let prices): sum(from: 0) { prices[$0] }
                case .byCell: sum(from: periods + geos) { _ in 1 }
                }
            return WindowTotal(units: units, revenue: revenue)
        }
    }
}
