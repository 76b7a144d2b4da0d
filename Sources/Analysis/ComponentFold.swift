import MarketingMix
import ModelDefinition

/// Every component of every draw, summarised period by period.
///
/// A quantile needs all draws of a cell at once, and all cells at once would need components × draws × periods
/// numbers. So the draws are decomposed once a batch of components, as many as fit the bound.
package struct ComponentFold: Sendable {
    /// By component, then period: the sum over geos.
    package private(set) var estimates: [[Estimate]] = []
    /// By component: the sum over the periods of the window at every draw.
    package private(set) var totals: [[Double]] = []
    /// By component, then geo: the sum over the periods of the window; empty for a single series.
    package private(set) var geoEstimates: [[Estimate]] = []
    /// By period: the sum over geos.
    package private(set) var fitted: [Estimate] = []
    /// The sum of the fitted KPI over the periods of the window at every draw.
    package private(set) var fittedTotal: [Double] = []

    /// Most numbers held at once, unless a single component needs more: 16 million, 128 MB.
    package static let bufferCountMax = 16_000_000

    package init(model: MarketingMixModel, constrained: [[Double]], bufferCountMax: Int = Self.bufferCountMax) {
        let periods = model.dataset.periodCount
        let window = model.windowPeriodCount
        let cells = model.dataset.cellCount
        let geos = model.dataset.geos.count
        let draws = constrained.count
        let components = model.components.count
        // The fitted series is folded like one more component, the last.
        let seriesCount = components + 1
        let batch = min(seriesCount, max(1, bufferCountMax / max(1, draws * periods)))
        var values = [Double](repeating: 0, count: components * cells)
        var sums = [Double](repeating: 0, count: cells)
        var periodSums = [Double](repeating: 0, count: periods)
        var geoSums = [Double](repeating: 0, count: cells / periods)
        var buffer = [Double](repeating: 0, count: batch * draws * periods)
        for start in stride(from: 0, to: seriesCount, by: batch) {
            let members = start..<min(start + batch, seriesCount)
            var geoTotals = [Double](repeating: 0, count: members.count * geos * draws)
            for (draw, parameters) in constrained.enumerated() {
                model.decompose(constrained: parameters, into: &values, fitted: &sums)
                for series in members {
                    let first = series - members.lowerBound
                    let start = series < components ? series * cells : 0
                    Self.addUp(
                        (series < components ? values : sums).span.extracting(start..<start + cells), window: window,
                        periodSums: &periodSums, geoSums: &geoSums)
                    for period in 0..<periods { buffer[(first * periods + period) * draws + draw] = periodSums[period] }
                    if geos > 0, series < components {
                        for geo in 0..<geos { geoTotals[(first * geos + geo) * draws + draw] = geoSums[geo] }
                    }
                }
            }
            for series in members {
                var estimated: [Estimate] = []
                var total = [Double](repeating: 0, count: draws)
                for period in 0..<periods {
                    let start = ((series - members.lowerBound) * periods + period) * draws
                    let cell = Array(buffer[start..<start + draws])
                    if period < window { for draw in 0..<draws { total[draw] += cell[draw] } }
                    estimated.append(Estimate(draws: cell))
                }
                if series < components {
                    estimates.append(estimated)
                    totals.append(total)
                    let first = (series - members.lowerBound) * geos
                    geoEstimates.append(
                        (first..<first + geos).map { Estimate(draws: Array(geoTotals[$0 * draws..<($0 + 1) * draws])) })
                } else {
                    fitted = estimated
                    fittedTotal = total
                }
            }
        }
    }

    /// Sums of a series over the geos by period, and over the periods of the window by geo, in ascending order.
    private static func addUp(
        _ series: Span<Double>, window: Int, periodSums: inout [Double], geoSums: inout [Double]
    ) {
        let periods = periodSums.count
        for geo in geoSums.indices {
            var sum = 0.0
            for period in 0..<periods {
                let value = series[geo * periods + period]
                if period < window { sum += value }
                periodSums[period] = geo == 0 ? value : periodSums[period] + value
            }
            geoSums[geo] = sum
        }
    }
}
