import Kernels
import MarketingMix
import ModelDefinition

/// Every component of a panel in every period of every geo.
///
/// Means are those of all draws, so that geos add up to the rows of the whole and components to what is fitted. Of a large
/// panel spreads and quantiles are of fewer draws, evenly spaced: all draws at once would be components × cells × draws
/// numbers. The draws are decomposed once a batch of components, as many as fit the bound.
package struct GeoPeriodFold: Sendable {
    /// By component, then cell.
    package private(set) var estimates: [[Estimate]] = []

    /// Most rows, of components and cells; a panel with more has no such table.
    package static let rowCountMax = 400_000
    /// Draws of which quantiles are taken: at most, and no fewer than the least for the sake of numbers in all.
    private static let drawCountMax = 1000
    private static let drawCountMin = 200
    private static let valueCountMax = 64_000_000
    /// Draws that are decomposed by one processor at a time.
    private static let blockLength = 50

    /// Nil for a single series, and for a panel with too many rows.
    ///
    /// - Parameters:
    ///   - means: over all draws, by component, then cell.
    ///   - bufferCountMax: most numbers held at once, unless a single component needs more.
    package init?(
        model: MarketingMixModel, constrained: [[Double]], means: [[Double]],
        bufferCountMax: Int = ComponentFold.bufferCountMax, by processors: some ParallelMap = SerialMap()
    ) {
        let (cells, components) = (model.dataset.cellCount, model.components.count)
        guard !model.dataset.geos.isEmpty, cells * components <= Self.rowCountMax else { return nil }
        let draws = Self.draws(of: constrained.count, valuesPerDraw: cells * components)
        let batch = min(components, max(1, bufferCountMax / (draws.count * cells)))
        for start in stride(from: 0, to: components, by: batch) {
            let members = start..<min(start + batch, components)
            let blocks = processors.mapBlocks(of: draws.count, size: Self.blockLength) { block in
                CellBlock(model: model, constrained: block.map { constrained[draws[$0]] }, members: members)
            }
            let cellsOfMembers = processors.map(members.count * cells) { row in
                Estimate(draws: blocks.flatMap { $0.draws(row: row) })
            }
            for member in members {
                let first = (member - members.lowerBound) * cells
                estimates.append(
                    zip(cellsOfMembers[first..<first + cells], means[member]).map { estimate, mean in
                        var estimate = estimate
                        if draws.count < constrained.count { estimate.mean = mean }
                        return estimate
                    })
            }
        }
    }

    /// Evenly spaced from the first on.
    static func draws(of count: Int, valuesPerDraw: Int) -> [Int] {
        let most = max(drawCountMin, min(drawCountMax, valueCountMax / max(1, valuesPerDraw)))
        return Array(stride(from: 0, to: count, by: (count + most - 1) / most))
    }
}

/// Some of the components at consecutive draws, cell by cell.
private struct CellBlock: Sendable {
    private let drawCount: Int
    /// By member, cell and draw.
    private var values: [Double]

    init(model: MarketingMixModel, constrained: [[Double]], members: Range<Int>) {
        let cells = model.dataset.cellCount
        drawCount = constrained.count
        values = [Double](repeating: 0, count: members.count * cells * drawCount)
        var components = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        for (draw, parameters) in constrained.enumerated() {
            model.decompose(constrained: parameters, into: &components, fitted: &fitted)
            let own = components.span.extracting(members.lowerBound * cells..<members.upperBound * cells)
            for row in own.indices { values[row * drawCount + draw] = own[row] }
        }
    }

    /// Of one member's cell.
    func draws(row: Int) -> ArraySlice<Double> { values[row * drawCount..<(row + 1) * drawCount] }
}
