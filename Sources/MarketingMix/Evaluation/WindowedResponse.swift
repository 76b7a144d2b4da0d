import Kernels
import ModelDefinition

/// What a channel's media of one stretch of time bring at one draw, beside all other media as they were.
package struct WindowedResponse: Sendable, Hashable {
    /// KPI units within the stretch.
    package var kpiInWindow = 0.0
    package var revenueInWindow = 0.0
    /// As in `MediaResponse`.
    package var datedGrossProfitInWindow = 0.0
    /// KPI units within the stretch that media before it bring: of a period at its ends as much as has its days.
    package var kpiCarriedIn = 0.0
    /// After it, in periods of the data and in those after the data in which media still work.
    package var kpiAfter = 0.0
    package var revenueAfter = 0.0
}

/// Periods of the data, each with the part of it that counts.
package struct WeightedPeriods: Sendable, Hashable {
    package let periods: Range<Int>
    /// By one of `periods`, from 0 to 1.
    package let shares: [Double]

    package init(periods: Range<Int>, shares: [Double]) {
        precondition(periods.count == shares.count, "a share for each period")
        self.periods = periods
        self.shares = shares
    }
}

extension ModelDraw {
    /// What a channel's media in each stretch of time bring: the mean with them less the mean without, all other media as
    /// they were. Adstock and saturation act on what is left, so media before the stretch keep their carry-over into it, and
    /// that is not counted.
    ///
    /// With a log link the term that is lost counts as much of the KPI as a unit of the channel's term in `decompose`.
    /// Periods after the data are valued as in `mediaResponses`.
    package func windowedResponses(channel: Int, stretches: [WeightedPeriods]) -> [WindowedResponse] {
        let dataset = model.dataset
        let valuation = TermValuation(self)
        var results = stretches.map { _ in WindowedResponse() }
        for geo in 0..<dataset.geoCount {
            let beta = channels[channel].coefficients[geo]
            let effectiveness = parameters.effectiveness(geo: geo)
            let cells = dataset.cells(of: geo)
            let all = channels[channel].responses[geo]
            for (index, stretch) in stretches.enumerated() {
                let lost = LostResponse(self, channel: channel, geo: geo, stretch: stretch)
                for (offset, period) in lost.periods.enumerated() {
                    guard period < dataset.periodCount else {
                        let kpi = valuation.after(
                            geo: geo, with: beta * all[period], without: beta * lost.without[offset])
                        results[index].kpiAfter += kpi
                        results[index].revenueAfter += dataset.revenuePerKPI[cells.upperBound - 1] * kpi
                        continue
                    }
                    let cell = cells.lowerBound + period
                    let unit = valuation.perTerm(cell: cell) * (beta * (effectiveness.map { $0[period] } ?? 1))
                    let within = unit * lost.within(offset)
                    let after = unit * (all[period] - lost.without[offset]) - within
                    results[index].kpiInWindow += within
                    results[index].kpiCarriedIn += stretch.share(at: offset) * unit * all[period] - within
                    results[index].revenueInWindow += dataset.revenuePerKPI[cell] * within
                    if !dataset.margins.isEmpty {
                        results[index].datedGrossProfitInWindow +=
                            dataset.margins[cell] * (dataset.revenuePerKPI[cell] * within)
                    }
                    results[index].kpiAfter += after
                    results[index].revenueAfter += dataset.revenuePerKPI[cell] * after
                }
            }
        }
        return results
    }
}

extension WeightedPeriods {
    /// 0 after its end.
    fileprivate func share(at offset: Int) -> Double { offset < shares.count ? shares[offset] : 0 }
}

/// A channel's response in one geo without the media of a stretch, from its first period to the last that they reach.
private struct LostResponse {
    let periods: Range<Int>
    /// By one of `periods`.
    let without: [Double]
    private let stretch: WeightedPeriods
    /// The response to all media, by period.
    private let all: [Double]
    /// What media of the stretch before its last period bring in that.
    private let carriedIntoLast: Double

    init(_ draw: ModelDraw, channel: Int, geo: Int, stretch: WeightedPeriods) {
        let trailing = draw.model.specification.channels[channel].weightCount - 1
        let media = draw.channels[channel].media[geo]
        let all = draw.channels[channel].responses[geo]
        self.stretch = stretch
        self.all = all
        periods = stretch.periods.lowerBound..<stretch.periods.upperBound + trailing
        let series = draw.model.media[channel][geo]
        // Media that ran longer ago than carry-over lasts do not matter to it.
        let first = series.historyCount + stretch.periods.lowerBound
        let begin = max(0, first - trailing)
        let wanted = series.historyCount + periods.upperBound
        let end = min(series.exposures.count, wanted)
        let part = MediaSeries(
            exposures: Array(series.exposures[begin..<end]),
            frequencies: series.frequencies.isEmpty ? [] : Array(series.frequencies[begin..<end]),
            historyCount: first - begin)
        func response(withoutFirst count: Int) -> [Double] {
            let left = part.changed { offset, exposure in
                offset < count ? (1 - stretch.shares[offset]) * exposure : exposure
            }
            return media.response(to: left, trailing: wanted - end)
        }
        let last = stretch.periods.count - 1
        without = response(withoutFirst: stretch.periods.count)
        carriedIntoLast =
            stretch.shares[last] < 1 && last > 0
            ? all[stretch.periods.lowerBound + last] - response(withoutFirst: last)[last] : 0
    }

    /// How much of what is lost in a period falls into the stretch. Of a period at its end that it shares, all that the
    /// stretch's own media bring, which run on its days, and of what is carried into it as much as there are days.
    func within(_ offset: Int) -> Double {
        let last = stretch.periods.count - 1
        guard offset <= last else { return 0 }
        let lost = all[stretch.periods.lowerBound + offset] - without[offset]
        return offset < last ? lost : lost - (1 - stretch.shares[last]) * carriedIntoLast
    }
}

/// What a channel's term is worth at one draw.
private struct TermValuation {
    private let draw: ModelDraw
    /// Mean KPI of the baseline over the window by geo, with a log link; else empty.
    private let baseline: [Double]

    init(_ draw: ModelDraw) {
        self.draw = draw
        baseline = draw.growth.isEmpty ? [] : draw.meanBaselines
    }

    /// KPI units per unit of the term.
    func perTerm(cell: Int) -> Double {
        draw.growth.isEmpty ? draw.model.kpiUnit(ofCell: cell) : draw.growth[cell].perMediaTerm
    }

    /// What the term brings after the data beside what less of it would.
    func after(geo: Int, with: Double, without: Double) -> Double {
        guard !baseline.isEmpty else { return draw.model.scale(of: geo) * (with - without) }
        return baseline[geo] * (Elementary.expm1(with) - Elementary.expm1(without))
    }
}
