/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
public enum Quantiles {
    /// - Parameters:
    ///   - probability: in [0, 1].
    ///   - sorted: ascending, not empty.
    public static func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
        let (lower, fraction) = position(of: probability, count: sorted.count)
        return interpolate(sorted[lower], fraction == 0 ? sorted[lower] : sorted[lower + 1], fraction)
    }

    /// Index of the order statistic at or below a quantile, and the way to the next.
    private static func position(of probability: Double, count: Int) -> (lower: Int, fraction: Double) {
        precondition(count > 0, "a quantile of no values")
        precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
        let position = probability * Double(count - 1)
        let lower = Int(position.rounded(.down))
        return (lower, position - Double(lower))
    }

    private static func interpolate(_ lower: Double, _ upper: Double, _ fraction: Double) -> Double {
        // Between equal values, infinite ones too, nothing is interpolated.
        lower == upper ? lower : lower + fraction * (upper - lower)
    }

    /// Quantiles of values in any order, not empty; NaN where any value is NaN.
    public static func quantiles(_ probabilities: [Double], of values: [Double]) -> [Double] {
        guard !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
        let positions = probabilities.map { position(of: $0, count: values.count) }
        let ranks = Set(positions.flatMap { [$0.lower, $0.fraction > 0 ? $0.lower + 1 : $0.lower] }).sorted()
        let statistics = OrderStatistics(ranks: ranks, of: values)
        return positions.map { lower, fraction in
            let value = statistics[lower]
            return fraction > 0 ? interpolate(value, statistics[lower + 1], fraction) : value
        }
    }

    /// The value at an index of the ascending order of values without NaN.
    package static func orderStatistic(_ rank: Int, of values: [Double]) -> Double {
        OrderStatistics(ranks: [rank], of: values)[rank]
    }
}
