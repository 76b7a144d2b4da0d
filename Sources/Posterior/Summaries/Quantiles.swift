/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
public enum Quantiles {
    /// - Parameters:
    ///   - probability: in [0, 1].
    ///   - sorted: ascending, not empty.
    public static func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
        precondition(!sorted.isEmpty, "a quantile of no values")
        precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
        let position = probability * Double(sorted.count - 1)
        let lower = Int(position.rounded(.down))
        let fraction = position - Double(lower)
        // Between equal values, infinite ones too, nothing is interpolated.
        if fraction == 0 || sorted[lower] == sorted[lower + 1] { return sorted[lower] }
        return sorted[lower] + fraction * (sorted[lower + 1] - sorted[lower])
    }

    /// Quantiles of values in any order, not empty; NaN where any value is NaN.
    public static func quantiles(_ probabilities: [Double], of values: [Double]) -> [Double] {
        guard !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
        let sorted = values.sorted()
        return probabilities.map { quantile($0, ofSorted: sorted) }
    }
}
