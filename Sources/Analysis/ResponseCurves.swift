import MarketingMix
import ModelDefinition

/// How a channel's contribution moves with its spend.
enum ResponseCurves {
    /// Multiples of the historical spend: 0 to 2 in steps of a tenth, 1 among them.
    static let multipliers = (0...20).map { Double($0) / 10 }

    /// Nothing for a channel without spend: there is no money to scale.
    static func points(
        model: MarketingMixModel, channel: Int, spend: Double, constrained: [[Double]]
    ) -> [ResponseCurvePoint] {
        guard spend > 0 else { return [] }
        var draws = multipliers.map { _ in [Double]() }
        for parameters in constrained {
            let responses = model.mediaResponses(channel: channel, constrained: parameters, multipliers: multipliers)
            for (index, response) in responses.enumerated() { draws[index].append(response.kpiInWindow) }
        }
        return zip(multipliers, draws).map { multiplier, draws in
            ResponseCurvePoint(
                channel: model.specification.channels[channel].name, spend: multiplier * spend,
                contribution: Estimate(draws: draws))
        }
    }
}
