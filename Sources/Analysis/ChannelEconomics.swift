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

    /// - Parameters:
    ///   - multipliers: of a channel with spend, 1 and 1 + `Effect.bump` among them.
    ///   - responses: at every draw, by multiplier.
    init(
        model: MarketingMixModel, channel: Int, constrained: [[Double]], multipliers: [Double],
        responses: [[MediaResponse]]
    ) {
        let spend = model.spend(channel: channel)
        self.spend = spend
        guard let actual = multipliers.firstIndex(of: 1), let raised = multipliers.firstIndex(of: 1 + Effect.bump)
        else { preconditionFailure("a marginal return needs exposure as it was and a little more") }
        var further: [Double] = []
        for (parameters, responses) in zip(constrained, responses) {
            let attributed = model.attributedResponse(
                channel: channel, constrained: parameters, actual: responses[actual])
            kpi.append(attributed.kpiInWindow)
            revenue.append(attributed.revenueInWindow)
            revenueAfter.append(attributed.revenueAfter)
            further.append(responses[raised].revenueInWindow - responses[actual].revenueInWindow)
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

    /// For draws of which no curve is asked.
    init(model: MarketingMixModel, channel: Int, constrained: [[Double]]) {
        let multipliers = [1, 1 + Effect.bump]
        self.init(
            model: model, channel: channel, constrained: constrained, multipliers: multipliers,
            responses: constrained.map {
                model.mediaResponses(channel: channel, constrained: $0, multipliers: multipliers)
            })
    }
}
