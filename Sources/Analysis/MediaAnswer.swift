import MarketingMix
import ModelDefinition

/// What one draw says of a channel's media as a whole.
struct MediaAnswer: Sendable {
    /// The KPI with its exposures less the KPI without, for those of the data and for a little more of them.
    let actual: MediaResponse
    let raised: MediaResponse
    /// The channel's share of the KPI, which with an additive model is `actual`.
    let attributed: MediaResponse
    /// By lag.
    let adstockWeights: [Double]
    /// As `ModelDraw` has it; nil where no curve is asked for either.
    let saturationPosition: Double?
    /// By multiple of `ResponseCurves.multipliers`; empty where no curve is asked for.
    let curve: [MediaResponse]

    init(_ draw: ModelDraw, channel: Int, hasCurve: Bool) {
        let multipliers = hasCurve ? ResponseCurves.multipliers : []
        let responses = draw.mediaResponses(channel: channel, multipliers: multipliers + [1, 1 + Effect.bump])
        actual = responses[multipliers.count]
        raised = responses[multipliers.count + 1]
        attributed = draw.attributedResponse(channel: channel, actual: actual)
        adstockWeights = draw.parameters.adstockWeights(channel: channel)
        saturationPosition = hasCurve ? draw.saturationPosition(channel: channel) : nil
        curve = Array(responses.prefix(multipliers.count))
    }
}
