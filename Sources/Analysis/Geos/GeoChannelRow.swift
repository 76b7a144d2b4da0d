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
    /// Revenue of its contribution within the window.
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

    /// By channel in the model's order, then geo; empty for a single series.
    ///
    /// - Parameter bufferCountMax: most numbers held at once, unless a single channel needs more.
    static func all(
        _ model: MarketingMixModel, constrained: [[Double]], bufferCountMax: Int = ComponentFold.bufferCountMax,
        by processors: some ParallelMap
    ) -> [GeoChannelRow] {
        let geos = model.dataset.geos.count
        guard geos > 0 else { return [] }
        let channels = model.specification.channels.indices
        let batch = max(1, bufferCountMax / (GeoAnswer.numberCount * geos * constrained.count))
        return stride(from: 0, to: channels.count, by: batch).flatMap { first -> [GeoChannelRow] in
            let members = first..<min(first + batch, channels.count)
            let draws = processors.mapBlocks(of: constrained.count, size: blockLength) { draws in
                constrained[draws].map { parameters in
                    let draw = ModelDraw(model, parameters)
                    return members.map { GeoAnswer.all(draw, channel: $0) }
                }
            }.flatMap(\.self)
            return processors.map(members.count * geos) { index in
                let (member, geo) = (index / geos, index % geos)
                return GeoChannelRow(
                    model, channel: first + member, geo: geo, draws: draws.map { $0[member][geo] })
            }
        }
    }

    private init(_ model: MarketingMixModel, channel: Int, geo: Int, draws: [GeoAnswer]) {
        let spend = model.spend(channel: channel, geo: geo)
        self.channel = model.specification.channels[channel].name
        self.geo = model.dataset.geos[geo]
        self.spend = spend
        contribution = Estimate(draws: draws.map(\.kpi))
        incrementalRevenue = Estimate(draws: draws.map(\.revenue))
        guard spend > 0 else {
            (roi, marginalROI, marginROI, profitMean) = (nil, nil, nil, nil)
            return
        }
        roi = Estimate(draws: draws.map { $0.revenue / spend })
        marginalROI = Estimate(draws: draws.map { $0.furtherRevenue / (Effect.bump * spend) })
        marginROI = model.hasMargin ? Estimate(draws: draws.map { $0.grossProfit / spend }) : nil
        profitMean = model.hasMargin ? Estimate.mean(draws.map { $0.grossProfit - spend }) : nil
    }
}

/// What a channel's media bring in one geo at one draw, within the window.
private struct GeoAnswer: Sendable {
    let kpi: Double
    let revenue: Double
    /// 0 without a margin.
    let grossProfit: Double
    /// Revenue that one per cent more exposure would have brought.
    let furtherRevenue: Double

    static let numberCount = 4

    /// By geo.
    static func all(_ draw: ModelDraw, channel: Int) -> [GeoAnswer] {
        let responses = draw.geoMediaResponses(channel: channel, multipliers: [1, 1 + Effect.bump])
        let attributed = draw.geoAttributedResponses(channel: channel, actual: responses.map { $0[0] })
        return zip(responses, attributed).map { responses, attributed in
            GeoAnswer(
                kpi: attributed.kpiInWindow, revenue: attributed.revenueInWindow,
                grossProfit: draw.model.grossProfit(of: attributed)?.inWindow ?? 0,
                furtherRevenue: responses[1].revenueInWindow - responses[0].revenueInWindow)
        }
    }
}
