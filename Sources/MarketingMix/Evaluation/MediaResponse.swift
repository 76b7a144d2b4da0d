import Kernels
import ModelDefinition

/// What one channel brings at one draw, in KPI units and in money.
package struct MediaResponse: Sendable, Hashable {
    /// Within the window: the periods of the data, but those held out.
    package var kpiInWindow = 0.0
    package var revenueInWindow = 0.0
    /// In the periods after it in which earlier media still work.
    package var kpiAfter = 0.0
    package var revenueAfter = 0.0
    /// Σ margin × revenue within the window and after it, where the margin differs between cells; else 0.
    package var datedGrossProfitInWindow = 0.0
    package var datedGrossProfitAfter = 0.0

    package static func += (sum: inout MediaResponse, other: MediaResponse) {
        sum.kpiInWindow += other.kpiInWindow
        sum.revenueInWindow += other.revenueInWindow
        sum.kpiAfter += other.kpiAfter
        sum.revenueAfter += other.revenueAfter
        sum.datedGrossProfitInWindow += other.datedGrossProfitInWindow
        sum.datedGrossProfitAfter += other.datedGrossProfitAfter
    }
}

extension ModelDraw {
    /// What a channel brings when its exposure in all periods is multiplied, by multiplier: the KPI with it less the KPI
    /// without. The periods after the data are valued at the last period's revenue per KPI.
    package func mediaResponses(channel: Int, multipliers: [Double]) -> [MediaResponse] {
        guard growth.isEmpty else {
            return multipliedResponses(
                channel: channel, multipliers: multipliers, geos: [0..<model.dataset.geoCount])[0]
        }
        var sums = [MediaResponse](repeating: MediaResponse(), count: multipliers.count)
        for geo in 0..<model.dataset.geoCount {
            let own = additiveResponses(channel: channel, geo: geo, multipliers: multipliers)
            for index in sums.indices { sums[index] += own[index] }
        }
        return sums
    }

    /// The same in each geo, by geo, then multiplier; they add up to that of all geos.
    package func geoMediaResponses(channel: Int, multipliers: [Double]) -> [[MediaResponse]] {
        let geos = 0..<model.dataset.geoCount
        guard growth.isEmpty else {
            return multipliedResponses(channel: channel, multipliers: multipliers, geos: geos.map { $0..<$0 + 1 })
        }
        return geos.map { additiveResponses(channel: channel, geo: $0, multipliers: multipliers) }
    }

    /// By multiplier, without a log link.
    private func additiveResponses(channel: Int, geo: Int, multipliers: [Double]) -> [MediaResponse] {
        let trailing = model.specification.channels[channel].weightCount - 1
        let beta = model.scale(of: geo) * channels[channel].coefficients[geo]
        let worth = model.cellWorths[geo]
        guard let adstocked = multipliedAdstock(channel, geo: geo, trailing: trailing) else {
            return responses(channel, geo: geo, multipliers: multipliers, trailing: trailing).map { series in
                let window = series.span.extracting(first: model.windowPeriodCount)
                return worth.response(
                    beta: beta, kpi: Reductions.sum(window), revenue: Reductions.dot(window, worth.revenue.span),
                    grossProfit: worth.grossProfit.map { Reductions.dot(window, $0.span) },
                    after: Reductions.sum(series.span.extracting(last: trailing)))
            }
        }
        // Summed as it is made, without a series for every multiplier.
        let curve = channels[channel].media[geo].curve
        let noWeights = LaneSeries([Double](repeating: 0, count: trailing).span)
        let window = LaneSeries(adstocked.span.extracting(first: model.windowPeriodCount))
        let after = LaneSeries(adstocked.span.extracting(last: trailing))
        return multipliers.map { multiplier in
            let sums = curve.sums(of: window, times: multiplier, weights: worth.revenueLanes)
            return worth.response(
                beta: beta, kpi: sums.sum, revenue: sums.weighted,
                grossProfit: worth.grossProfitLanes.map {
                    curve.sums(of: window, times: multiplier, weights: $0).weighted
                },
                after: curve.sums(of: after, times: multiplier, weights: noWeights).sum)
        }
    }

    /// What the exposures of the window, multiplied, add to the response, by multiplier; media before stay as they were,
    /// and there are none after it. After the data media work as they do on average.
    package func responses(_ channel: Int, geo: Int, multipliers: [Double], trailing: Int) -> [[Double]] {
        let plain = plainResponses(channel, geo: geo, multipliers: multipliers, trailing: trailing)
        guard let effectiveness = parameters.effectiveness(geo: geo) else { return plain }
        return plain.map { series in
            series.enumerated().map { $0 < effectiveness.count ? $1 * effectiveness[$0] : $1 }
        }
    }

    private func plainResponses(_ channel: Int, geo: Int, multipliers: [Double], trailing: Int) -> [[Double]] {
        let media = channels[channel].media[geo]
        let series = model.media[channel][geo].first(model.windowPeriodCount)
        func response(_ multiplier: Double) -> [Double] {
            media.response(to: series.changed { multiplier == 1 ? $1 : multiplier * $1 }, trailing: trailing)
        }
        guard series.hasNoHistory else {
            let before = response(0)
            return multipliers.map { zip(response($0), before).map { $0 - $1 } }
        }
        guard media.order == .adstockFirst else { return multipliers.map(response) }
        // Adstock is linear: once is enough.
        let adstocked = media.adstocked(series, trailing: trailing)
        return multipliers.map { media.curve.apply(to: adstocked.span, times: $0) }
    }

    /// The adstocked exposures of the window and of `trailing` periods after it, where multiplied exposures give the curve
    /// of them multiplied, and media always work alike; else nil.
    private func multipliedAdstock(_ channel: Int, geo: Int, trailing: Int) -> [Double]? {
        let media = channels[channel].media[geo]
        let series = model.media[channel][geo]
        guard model.effectivenessBasis.isEmpty, series.hasNoHistory, media.order == .adstockFirst else { return nil }
        return model.windowPeriodCount == model.dataset.periodCount
            ? channels[channel].adstocked[geo]
            : media.adstocked(series.first(model.windowPeriodCount), trailing: trailing)
    }

    /// With a log link, what a channel brings beside all others as they were, by stretch of geos, then multiplier of its
    /// exposure. What works after the data works on the mean baseline of the data.
    private func multipliedResponses(
        channel: Int, multipliers: [Double], geos: [Range<Int>]
    ) -> [[MediaResponse]] {
        let terms = addedTerms(channel: channel, multipliers: multipliers + [1])
        let actual = terms[multipliers.count].window
        return geos.map { geos in
            terms.prefix(multipliers.count).map { term in
                response(of: geos, after: term.after) { cell in
                    growth[cell].all * Elementary.exp(-actual[cell]) * Elementary.expm1(term.window[cell])
                }
            }
        }
    }

    /// What a channel's share of the KPI is for the exposures of the data: with an additive model the KPI with it less the
    /// KPI without, which is `actual`.
    package func attributedResponse(channel: Int, actual: MediaResponse) -> MediaResponse {
        guard !growth.isEmpty else { return actual }
        return attributedResponses(channel: channel, geos: [0..<model.dataset.geoCount])[0]
    }

    /// The same in each geo; they add up to that of all geos.
    package func geoAttributedResponses(channel: Int, actual: [MediaResponse]) -> [MediaResponse] {
        guard !growth.isEmpty else { return actual }
        return attributedResponses(channel: channel, geos: (0..<model.dataset.geoCount).map { $0..<$0 + 1 })
    }

    /// By stretch of geos.
    private func attributedResponses(channel: Int, geos: [Range<Int>]) -> [MediaResponse] {
        let terms = addedTerms(channel: channel, multipliers: [1])[0]
        return geos.map { geos in
            response(of: geos, after: terms.after) { cell in growth[cell].perMediaTerm * terms.window[cell] }
        }
    }

    /// Terms that the exposures of the window, multiplied, add to the logarithm: by cell, 0 after the window, and by geo in
    /// the periods after.
    private typealias AddedTerms = (window: [Double], after: [[Double]])

    private func addedTerms(channel: Int, multipliers: [Double]) -> [AddedTerms] {
        let trailing = model.specification.channels[channel].weightCount - 1
        let window = model.windowPeriodCount
        var terms = [AddedTerms](repeating: ([], []), count: multipliers.count)
        for geo in 0..<model.dataset.geoCount {
            let beta = channels[channel].coefficients[geo]
            let added = responses(channel, geo: geo, multipliers: multipliers, trailing: trailing)
            for (index, series) in added.enumerated() {
                terms[index].window += series.prefix(window).map { beta * $0 }
                terms[index].window += [Double](repeating: 0, count: model.dataset.periodCount - window)
                terms[index].after.append(series.suffix(trailing).map { beta * $0 })
            }
        }
        return terms
    }

    /// Of some geos.
    ///
    /// - Parameters:
    ///   - after: terms of the logarithm in the periods after the data, by geo.
    ///   - kpi: what a cell brings.
    private func response(of geos: Range<Int>, after: [[Double]], kpi: (Int) -> Double) -> MediaResponse {
        var response = MediaResponse()
        let data = model.dataset
        let baselines = meanBaselines
        for geo in geos {
            let cells = data.cells(of: geo).prefix(model.windowPeriodCount)
            for cell in cells {
                let value = kpi(cell)
                response.kpiInWindow += value
                response.revenueInWindow += data.revenuePerKPI[cell] * value
                if !data.margins.isEmpty {
                    response.datedGrossProfitInWindow += data.margins[cell] * (data.revenuePerKPI[cell] * value)
                }
            }
            let rest = after[geo].reduce(0.0) { $0 + baselines[geo] * Elementary.expm1($1) }
            let last = cells.upperBound - 1
            response.kpiAfter += rest
            response.revenueAfter += data.revenuePerKPI[last] * rest
            if !data.margins.isEmpty {
                response.datedGrossProfitAfter += data.margins[last] * (data.revenuePerKPI[last] * rest)
            }
        }
        return response
    }
}
