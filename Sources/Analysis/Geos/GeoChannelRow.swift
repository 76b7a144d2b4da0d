import Kernels
import MarketingMix
import ModelDefinition

/// What one channel cost and brought in one geo of a panel over the window of the data.
///
/// Returns are nil for a channel that spends nothing in the geo, and those about margin also where no margin is known.
package struct GeoChannelRow: Sendable, Hashable {
    package let channel: String
    package let geo: String
    /// Money, over the window.
    package let spend: Double
    /// KPI units within the window.
    package let contribution: Estimate
    /// Revenue within the window that there would not have been without the channel.
    package let incrementalRevenue: Estimate
    /// That ÷ spend.
    package let roi: Estimate?
    /// [revenue(1.01 × exposure of the geo) − revenue] ÷ (0.01 × spend), within the window.
    package let marginalROI: Estimate?
    /// Gross profit of the revenue ÷ spend.
    package let marginROI: Estimate?
    /// Mean of that gross profit − spend.
    package let profitMean: Double?
}

extension GeoChannelRow {
    /// Draws whose responses are one processor's at a time.
    private static let blockLength = 50

    /// By channel in the model's order, then geo; empty for a single series. One channel's draws are held at a time.
    static func all(
        _ model: MarketingMixModel, constrained: [[Double]], by processors: some ParallelMap
    ) -> [GeoChannelRow] {
        guard !model.dataset.geos.isEmpty else { return [] }
        return model.specification.channels.indices.flatMap { channel in
            let responses = processors.mapBlocks(of: constrained.count, size: blockLength) { draws in
                constrained[draws].map { GeoResponses(model, channel: channel, constrained: $0) }
            }.flatMap(\.self)
            return processors.map(model.dataset.geos.count) { geo in
                GeoChannelRow(model, channel: channel, geo: geo, responses: responses)
            }
        }
    }

    private init(_ model: MarketingMixModel, channel: Int, geo: Int, responses: [GeoResponses]) {
        let spend = model.spend(channel: channel, geo: geo)
        let grossProfit = responses.compactMap { model.grossProfit(of: $0.attributed[geo])?.inWindow }
        self.channel = model.specification.channels[channel].name
        self.geo = model.dataset.geos[geo]
        self.spend = spend
        contribution = Estimate(draws: responses.map { $0.attributed[geo].kpiInWindow })
        incrementalRevenue = Estimate(draws: responses.map { $0.attributed[geo].revenueInWindow })
        guard spend > 0 else {
            (roi, marginalROI, marginROI, profitMean) = (nil, nil, nil, nil)
            return
        }
        roi = Estimate(draws: responses.map { $0.attributed[geo].revenueInWindow / spend })
        marginalROI = Estimate(draws: responses.map { $0.furtherRevenue[geo] / (Effect.bump * spend) })
        marginROI = model.hasMargin ? Estimate(draws: grossProfit.map { $0 / spend }) : nil
        profitMean = model.hasMargin ? Estimate.mean(grossProfit.map { $0 - spend }) : nil
    }
}

/// What a channel's media bring in every geo at one draw.
private struct GeoResponses: Sendable {
    let attributed: [MediaResponse]
    /// Revenue that one per cent more exposure would have brought.
    let furtherRevenue: [Double]

    init(_ model: MarketingMixModel, channel: Int, constrained: [Double]) {
        let responses = model.geoMediaResponses(
            channel: channel, constrained: constrained, multipliers: [1, 1 + Effect.bump])
        attributed = model.geoAttributedResponses(
            channel: channel, constrained: constrained, actual: responses.map { $0[0] })
        furtherRevenue = responses.map { $0[1].revenueInWindow - $0[0].revenueInWindow }
    }
}
