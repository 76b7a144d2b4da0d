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
    /// Nil without spend.
    private(set) var roi: [Double]?
    private(set) var marginalROI: [Double]?
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
        guard let margin = model.specification.kpi.margin else { return }
        marginROI = revenue.map { margin * $0 / spend }
        profit = revenue.map { margin * $0 - spend }
        paybackPeriods = draws.map {
            Payback.periods(
                grossProfit: margin * ($0.attributed.revenueInWindow + $0.attributed.revenueAfter), spend: spend,
                weights: $0.adstockWeights)
        }
    }
}
