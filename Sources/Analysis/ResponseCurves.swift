import MarketingMix

/// How a channel's contribution moves with its spend.
enum ResponseCurves {
    /// Multiples of the historical spend: 0 to 2 in steps of a tenth, 1 among them.
    static let multipliers = (0...20).map { Double($0) / 10 }

    /// Nothing for a channel without spend: there is no money to scale.
    static func points(
        model: MarketingMixModel, channel: Int, spend: Double, constrained: [[Double]]
    ) -> [ResponseCurvePoint] {
        guard spend > 0 else { return [] }
        return multipliers.map { multiplier in
            let draws = constrained.map {
                model.mediaResponse(channel: channel, constrained: $0, multiplier: multiplier).kpiInWindow
            }
            return ResponseCurvePoint(
                channel: model.specification.channels[channel].name, spend: multiplier * spend,
                contribution: Estimate(draws: draws))
        }
    }
}
