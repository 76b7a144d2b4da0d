import Analysis
import MarketingMix
import ModelDefinition
import Testing

/// What channels' money did, against the closed forms of a campaign without saturation.
@Suite("finance of channels")
struct FinanceTests {
    private let model = Campaign.model()
    private let truths = [
        Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [1.1, 0.5, 2], level: 25, sigma: 4),
        Campaign.Truth(alpha: 0.8, effects: [1.5, 2, 1], level: 35, sigma: 6),
    ]

    private func rows(margin: Double?) -> [FinanceRow] {
        let model = Campaign.model(margin: margin)
        return PosteriorAnalysis(
            model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1
        ).finance
    }

    @Test("revenue, profit and cost are those of the closed form, and without saturation the next money brings as much")
    func closedForm() throws {
        let rows = rows(margin: 0.5)
        #expect(rows.map(\.channel) == ["tv", "search"])
        for (channel, row) in rows.enumerated() {
            let spend = [Campaign.tv, Campaign.search][channel].reduce(0, +)
            let revenue = truths.map { $0.revenueInWindow(channel) }
            let mean = revenue.reduce(0, +) / 3
            #expect(row.spend == spend)
            #expect(isClose(row.incrementalRevenue.mean, mean) && isClose(row.grossProfit?.mean, 0.5 * mean))
            #expect(isClose(row.profit?.mean, 0.5 * mean - spend))
            let profitable = revenue.count { 0.5 * $0 > spend }
            #expect(isClose(row.probabilityOfProfit, Double(profitable) / 3))
            #expect(isClose(row.marginalMarginROI?.mean, 0.5 * mean / spend, relative: 1e-9))
            #expect(isClose(row.elasticity.mean, 1, relative: 1e-9))
            let kpi = truths.map { $0.response(channel).prefix(Campaign.kpi.count).reduce(0, +) }.sorted()
            #expect(isClose(row.costPerKPI.q50, spend / kpi[1]))
            let carried = truths.map { channel == 0 ? 1 - $0.weights[0] : 0 }.reduce(0, +) / 3
            #expect(abs(row.carryOverShare.mean - carried) < 1e-12)
        }
        // Where every unit of money brings as much, all of it pays or none.
        #expect(rows[0].breakEvenSpend?.q05 == 0 && rows[0].breakEvenSpend?.q95 == nil)
    }

    @Test("without a margin there is no profit, and without spend no row")
    func withoutMargin() {
        let rows = rows(margin: nil)
        #expect(rows.count == 2)
        #expect(
            rows.allSatisfy {
                $0.grossProfit == nil && $0.profit == nil && $0.breakEvenSpend == nil && $0.paybackWeeks == nil
            })
    }

    @Test("a saturated channel's break-even is where the slope of its gross profit is 1")
    func breakEven() {
        // Revenue 300 √m of a spend of 100 at the multiple m: margin ½ gives a slope of 1 at m = (0.75)².
        let revenue = (0...20).map { 300 * (Double($0) / 10).squareRoot() }
        let found = ResponseCurves.breakEvenMultiplier(revenue, margin: 0.5, spend: 100)
        #expect(abs(found - 0.5625) < 0.01)
        #expect(ResponseCurves.breakEvenMultiplier(revenue, margin: 0.01, spend: 100) < 0.06)
        #expect(ResponseCurves.breakEvenMultiplier(revenue, margin: 5, spend: 100) == .infinity)
    }

    @Test("quantiles of what never happens in some draws are those of the draws in which it does, or none")
    func open() {
        let estimate = OpenEstimate(draws: [.infinity, 3, 1, .infinity, 2])
        #expect(estimate.q05 == 1 && estimate.q50 == 3 && estimate.q95 == nil)
    }
}
