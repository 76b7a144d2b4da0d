/// The narrowest interval that holds a share of the draws, of a distribution with one mode (Hyndman 1996; Chen & Shao
/// 1999).
public struct HighestDensityInterval: Sendable, Hashable {
    public var lower: Double
    public var upper: Double

    /// The leftmost of the narrowest intervals from one draw to the ⌊`probability` · n⌋-th above it. NaN without draws
    /// or with a NaN among them; `probability` lies inside (0, 1).
    public init(_ probability: Double, of values: [Double]) {
        precondition(probability > 0 && probability < 1, "a share of the draws lies between 0 and 1")
        guard !values.isEmpty, !values.contains(where: \.isNaN) else {
            (lower, upper) = (.nan, .nan)
            return
        }
        let sorted = values.sorted()
        let reach = Int(probability * Double(sorted.count))
        var best = 0
        for start in 1..<sorted.count - reach
        where sorted[start + reach] - sorted[start] < sorted[best + reach] - sorted[best] {
            best = start
        }
        (lower, upper) = (sorted[best], sorted[best + reach])
    }
}
