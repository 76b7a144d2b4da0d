import MarketingMix

/// Every component of every draw, summarised period by period.
///
/// A quantile needs all draws of a cell at once, and all cells at once would need components × draws × periods
/// numbers. So the draws are decomposed once a batch of components, as many as fit the bound.
package struct ComponentFold {
    /// By component, then period.
    package private(set) var estimates: [[Estimate]] = []
    /// By component: the sum over the periods at every draw.
    package private(set) var totals: [[Double]] = []
    /// By period.
    package private(set) var fitted: [Estimate] = []
    /// The sum of the fitted KPI over the periods at every draw.
    package private(set) var fittedTotal: [Double] = []

    /// Most numbers held at once, unless a single component needs more: 16 million, 128 MB.
    package static let bufferCountMax = 16_000_000

    package init(model: MarketingMixModel, constrained: [[Double]], bufferCountMax: Int = Self.bufferCountMax) {
        let periods = model.dataset.periodCount
        let draws = constrained.count
        let components = model.components.count
        // The fitted series is folded like one more component, the last.
        let seriesCount = components + 1
        let batch = min(seriesCount, max(1, bufferCountMax / max(1, draws * periods)))
        var values = [Double](repeating: 0, count: components * periods)
        var sums = [Double](repeating: 0, count: periods)
        var buffer = [Double](repeating: 0, count: batch * draws * periods)
        for start in stride(from: 0, to: seriesCount, by: batch) {
            let members = start..<min(start + batch, seriesCount)
            for (draw, parameters) in constrained.enumerated() {
                model.decompose(constrained: parameters, into: &values, fitted: &sums)
                for series in members {
                    let row = (series - members.lowerBound) * periods
                    for period in 0..<periods {
                        buffer[(row + period) * draws + draw] =
                            series < components ? values[series * periods + period] : sums[period]
                    }
                }
            }
            for series in members {
                var cells: [Estimate] = []
                var total = [Double](repeating: 0, count: draws)
                for period in 0..<periods {
                    let start = ((series - members.lowerBound) * periods + period) * draws
                    let cell = Array(buffer[start..<start + draws])
                    for draw in 0..<draws { total[draw] += cell[draw] }
                    cells.append(Estimate(draws: cell))
                }
                if series < components {
                    estimates.append(cells)
                    totals.append(total)
                } else {
                    fitted = cells
                    fittedTotal = total
                }
            }
        }
    }
}
