/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, numpy's default).
public enum Quantiles {
    /// - Parameter sorted: ascending, not empty.
    public static func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
        precondition(!sorted.isEmpty, "a quantile of no values")
        let position = probability * Double(sorted.count - 1)
        let lower = Int(position.rounded(.down))
        let upper = min(lower + 1, sorted.count - 1)
        let fraction = position - Double(lower)
        return sorted[lower] + fraction * (sorted[upper] - sorted[lower])
    }

    /// Quantiles of values in any order; NaN where any value is NaN.
    public static func quantiles(_ probabilities: [Double], of values: [Double]) -> [Double] {
        guard !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
        let sorted = values.sorted()
        return probabilities.map { quantile($0, ofSorted: sorted) }
    }
}
