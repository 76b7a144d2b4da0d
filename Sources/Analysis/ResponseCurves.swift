import MarketingMix
import ModelDefinition

/// How a channel's contribution moves with its spend.
package enum ResponseCurves {
    /// Multiples of the historical spend: 0 to 2 in steps of a tenth, 1 among them.
    static let multipliers = (0...20).map { Double($0) / 10 }

    /// Nothing for a channel without spend: there is no money to scale.
    ///
    static func points(
        model: MarketingMixModel, channel: Int, spend: Double, draws: [MediaAnswer]
    ) -> [ResponseCurvePoint] {
        guard spend > 0 else { return [] }
        let curves = draws.map(\.curve).filter { !$0.isEmpty }
        return multipliers.enumerated().map { index, multiplier in
            ResponseCurvePoint(
                channel: model.specification.channels[channel].name, spend: multiplier * spend,
                contribution: Estimate(draws: curves.map { $0[index].kpiInWindow }))
        }
    }

    /// The multiple of its spend at which a channel's next unit of money brings one unit of gross profit: where the slope
    /// of margin × revenue, taken between the points of the curve and linear between their middles, falls through 1 for
    /// the last time. 0 where no money pays, infinite where it pays still at the end of the curve.
    ///
    /// - Parameter revenue: by multiplier.
    package static func breakEvenMultiplier(_ revenue: [Double], margin: Double, spend: Double) -> Double {
        let slopes = (1..<multipliers.count).map { index in
            margin * (revenue[index] - revenue[index - 1]) / ((multipliers[index] - multipliers[index - 1]) * spend)
        }
        guard let last = slopes.lastIndex(where: { $0 >= 1 }) else { return 0 }
        guard last + 1 < slopes.count else { return .infinity }
        func middle(_ index: Int) -> Double { (multipliers[index] + multipliers[index + 1]) / 2 }
        let way = (slopes[last] - 1) / (slopes[last] - slopes[last + 1])
        return middle(last) + way * (middle(last + 1) - middle(last))
    }
}
