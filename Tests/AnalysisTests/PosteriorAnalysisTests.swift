import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Testing

@Suite("Analysis of a posterior")
struct PosteriorAnalysisTests {
    let model = Campaign.model()
    /// Four draws that differ in everything.
    let truths = [
        Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [0.9, 0.5, 2], level: 25, sigma: 4),
        Campaign.Truth(alpha: 0.8, effects: [0.1, 2, 1], level: 35, sigma: 6),
        Campaign.Truth(alpha: 0.4, effects: [1.5, 0.1, 0.5], level: 20, sigma: 3),
    ]
    var constrained: [[Double]] { truths.map { $0.constrained(model) } }

    func analysis(margin: Double? = 0.5) -> PosteriorAnalysis {
        PosteriorAnalysis(model: Campaign.model(margin: margin), constrained: constrained, chainCount: 2)
    }

    func mean(_ value: (Campaign.Truth) -> Double) -> Double {
        truths.map(value).reduce(0, +) / Double(truths.count)
    }

    /// The last index first.
    private struct BackwardMap: ParallelMap {
        func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
            (0..<count).reversed().map(body).reversed()
        }
    }

    @Test("does not depend on the order in which its pieces are made")
    func order() {
        let model = Campaign.model(geos: ["north", "south"])
        // More draws than are one piece.
        let constrained = (0..<30).flatMap { _ in truths.map { $0.constrained(model) } }
        let forward = PosteriorAnalysis(model: model, constrained: constrained, chainCount: 2)
        let backward = PosteriorAnalysis(model: model, constrained: constrained, chainCount: 2, by: BackwardMap())
        #expect("\(backward.contributions)" == "\(forward.contributions)")
        #expect("\(backward.geoContributions)" == "\(forward.geoContributions)")
        #expect("\(backward.channels)" == "\(forward.channels)")
        #expect("\(backward.responseCurves)" == "\(forward.responseCurves)")
        #expect("\(backward.quantities)" == "\(forward.quantities)")
        #expect(forward.channels.count == 3 && forward.responseCurves.count > 3)
    }

    @Test("a panel of equal geos brings in each what the single series brings, and their sum by date")
    func panel() {
        let truths = [Campaign.Truth(), Campaign.Truth(alpha: 0.3, effects: [0.1, 2, 3], level: 40, sigma: 5)]
        let single = Campaign.model()
        let alone = PosteriorAnalysis(
            model: single, constrained: truths.map { $0.constrained(single) }, chainCount: 1)
        let model = Campaign.model(geos: ["north", "south"])
        let analysis = PosteriorAnalysis(
            model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1)
        func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(b)) }
        #expect(
            analysis.geoContributions.map(\.geo) == Array(repeating: "north", count: 4)
                + Array(repeating: "south", count: 4))
        #expect(alone.geoContributions.isEmpty)
        for (together, one) in zip(analysis.contributions, alone.contributions) {
            #expect(together.date == one.date && together.component == one.component)
            #expect(isClose(together.estimate.mean, 2 * one.estimate.mean))
            #expect(isClose(together.estimate.q95, 2 * one.estimate.q95))
        }
        for (together, one) in zip(analysis.channels, alone.channels) {
            #expect(isClose(together.contribution.mean, 2 * one.contribution.mean) && together.spend == 2 * one.spend)
            #expect(together.roi.map { isClose($0.q50, one.roi?.q50 ?? .nan) } ?? true)
            for geo in analysis.geoContributions where geo.component == together.channel {
                #expect(isClose(geo.estimate.q05, one.contribution.q05))
            }
        }
    }

    @Test("contributions of every component in every period are those of the closed form")
    func contributions() {
        let rows = analysis().contributions
        #expect(rows.map(\.component).prefix(4) == ["tv", "search", "press", "intercept"])
        #expect(rows.count == 24 && rows[4].date == CalendarDate(year: 2024, month: 1, day: 8))
        for period in 0..<6 {
            for channel in 0..<3 {
                let found = rows[period * 4 + channel].estimate.mean
                #expect(isClose(found, mean { $0.response(channel)[period] }) || found == 0)
            }
            #expect(isClose(rows[period * 4 + 3].estimate.mean, 27.5))
        }
    }

    @Test("means of the components add up to the mean fitted KPI")
    func sumRule() {
        let analysis = analysis()
        for (period, fitted) in analysis.fitted.enumerated() {
            let sum = analysis.contributions[period * 4..<period * 4 + 4].reduce(0) { $0 + $1.estimate.mean }
            #expect(isClose(sum, fitted.mean, relative: 1e-14))
        }
        let totals = analysis.totals
        #expect(isClose(totals.baseline.mean + totals.media.mean, totals.fitted.mean, relative: 1e-14))
    }

    @Test("the bound on memory does not change a bit of the contributions")
    func batches() {
        let whole = ComponentFold(model: model, constrained: constrained)
        for bound in [1, 60, 100] {
            let part = ComponentFold(model: model, constrained: constrained, bufferCountMax: bound)
            #expect(part.estimates == whole.estimates && part.totals == whole.totals)
            #expect(part.fitted == whole.fitted && part.fittedTotal == whole.fittedTotal)
        }
    }

    @Test("of many draws means are of all, and what needs them side by side of every k-th")
    func thinning() {
        // Not a multiple of the step, and more than one round.
        let constrained = (0..<9_001).map { draw in
            Campaign.Truth(alpha: 0.5, effects: [Double(draw * draw), 1, 1]).constrained(model)
        }
        let whole = ComponentFold(model: model, constrained: constrained)
        let backward = ComponentFold(model: model, constrained: constrained, by: BackwardMap())
        #expect(backward.estimates == whole.estimates && backward.totals == whole.totals)
        var values = [Double](repeating: 0, count: model.components.count * model.dataset.cellCount)
        var fitted = [Double](repeating: 0, count: model.dataset.cellCount)
        let first = constrained.map { parameters in
            model.decompose(constrained: parameters, into: &values, fitted: &fitted)
            return values[2]
        }
        let kept = Estimate(draws: stride(from: 0, to: first.count, by: 3).map { first[$0] })
        let own = whole.estimates[0][2]
        #expect(own.mean == Estimate(draws: first).mean && own.mean != kept.mean)
        #expect([own.sd, own.q05, own.q50, own.q95] == [kept.sd, kept.q05, kept.q50, kept.q95])
        #expect(whole.totals[0].count == first.count)
        let windows = ReportingWindow.all(
            ReportingCalendar(), frequency: model.dataset.frequency, dates: model.dataset.dates,
            count: model.dataset.periodCount)
        let year = ComponentFold(model: model, constrained: constrained, windows: windows).windowFigures[0][0]
        let sums = constrained.map { parameters in
            model.decompose(constrained: parameters, into: &values, fitted: &fitted)
            return zip(windows[0].periods, windows[0].shares).reduce(0) { $0 + $1.1 * values[$1.0] }
        }
        let keptSums = Estimate(draws: stride(from: 0, to: sums.count, by: 3).map { sums[$0] })
        #expect(
            isClose(year.contribution.mean, Estimate(draws: sums).mean)
                && !isClose(keptSums.mean, Estimate(draws: sums).mean))
        #expect(isClose(year.contribution.q05, keptSums.q05) && isClose(year.contribution.q95, keptSums.q95))
        let curve = PosteriorAnalysis(model: model, constrained: constrained, chainCount: 1).responseCurves[10]
        let total = Estimate(draws: stride(from: 0, to: first.count, by: 3).map { whole.totals[0][$0] })
        #expect(isClose(curve.contribution.mean, total.mean) && isClose(curve.contribution.q95, total.q95))
    }

    @Test("ROI, margin ROI, profit and carry-over are means over draws of the closed forms")
    func money() {
        let analysis = analysis()
        for (channel, spend) in [(0, 350.0), (1, 140.0)] {
            let row = analysis.channels[channel]
            #expect(row.spend == spend)
            #expect(isClose(row.roi?.mean, mean { $0.revenueInWindow(channel) / spend }))
            #expect(isClose(row.marginROI?.mean, mean { 0.5 * $0.revenueInWindow(channel) / spend }))
            #expect(isClose(row.profitMean, mean { 0.5 * $0.revenueInWindow(channel) - spend }))
            #expect(isClose(row.contribution.mean, mean { $0.response(channel)[..<6].reduce(0, +) }))
        }
        #expect(isClose(analysis.channels[0].carryoverMean, mean { $0.revenueAfter(0) }))
        #expect(analysis.channels[1].carryoverMean == 0)
        #expect(analysis.totals.spend == 490)
        #expect(isClose(analysis.totals.roi?.mean, mean { ($0.revenueInWindow(0) + $0.revenueInWindow(1)) / 490 }))
    }

    @Test("the share is a mean of ratios, not a ratio of means")
    func share() {
        let ratio = mean { truth in
            let media = (0..<3).map { truth.response($0)[..<6].reduce(0, +) }
            return media[0] / (media.reduce(0, +) + 6 * truth.level)
        }
        #expect(isClose(analysis().channels[0].share?.mean, ratio))
    }

    @Test("without saturation marginal ROI is ROI and response curves are straight lines through their channel")
    func straightLines() {
        let analysis = analysis()
        for row in analysis.channels.prefix(2) {
            #expect(isClose(row.marginalROI?.q50, row.roi?.q50 ?? .nan, relative: 1e-9))
            let points = analysis.responseCurves.filter { $0.channel == row.channel }
            #expect(points.count == 21)
            #expect(points[10].spend == row.spend && isClose(points[10].contribution.mean, row.contribution.mean))
            for (index, point) in points.enumerated() {
                #expect(isClose(point.contribution.mean, Double(index) / 10 * row.contribution.mean))
            }
        }
    }

    @Test("a channel without spend has a contribution and no money figures")
    func organic() {
        let analysis = analysis()
        let row = analysis.channels[2]
        #expect(row.spend == 0 && isClose(row.contribution.mean, mean { 3 * $0.effects[2] }))
        #expect(row.roi == nil && row.marginalROI == nil && row.marginROI == nil && row.profitMean == nil)
        #expect(row.paybackWeeksQ50 == nil)
        #expect(!analysis.responseCurves.contains { $0.channel == "press" })
    }

    @Test("without a margin there is ROI but neither margin ROI, profit nor payback")
    func noMargin() {
        let analysis = analysis(margin: nil)
        #expect(analysis.channels[0].roi != nil && analysis.totals.roi != nil && analysis.totals.marginROI == nil)
        #expect(analysis.channels.allSatisfy { $0.marginROI == nil && $0.profitMean == nil })
        #expect(analysis.channels.allSatisfy { $0.paybackWeeksQ50 == nil })
    }

    @Test("quantities are named, chain-major and the same numbers as the tables")
    func quantities() {
        let analysis = analysis()
        #expect(
            analysis.quantities.map(\.name) == [
                "contribution[tv]", "contribution[search]", "contribution[press]", "roi[tv]", "roi[search]",
                "mroi[tv]", "mroi[search]", "baseline", "total",
            ])
        #expect(Estimate(draws: analysis.quantities[3].draws) == analysis.channels[0].roi)
        #expect(isClose(analysis.quantities[7].draws[1], 150))
        #expect(analysis.quantities[7].chains(count: 2).map(\.count) == [2, 2])
        #expect(analysis.quantities[7].chains(count: 2)[1][0] == analysis.quantities[7].draws[2])
    }

    @Test("quantities of one draw after another are those of the whole analysis")
    func quantitiesByDraw() {
        let model = Campaign.model()
        let draws = [0.1, 0.4, 0.5, 0.9].map { Campaign.Truth(alpha: $0, effects: [1 - $0, 1, 4]).constrained(model) }
        let whole = PosteriorAnalysis(model: model, constrained: draws, chainCount: 2).quantities
        var reported = ReportedQuantities(model)
        #expect(reported.names == whole.map(\.name))
        for (index, draw) in draws.enumerated() {
            #expect(reported.values(at: draw) == whole.map { $0.draws[index] })
        }
    }

    @Test("payback counts weeks from the week of spending until the margin has earned the spend back")
    func payback() {
        func weeks(effect: Double, alpha: Double, frequency: Frequency = .week) -> Double? {
            let model = Campaign.model(margin: 0.5, frequency: frequency)
            let draw = Campaign.Truth(alpha: alpha, effects: [effect, 1, 1]).constrained(model)
            return PosteriorAnalysis(model: model, constrained: [draw], chainCount: 1).channels[0].paybackWeeksQ50
        }
        // With α = 0.5 the weights are 4/7, 2/7, 1/7; gross profit ÷ spend is between effect and 1.5 × effect.
        #expect(weeks(effect: 10, alpha: 0.5) == 1)
        #expect(weeks(effect: 0.5, alpha: 0.5) == nil)
        // 1.25 … 1.45 of the spend: not earned back by 4/7, earned back by 6/7.
        #expect(weeks(effect: 1.0, alpha: 0.5) == 2)
        #expect(weeks(effect: 1.0, alpha: 0.5, frequency: .day) == 1)
        #expect(weeks(effect: 1.0, alpha: 0.5, frequency: .month) == 9)
        // 1 … 1.16 of the spend: not earned back by 6/7. Three months are a quarter, and so are 13 weeks.
        #expect(weeks(effect: 0.8, alpha: 0.5) == 3)
        #expect(weeks(effect: 0.8, alpha: 0.5, frequency: .month) == 13)
        let months = Campaign.model(margin: 0.5, frequency: .month)
        let draw = Campaign.Truth(alpha: 0.5, effects: [0.8, 1, 1]).constrained(months)
        let row = PosteriorAnalysis(model: months, constrained: [draw], chainCount: 1).finance[0]
        #expect(row.probabilityOfQuickPayback == 1 && row.paybackWeeks?.q50 == 13)
    }

    @Test("an estimate has the mean, the sd with divisor n - 1 and numpy's linear quantiles")
    func estimate() {
        // numpy: a = [3, 1, 4, 1, 5]; a.mean(), a.std(ddof=1), np.quantile(a, [.05, .5, .95])
        let estimate = Estimate(draws: [3, 1, 4, 1, 5])
        #expect(isClose(estimate.mean, 2.8) && isClose(estimate.sd, 1.7888543819998317))
        #expect(estimate.q05 == 1 && estimate.q50 == 3 && isClose(estimate.q95, 4.8))
        #expect(Estimate(draws: [7]).sd == 0)
    }

    @Test("two analyses of the same draws are equal to the bit")
    func determinism() {
        #expect(analysis().quantities == analysis().quantities)
        #expect(analysis().channels == analysis().channels)
    }
}
