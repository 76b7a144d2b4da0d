import Kernels
import MarketingMix
import ModelDefinition

/// Every component of every draw, summarised period by period.
///
/// A quantile needs all draws of a cell at once, and all cells at once would need components × draws × periods
/// numbers. So the draws are decomposed once a batch of components, as many as fit the bound. Blocks of draws, then the
/// components of a batch are shared among processors; sums run within a draw and quantiles within a cell, so that how
/// leaves no trace.
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

    /// Draws that are decomposed by one processor at a time; of a panel more, since each block holds a sum for every cell.
    private static func blockLength(_ dataset: Dataset) -> Int { dataset.geos.isEmpty ? 50 : 200 }

    package init(
        model: MarketingMixModel, constrained: [[Double]], windows: [ReportingWindow] = [],
        bufferCountMax: Int = Self.bufferCountMax,
        by processors: some ParallelMap = SerialMap()
    ) {
        let components = model.components.count
        let earlier = windows.map { $0.yearBefore(among: windows) }
        var media = windows.map { _ in [Double](repeating: 0, count: constrained.count) }
        var baseline = media
        let groups = model.specification.groups
        var grouped = groups.map { _ in media }
        // The fitted series is folded like one more component, the last.
        let seriesCount = components + 1
        let batch = min(seriesCount, max(1, bufferCountMax / max(1, constrained.count * model.dataset.periodCount)))
        for start in stride(from: 0, to: seriesCount, by: batch) {
            let members = start..<min(start + batch, seriesCount)
            let blocks = processors.mapBlocks(of: constrained.count, size: Self.blockLength(model.dataset)) { draws in
                DecomposedDraws(model: model, constrained: constrained[draws], members: members)
            }
            let folds = processors.map(members.count) { member in
                SeriesFold(blocks, member: member, model: model, windows: windows, drawCount: constrained.count)
            }
            for (series, fold) in zip(members, folds) {
                let figures = WindowFigure.all(fold.windowTotals, earlier: earlier)
                if series < components {
                    estimates.append(fold.estimates)
                    totals.append(fold.total)
                    geoEstimates.append(fold.geoEstimates)
                    cellMeans.append(fold.cellMeans)
                    windowFigures.append(figures)
                    // Channels are the first components.
                    for (index, group) in groups.enumerated() where group.channels.contains(series) {
                        for (window, sums) in fold.windowTotals.enumerated() {
                            for draw in sums.indices { grouped[index][window][draw] += sums[draw] }
                        }
                    }
                    for (window, sums) in fold.windowTotals.enumerated() {
                        for draw in sums.indices {
                            if model.components[series].isChannel {
                                media[window][draw] += sums[draw]
                            } else {
                                baseline[window][draw] += sums[draw]
                            }
                        }
                    }
                } else {
                    fitted = fold.estimates
                    fittedTotal = fold.total
                    fittedFigures = figures
                }
            }
        }
        groupFigures = grouped.map { WindowFigure.all($0, earlier: earlier) }
        mediaFigures = WindowFigure.all(media, earlier: earlier)
        baselineFigures = WindowFigure.all(baseline, earlier: earlier)
    }
}

/// Some of the components, and of what is fitted, at consecutive draws.
private struct DecomposedDraws: Sendable {
    let drawCount: Int
    /// By member, period and draw: the sum over geos.
    private(set) var periodSums: [Double]
    /// By member, geo and draw: the sum over the periods of the window.
    private(set) var geoSums: [Double]
    /// By member and cell: the sum over the draws; empty for a single series.
    private(set) var cellSums: [Double]

    /// - Parameter members: indices of components; the one after the last is the fitted series.
    init(model: MarketingMixModel, constrained: ArraySlice<[Double]>, members: Range<Int>) {
        let (cells, periods) = (model.dataset.cellCount, model.dataset.periodCount)
        let geos = model.dataset.geoCount
        drawCount = constrained.count
        periodSums = [Double](repeating: 0, count: members.count * periods * drawCount)
        geoSums = [Double](repeating: 0, count: members.count * geos * drawCount)
        cellSums = [Double](repeating: 0, count: model.dataset.geos.isEmpty ? 0 : members.count * cells)
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var row = [Double](repeating: 0, count: periods)
        for (draw, parameters) in constrained.enumerated() {
            model.decompose(constrained: parameters, into: &values, fitted: &fitted)
            for (member, series) in members.enumerated() {
                let isFitted = series == model.components.count
                let start = isFitted ? 0 : series * cells
                add(
                    (isFitted ? fitted : values).span.extracting(start..<start + cells), member: member, draw: draw,
                    model: model, row: &row)
            }
        }
    }

    /// Sums of a series over the geos by period, and over the periods of the window by geo, in ascending order.
    ///
    /// - Parameter row: a buffer of one value a period.
    private mutating func add(
        _ series: Span<Double>, member: Int, draw: Int, model: MarketingMixModel, row: inout [Double]
    ) {
        let geos = model.dataset.geoCount
        let periods = row.count
        var sums = row.mutableSpan
        for geo in 0..<geos {
            let own = series.extracting(geo * periods..<(geo + 1) * periods)
            var total = 0.0
            for period in 0..<model.windowPeriodCount { total += own[period] }
            geoSums[(member * geos + geo) * drawCount + draw] = total
            if !cellSums.isEmpty {
                let first = (member * geos + geo) * periods
                for period in 0..<periods { cellSums[first + period] += own[period] }
            }
            for period in 0..<periods { sums[period] = geo == 0 ? own[period] : sums[period] + own[period] }
        }
        for period in 0..<periods { periodSums[(member * periods + period) * drawCount + draw] = sums[period] }
    }
}

/// One of the series over all draws.
private struct SeriesFold: Sendable {
    private(set) var estimates: [Estimate] = []
    private(set) var total: [Double]
    private(set) var geoEstimates: [Estimate] = []
    private(set) var cellMeans: [Double] = []
    private(set) var windowTotals: [[Double]]

    init(
        _ blocks: [DecomposedDraws], member: Int, model: MarketingMixModel, windows: [ReportingWindow], drawCount: Int
    ) {
        let (periods, geos) = (model.dataset.periodCount, model.dataset.geoCount)
        total = [Double](repeating: 0, count: drawCount)
        windowTotals = windows.map { _ in [Double](repeating: 0, count: drawCount) }
        for period in 0..<periods {
            let cell = Self.draws(blocks, \.periodSums, row: member * periods + period)
            if period < model.windowPeriodCount { for draw in 0..<drawCount { total[draw] += cell[draw] } }
            for (index, window) in windows.enumerated() where window.periods.contains(period) {
                let share = window.shares[period - window.periods.lowerBound]
                for draw in 0..<drawCount { windowTotals[index][draw] += share * cell[draw] }
            }
            estimates.append(Estimate(draws: cell))
        }
        guard !model.dataset.geos.isEmpty else { return }
        geoEstimates = (0..<geos).map { geo in
            Estimate(draws: Self.draws(blocks, \.geoSums, row: member * geos + geo))
        }
        let first = member * geos * periods
        cellMeans = (first..<first + geos * periods).map { row in
            var sum = 0.0
            for block in blocks { sum += block.cellSums[row] }
            return sum / Double(drawCount)
        }
    }

    /// One row of all blocks.
    private static func draws(
        _ blocks: [DecomposedDraws], _ sums: KeyPath<DecomposedDraws, [Double]>, row: Int
    ) -> [Double] {
        blocks.flatMap { $0[keyPath: sums][row * $0.drawCount..<(row + 1) * $0.drawCount] }
    }
}
