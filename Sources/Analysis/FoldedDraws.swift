import Kernels
import MarketingMix
import ModelDefinition

/// Some of the components, and of what is fitted, at all draws: for each series a row a period, the sum over geos, then a
/// row a geo, the sum over the periods of the window; and where a unit is not worth the same in all geos a row more a period, of
/// money.
struct FoldedDraws: Sendable {
    /// Rows of a series.
    let rowCount: Int
    /// By member and row, over all draws in their order.
    private(set) var means: [[Double]]
    /// By member and cell, over all draws; no cells of a single series.
    private(set) var cellMeans: [[Double]]
    private var blocks: [FoldedBlock] = []

    /// - Parameters:
    ///   - members: indices of components; the one after the last is the fitted series.
    ///   - byCell: whether there are rows of money.
    ///   - roundLength: blocks whose sums wait together to be added up.
    init(
        model: MarketingMixModel, constrained: [[Double]], members: Range<Int>, byCell hasMoney: Bool, blockLength: Int,
        roundLength: Int, by processors: some ParallelMap
    ) {
        let rowCount = model.dataset.periodCount * (hasMoney ? 2 : 1) + model.dataset.geoCount
        self.rowCount = rowCount
        var sums = [[Double]](repeating: [Double](repeating: 0, count: rowCount), count: members.count)
        var cellSums = [[Double]](
            repeating: [Double](repeating: 0, count: model.dataset.geos.isEmpty ? 0 : model.dataset.cellCount),
            count: members.count)
        let thinning = Thinning(drawCount: constrained.count)
        let round = blockLength * roundLength
        for start in stride(from: 0, to: constrained.count, by: round) {
            let decomposed = processors.mapBlocks(of: min(round, constrained.count - start), size: blockLength) {
                DecomposedDraws(
                    model: model, constrained: constrained,
                    draws: start + $0.lowerBound..<start + $0.upperBound, members: members, rowCount: rowCount,
                    thinning: thinning)
            }
            let before = sums
            sums = processors.map(members.count) { member in
                var sums = before[member]
                for block in decomposed { block.add(member, to: &sums) }
                return sums
            }
            let cellsBefore = cellSums
            cellSums = processors.map(members.count) { member in
                var sums = cellsBefore[member]
                for block in decomposed { block.addCells(member, to: &sums) }
                return sums
            }
            blocks += decomposed.map(\.folded)
        }
        means = sums.map { $0.map { $0 / Double(constrained.count) } }
        cellMeans = cellSums.map { $0.map { $0 / Double(constrained.count) } }
    }

    /// The sum over the periods of the window, at all draws.
    func totals(member: Int) -> [Double] { joined(blocks.map(\.totals), row: member) }

    /// A row at the draws that are kept.
    func kept(member: Int, row: Int) -> [Double] { joined(blocks.map(\.kept), row: member * rowCount + row) }

    /// A row of all blocks, by draw.
    private func joined(_ blocks: [FoldedBlock.Rows], row: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(blocks.reduce(0) { $0 + $1.drawCount })
        for rows in blocks {
            result += rows.values[row * rows.drawCount..<(row + 1) * rows.drawCount]
        }
        return result
    }
}

/// What is kept of a block of draws.
struct FoldedBlock: Sendable {
    struct Rows: Sendable {
        let drawCount: Int
        /// By row, then draw.
        var values: [Double]

        init(count: Int, drawCount: Int) {
            self.drawCount = drawCount
            values = [Double](repeating: 0, count: count * drawCount)
        }
    }

    /// By member and row, at the draws that are kept.
    var kept: Rows
    /// By member: the sum over the periods of the window.
    var totals: Rows

    /// Totals of a series, and its draws that are kept.
    ///
    /// - Parameters:
    ///   - rows: of the series, by row and draw.
    ///   - keptPlaces: draws that are kept, of the `count` of the block.
    mutating func fold(
        _ rows: Span<Double>, member: Int, windowPeriodCount: Int, keptPlaces: [Int], count: Int
    ) {
        var sums = totals.values.mutableSpan
        for period in 0..<windowPeriodCount {
            let source = rows.extracting(period * count..<(period + 1) * count)
            for draw in 0..<count { sums[member * count + draw] += source[draw] }
        }
        var target = kept.values.mutableSpan
        let rowCount = rows.count / count
        var next = member * rowCount * keptPlaces.count
        for row in 0..<rowCount {
            for place in keptPlaces {
                target[next] = rows[row * count + place]
                next += 1
            }
        }
    }
}

/// Some of the series at consecutive draws.
private struct DecomposedDraws: Sendable {
    private let drawCount: Int
    private let rowCount: Int
    /// By member, row and draw.
    private let rows: [Double]
    /// By member and cell, over the draws; no cells of a single series.
    private let cellSums: [[Double]]
    let folded: FoldedBlock

    init(
        model: MarketingMixModel, constrained: [[Double]], draws: Range<Int>, members: Range<Int>, rowCount: Int,
        thinning: Thinning
    ) {
        drawCount = draws.count
        let cells = model.dataset.cellCount
        self.rowCount = rowCount
        var rows = [Double](repeating: 0, count: members.count * rowCount * draws.count)
        let keptCount = thinning.count(ofFirst: draws.upperBound) - thinning.count(ofFirst: draws.lowerBound)
        var folded = FoldedBlock(
            kept: FoldedBlock.Rows(count: members.count * rowCount, drawCount: keptCount),
            totals: FoldedBlock.Rows(count: members.count, drawCount: draws.count))
        var cellSums = [[Double]](
            repeating: [Double](repeating: 0, count: model.dataset.geos.isEmpty ? 0 : cells), count: members.count)
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var row = [Double](repeating: 0, count: rowCount)
        for (place, draw) in draws.enumerated() {
            ModelDraw(model, constrained[draw]).decompose(into: &values, fitted: &fitted)
            for (member, series) in members.enumerated() {
                let isFitted = series == model.components.count
                let start = isFitted ? 0 : series * cells
                let own = (isFitted ? fitted : values).span.extracting(start..<start + cells)
                Self.sum(own, model: model, into: &row)
                Self.store(row, into: &rows, from: member * rowCount * draws.count + place, step: draws.count)
                for cell in cellSums[member].indices { cellSums[member][cell] += own[cell] }
            }
        }
        let keptPlaces = draws.enumerated().filter { thinning.keeps($1) }.map(\.offset)
        let size = rowCount * draws.count
        for member in 0..<members.count {
            folded.fold(
                rows.span.extracting(member * size..<(member + 1) * size), member: member,
                windowPeriodCount: model.windowPeriodCount, keptPlaces: keptPlaces, count: draws.count)
        }
        self.rows = rows
        self.cellSums = cellSums
        self.folded = folded
    }

    /// Adds the draws of a series to sums by row, in their order.
    func add(_ member: Int, to sums: inout [Double]) {
        let values = rows.span
        for row in 0..<rowCount {
            let first = (member * rowCount + row) * drawCount
            var sum = sums[row]
            for place in first..<first + drawCount { sum += values[place] }
            sums[row] = sum
        }
    }

    /// Adds the cells of a series to sums.
    func addCells(_ member: Int, to sums: inout [Double]) {
        for (cell, sum) in cellSums[member].enumerated() { sums[cell] += sum }
    }

    /// Sums of a series over the geos by period, over the periods of the window by geo, and where there is a place for it of
    /// its money over the geos by period, in ascending order.
    private static func sum(_ series: Span<Double>, model: MarketingMixModel, into row: inout [Double]) {
        let (geos, periods) = (model.dataset.geoCount, model.dataset.periodCount)
        var sums = row.mutableSpan
        for geo in 0..<geos {
            let own = series.extracting(geo * periods..<(geo + 1) * periods)
            var total = 0.0
            for period in 0..<model.windowPeriodCount { total += own[period] }
            sums[periods + geo] = total
            for period in 0..<periods { sums[period] = geo == 0 ? own[period] : sums[period] + own[period] }
        }
        guard sums.count > periods + geos else { return }
        let prices = model.dataset.revenuePerKPI
        for period in 0..<periods {
            var money = 0.0
            for geo in 0..<geos { money += prices[geo * periods + period] * series[geo * periods + period] }
            sums[periods + geos + period] = money
        }
    }

    /// Puts values at every `step`-th place.
    private static func store(_ values: [Double], into rows: inout [Double], from start: Int, step: Int) {
        let source = values.span
        var target = rows.mutableSpan
        for row in 0..<source.count { target[start + row * step] = source[row] }
    }
}
