import MarketingMix
import ModelDefinition

/// One channel's response in money at every draw.
struct ChannelEconomics: Sendable {
    /// Money, over the periods of the window.
    let spend: Double
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

    init(model: MarketingMixModel, channel: Int, constrained: [[Double]]) {
        let spend = model.spend(channel: channel)
        self.spend = spend
        var further: [Double] = []
        for parameters in constrained {
            let responses = model.mediaResponses(
                channel: channel, constrained: parameters, multipliers: spend > 0 ? [1, 1 + Effect.bump] : [1])
            let attributed = model.attributedResponse(
                channel: channel, constrained: parameters, actual: responses[0])
            revenue.append(attributed.revenueInWindow)
            revenueAfter.append(attributed.revenueAfter)
            if spend > 0 { further.append(responses[1].revenueInWindow - responses[0].revenueInWindow) }
        }
        guard spend > 0 else { return }
        roi = revenue.map { $0 / spend }
        marginalROI = further.map { $0 / (Effect.bump * spend) }
        guard let margin = model.specification.kpi.margin else { return }
        marginROI = revenue.map { margin * $0 / spend }
        profit = revenue.map { margin * $0 - spend }
        paybackPeriods = constrained.indices.map { draw in
            Payback.periods(
                grossProfit: margin * (revenue[draw] + revenueAfter[draw]), spend: spend,
                weights: model.adstockWeights(channel: channel, constrained: constrained[draw]))
        }
    }
}
