import MarketingMix
import ModelDefinition

/// How a channel's contribution moves with its spend.
enum ResponseCurves {
    /// Multiples of the historical spend: 0 to 2 in steps of a tenth, 1 among them.
    static let multipliers = (0...20).map { Double($0) / 10 }

    /// Nothing for a channel without spend: there is no money to scale.
    ///
    /// - Parameter responses: at every draw, by multiplier, those of the curve first.
    static func points(
        model: MarketingMixModel, channel: Int, spend: Double, responses: [[MediaResponse]]
    ) -> [ResponseCurvePoint] {
        guard spend > 0 else { return [] }
        return multipliers.enumerated().map { index, multiplier in
            ResponseCurvePoint(
                channel: model.specification.channels[channel].name, spend: multiplier * spend,
                contribution: Estimate(draws: responses.map { $0[index].kpiInWindow }))
        }
    }
}
