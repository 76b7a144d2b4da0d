import Analysis
import MarketingMix
import ModelDefinition
import Testing

/// Margins that differ between periods, against sums by hand.
@Suite("margins by period")
struct MarginTests {
    private static let margins = [0.5, 0.4, 0.3, 0.2, 0.6, 0.1]
    private static let truths = [
        Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [1.1, 0.5, 2], level: 25, sigma: 4),
        Campaign.Truth(alpha: 0.8, effects: [1.5, 2, 1], level: 35, sigma: 6),
    ]

    private static func analysis(
        margin: Double? = nil, margins: [Double] = [], geos: [String] = []
    ) -> PosteriorAnalysis {
        let model = Campaign.model(margin: margin, margins: margins, geos: geos)
        return PosteriorAnalysis(
            model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1)
    }

    /// Σ margin × price × response over the weeks of the data.
    private static func grossProfit(_ truth: Campaign.Truth, _ channel: Int) -> Double {
        let response = truth.response(channel)
        return (0..<6).reduce(0) { $0 + margins[$1] * (Campaign.revenuePerKPI[$1] * response[$1]) }
    }

    private static func mean(_ value: (Campaign.Truth) -> Double) -> Double {
        truths.map(value).reduce(0, +) / Double(truths.count)
    }

    @Test("a campaign of one week earns by the margins of the weeks in which it works")
    func byHand() throws {
        // tv's 100, 50 and 200 in the first, third and sixth week with weights 4/7, 2/7, 1/7 and an effect of 1: the six weeks
        // bring (400, 200, 300, 100, 50, 800)/7, worth 2, in the last 3. Margins leave
        // (400 · 0.5 + 200 · 0.4 + 300 · 0.3 + 100 · 0.2 + 50 · 0.6) · 2/7 + 800 · 0.1 · 3/7 = 1080/7.
        let model = Campaign.model(margin: nil, margins: Self.margins)
        let draw = Campaign.Truth(effects: [1, 1, 1]).constrained(model)
        let analysis = PosteriorAnalysis(model: model, constrained: [draw], chainCount: 1)
        let row = try #require(analysis.finance.first)
        #expect(isClose(row.grossProfit?.mean, 1080.0 / 7))
        #expect(isClose(row.profit?.mean, 1080.0 / 7 - 350, relative: 1e-11))
        #expect(isClose(analysis.channels[0].marginROI?.mean, 1080.0 / 7 / 350))
        #expect(isClose(row.marginalMarginROI?.mean, 1080.0 / 7 / 350, relative: 1e-9))
    }

    @Test("gross profit, profit and returns of margin are those of the closed form, of channels and of all")
    func closedForm() throws {
        let analysis = Self.analysis(margins: Self.margins)
        var (all, money) = (0.0, 0.0)
        for (channel, spend) in [(0, 350.0), (1, 140.0)] {
            let expected = Self.mean { Self.grossProfit($0, channel) }
            let (row, finance) = (analysis.channels[channel], analysis.finance[channel])
            #expect(isClose(finance.grossProfit?.mean, expected))
            #expect(isClose(row.marginROI?.mean, expected / spend))
            #expect(isClose(row.profitMean, expected - spend, relative: 1e-11))
            #expect(isClose(finance.marginalMarginROI?.mean, expected / spend, relative: 1e-9))
            let earning = Self.truths.count { Self.grossProfit($0, channel) > spend }
            #expect(finance.probabilityOfProfit == Double(earning) / 3)
            all += expected
            money += spend
        }
        #expect(isClose(analysis.totals.marginROI?.mean, all / money))
    }

    @Test("the same margin in every period is one margin", arguments: [[], ["north", "south"]])
    func constant(geos: [String]) throws {
        let one = Self.analysis(margin: 0.4, geos: geos)
        let each = Self.analysis(margins: Campaign.kpi.map { _ in 0.4 }, geos: geos)
        #expect(one.channels.map(\.paybackWeeksQ50) == each.channels.map(\.paybackWeeksQ50))
        for (a, b) in zip(one.finance, each.finance) {
            #expect(isClose(a.grossProfit?.q05, b.grossProfit?.q05 ?? .nan))
            #expect(isClose(a.marginalMarginROI?.q50, b.marginalMarginROI?.q50 ?? .nan, relative: 1e-9))
            #expect(a.breakEvenSpend == b.breakEvenSpend && a.paybackWeeks == b.paybackWeeks)
        }
        for (a, b) in zip(one.windows, each.windows) {
            guard let margin = a.media?.marginROI?.mean else {
                #expect(b.media?.marginROI == nil)
                continue
            }
            #expect(isClose(b.media?.marginROI?.mean, margin))
        }
        for (a, b) in zip(one.geoChannels, each.geoChannels) {
            let expected = a.marginROI?.mean
            #expect(expected == nil ? b.marginROI == nil : isClose(b.marginROI?.mean, expected ?? .nan))
        }
    }

    @Test("a month's return of margin is by its own weeks' margins")
    func windows() throws {
        let analysis = Self.analysis(margins: Self.margins)
        // Search works at once: January has four of its weeks and three days of the fifth.
        let january = try #require(
            analysis.windows.first { $0.window.name == "2024-01" && $0.component == "search" }?.media)
        let spend = 10 + 10 + 20 + 20 + 40 * 3.0 / 7
        let earned = 2 * (10 * 0.5 + 10 * 0.4 + 20 * 0.3 + 20 * 0.2 + 40 * 3.0 / 7 * 0.6)
        #expect(isClose(january.spend, spend))
        #expect(isClose(january.marginROI?.mean, Self.mean { $0.effects[1] } * earned / spend))
    }

    @Test("the mean margin is weighted by revenue, of all periods or of the last")
    func mean() {
        let model = Campaign.model(margin: nil, margins: Self.margins)
        let revenue = zip(Campaign.kpi, Campaign.revenuePerKPI).map { $0 * $1 }
        let weighted = zip(Self.margins, revenue).map { $0 * $1 }
        #expect(isClose(model.meanMargin(), weighted.reduce(0, +) / revenue.reduce(0, +)))
        #expect(
            isClose(model.meanMargin(last: 2), weighted.suffix(2).reduce(0, +) / revenue.suffix(2).reduce(0, +)))
        // A plan goes on from the last periods of the data, held out or not; returns are of the window.
        var data = model.dataset
        data.holdOut(last: 2)
        let held = MarketingMixModel(specification: model.specification, dataset: data)
        #expect(isClose(held.meanMargin(last: 2), model.meanMargin(last: 2) ?? .nan))
        #expect(
            isClose(
                held.meanMargin(), weighted.dropLast(2).reduce(0, +) / revenue.dropLast(2).reduce(0, +)))
        #expect(Campaign.model(margin: 0.5).meanMargin(last: 2) == 0.5)
        #expect(Campaign.model(margin: nil).meanMargin() == nil && !Campaign.model(margin: nil).hasMargin)
    }

    @Test("breaks even where further gross profit is the money, by the margins of the periods")
    func breakEven() {
        // Without saturation all of it pays or none.
        let rich = Campaign.model(margin: nil, margins: Self.margins.map { $0 + 0.4 })
        let draw = Campaign.Truth(effects: [9, 0.1, 1]).constrained(rich)
        let rows = PosteriorAnalysis(model: rich, constrained: [draw], chainCount: 1).finance
        #expect(rows[0].breakEvenSpend?.q50 == nil && rows[1].breakEvenSpend?.q50 == 0)
    }
}
