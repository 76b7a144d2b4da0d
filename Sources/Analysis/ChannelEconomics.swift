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
        var grossProfits: [(inWindow: Double, inAll: Double)] = []
        var furtherGrossProfit: [Double] = []
        for (parameters, responses) in zip(constrained, responses) {
            let attributed = model.attributedResponse(
                channel: channel, constrained: parameters, actual: responses[actual])
            kpi.append(attributed.kpiInWindow)
            revenue.append(attributed.revenueInWindow)
            revenueAfter.append(attributed.revenueAfter)
            further.append(responses[raised].revenueInWindow - responses[actual].revenueInWindow)
            guard let own = model.grossProfit(of: attributed) else { continue }
            grossProfits.append(own)
            furtherGrossProfit.append(
                responses[raised].datedGrossProfitInWindow - responses[actual].datedGrossProfitInWindow)
        }
        guard spend > 0 else { return }
        roi = revenue.map { $0 / spend }
        marginalROI = further.map { $0 / (Effect.bump * spend) }
        guard model.hasMargin else { return }
        grossProfit = grossProfits.map(\.inWindow)
        marginalMarginROI =
            model.specification.kpi.margin.map { margin in marginalROI?.map { margin * $0 } }
            ?? furtherGrossProfit.map { $0 / (Effect.bump * spend) }
        marginROI = grossProfits.map { $0.inWindow / spend }
        profit = grossProfits.map { $0.inWindow - spend }
        paybackPeriods = zip(constrained, grossProfits).map { parameters, grossProfit in
            Payback.periods(
                grossProfit: grossProfit.inAll, spend: spend,
                weights: model.adstockWeights(channel: channel, constrained: parameters))
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
