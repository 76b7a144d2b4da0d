import Kernels
import ModelDefinition

/// What one channel brings at one draw, in KPI units and in money.
package struct MediaResponse: Sendable, Hashable {
    /// Within the window: the periods of the data, but those held out.
    package var kpiInWindow: Double
    package var revenueInWindow: Double
    /// In the periods after it in which earlier media still work.
    package var kpiAfter: Double
    package var revenueAfter: Double
    /// Σ margin × revenue within the window and after it, where the margin differs between cells; else 0.
    package var datedGrossProfitInWindow = 0.0
    package var datedGrossProfitAfter = 0.0

    /// Nothing.
    package static let zero = MediaResponse(kpiInWindow: 0, revenueInWindow: 0, kpiAfter: 0, revenueAfter: 0)

    package static func += (sum: inout MediaResponse, other: MediaResponse) {
        sum.kpiInWindow += other.kpiInWindow
        sum.revenueInWindow += other.revenueInWindow
        sum.kpiAfter += other.kpiAfter
        sum.revenueAfter += other.revenueAfter
        sum.datedGrossProfitInWindow += other.datedGrossProfitInWindow
        sum.datedGrossProfitAfter += other.datedGrossProfitAfter
    }
}

extension MarketingMixModel {
    /// What a channel brings when its exposure in all periods is multiplied, by multiplier: the KPI with it less the KPI
    /// without. The periods after the data are valued at the last period's revenue per KPI.
    package func mediaResponses(channel: Int, constrained: [Double], multipliers: [Double]) -> [MediaResponse] {
        let parameters = values(constrained)
        if scaling.hasLogLink {
            return multipliedResponses(
                channel: channel, parameters: parameters, multipliers: multipliers, geos: [0..<dataset.geoCount])[0]
        }
        let parts = additiveResponses(channel: channel, parameters: parameters, multipliers: multipliers)
        var sums = [MediaResponse](repeating: .zero, count: multipliers.count)
        for geo in parts { for index in sums.indices { sums[index] += geo[index] } }
        return sums
    }

    /// What a channel brings when its exposure in all periods is multiplied.
    package func mediaResponse(channel: Int, constrained: [Double], multiplier: Double) -> MediaResponse {
        mediaResponses(channel: channel, constrained: constrained, multipliers: [multiplier])[0]
    }

    /// The same in each geo, by geo, then multiplier; they add up to that of all geos.
    package func geoMediaResponses(
        channel: Int, constrained: [Double], multipliers: [Double]
    ) -> [[MediaResponse]] {
        let parameters = values(constrained)
        guard scaling.hasLogLink else {
            return additiveResponses(channel: channel, parameters: parameters, multipliers: multipliers)
        }
        return multipliedResponses(
            channel: channel, parameters: parameters, multipliers: multipliers,
            geos: (0..<dataset.geoCount).map { $0..<$0 + 1 })
    }

    /// By geo, then multiplier, without a log link.
    private func additiveResponses(
        channel: Int, parameters: [Double], multipliers: [Double]
    ) -> [[MediaResponse]] {
        let trailing = specification.channels[channel].weightCount - 1
        let curves = (0..<dataset.geoCount).map { saturationCurve(channel, geo: $0, parameters: parameters) }
        let adstocked = (0..<dataset.geoCount).map {
            self.adstocked(channel, geo: $0, parameters: parameters, trailing: trailing)
        }
        let common = commonCoefficients(channel, parameters: parameters) { geo in
            // The same carry-over, where no exposure comes after the window.
            guard windowPeriodCount == dataset.periodCount, let adstocked = adstocked[geo] else {
                return response(channel, geo: geo, parameters: parameters, trailing: 0)
            }
            return curves[geo].apply(to: adstocked.span.extracting(first: windowPeriodCount), times: 1)
        }
        let noWeights = LaneSeries([Double](repeating: 0, count: trailing).span)
        return (0..<dataset.geoCount).map { geo in
            let beta = scale(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
            let worth = CellWorth(dataset, geo: geo, windowPeriodCount: windowPeriodCount)
            guard let adstocked = adstocked[geo] else {
                return responses(
                    channel, geo: geo, parameters: parameters, multipliers: multipliers, trailing: trailing
                ).map { series in
                    let window = series.span.extracting(first: windowPeriodCount)
                    return worth.response(
                        beta: beta, kpi: Reductions.sum(window), revenue: Reductions.dot(window, worth.revenue.span),
                        grossProfit: worth.grossProfit.map { Reductions.dot(window, $0.span) },
                        after: Reductions.sum(series.span.extracting(last: trailing)))
                }
            }
            // Summed as it is made, without a series for every multiplier.
            let revenue = LaneSeries(worth.revenue.span)
            let grossProfit = worth.grossProfit.map { LaneSeries($0.span) }
            let window = LaneSeries(adstocked.span.extracting(first: windowPeriodCount))
            let after = LaneSeries(adstocked.span.extracting(last: trailing))
            return multipliers.map { multiplier in
                let sums = curves[geo].sums(of: window, times: multiplier, weights: revenue)
                return worth.response(
                    beta: beta, kpi: sums.sum, revenue: sums.weighted,
                    grossProfit: grossProfit.map {
                        curves[geo].sums(of: window, times: multiplier, weights: $0).weighted
                    },
                    after: curves[geo].sums(of: after, times: multiplier, weights: noWeights).sum)
            }
        }
    }
}

/// What a unit of the KPI is worth in the window of one geo.
private struct CellWorth {
    /// Money by period.
    let revenue: [Double]
    /// Margin × that, where the margin differs between cells.
    let grossProfit: [Double]?

    init(_ dataset: Dataset, geo: Int, windowPeriodCount: Int) {
        let cells = dataset.cells(of: geo).prefix(windowPeriodCount)
        revenue = Array(dataset.revenuePerKPI[cells])
        grossProfit = dataset.margins.isEmpty ? nil : zip(revenue, dataset.margins[cells]).map { $0 * $1 }
    }

    /// - Parameters:
    ///   - beta: KPI units of one unit of the response.
    ///   - kpi: the response within the window, and weighted by `revenue` and `grossProfit`.
    ///   - after: the response after it.
    func response(beta: Double, kpi: Double, revenue: Double, grossProfit: Double?, after: Double) -> MediaResponse {
        let kpiAfter = beta * after
        var response = MediaResponse(
            kpiInWindow: beta * kpi, revenueInWindow: beta * revenue, kpiAfter: kpiAfter,
            revenueAfter: self.revenue[self.revenue.count - 1] * kpiAfter)
        if let grossProfit, let last = self.grossProfit?.last {
            response.datedGrossProfitInWindow = beta * grossProfit
            response.datedGrossProfitAfter = last * kpiAfter
        }
        return response
    }
}
