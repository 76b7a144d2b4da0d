import MarketingMix
import ModelDefinition

/// One channel's response in money at every draw.
struct ChannelEconomics: Sendable {
    /// Money, over the periods of the window.
    let spend: Double
    /// KPI units within the window, by draw.
    private(set) var kpi: [Double] = []
    /// Revenue within the window, by draw.
    private(set) var revenue: [Double] = []
    /// Revenue after the window, by draw.
    private(set) var revenueAfter: [Double] = []
    /// Margin × revenue within the window, by draw; nil without spend or a margin, as all that follows from it.
    private(set) var grossProfit: [Double]?
    /// Nil without spend.
    private(set) var roi: [Double]?
    private(set) var marginalROI: [Double]?
    private(set) var marginalMarginROI: [Double]?
    private(set) var marginROI: [Double]?
    private(set) var profit: [Double]?
    /// Periods, infinite for "never".
    private(set) var paybackPeriods: [Double]?

    init(model: MarketingMixModel, channel: Int, draws: [MediaAnswer]) {
        let spend = model.spend(channel: channel)
        self.spend = spend
        kpi = draws.map(\.attributed.kpiInWindow)
        revenue = draws.map(\.attributed.revenueInWindow)
        revenueAfter = draws.map(\.attributed.revenueAfter)
        guard spend > 0 else { return }
        roi = revenue.map { $0 / spend }
        marginalROI = draws.map {
            ($0.raised.revenueInWindow - $0.actual.revenueInWindow) / (Effect.bump * spend)
        }
        guard model.hasMargin else { return }
        let grossProfits = draws.compactMap { model.grossProfit(of: $0.attributed) }
        grossProfit = grossProfits.map(\.inWindow)
        marginalMarginROI =
            model.specification.kpi.margin.map { margin in marginalROI?.map { margin * $0 } }
            ?? draws.map {
                ($0.raised.datedGrossProfitInWindow - $0.actual.datedGrossProfitInWindow) / (Effect.bump * spend)
            }
        marginROI = grossProfits.map { $0.inWindow / spend }
        profit = grossProfits.map { $0.inWindow - spend }
        paybackPeriods = zip(draws, grossProfits).map { draw, grossProfit in
            Payback.periods(grossProfit: grossProfit.inAll, spend: spend, weights: draw.adstockWeights)
        }
    }
}
