/// The interval that leaves as many draws below it as above.
public struct EqualTailedInterval: Sendable, Hashable {
    public var lower: Double
    public var upper: Double

    /// The quantiles at (1 − `probability`)/2 and 1 − (1 − `probability`)/2. NaN without draws or with a NaN among
    /// them; `probability` lies inside (0, 1).
    public init(_ probability: Double, of values: [Double]) {
        precondition(probability > 0 && probability < 1, "a share of the draws lies between 0 and 1")
        guard !values.isEmpty else {
            (lower, upper) = (.nan, .nan)
            return
        }
        let tail = (1 - probability) / 2
        let ends = Quantiles.quantiles([tail, 1 - tail], of: values)
        (lower, upper) = (ends[0], ends[1])
    }
}
