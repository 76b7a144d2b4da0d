/// Whether a fit may be used, and why not.
public struct ConvergenceVerdict: Sendable, Hashable {
    /// A figure with the name of the quantity that has it.
    public struct Extreme: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    public var passed: Bool
    /// The worst of the quantities that vary, nil without one; a NaN is worse than any number.
    public var highestRHat: Extreme?
    public var lowestBulkESS: Extreme?
    public var lowestTailESS: Extreme?
    /// Divergent draws among `draws`.
    public var divergences: Int
    /// Draws of all chains after warm-up.
    public var draws: Int
    /// The smallest of the chains' energy fractions; NaN where one is NaN or there is none.
    public var lowestEnergyFraction: Double
    /// One sentence each, empty when passed.
    public var reasons: [String]
    /// One sentence each: worth knowing, and no obstacle.
    public var warnings: [String]
}
