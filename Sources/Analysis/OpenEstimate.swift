/// What is reported of a number that is infinite at some draws, as the week in which something that never pays has paid: it
/// has no mean.
package struct OpenEstimate: Sendable, Hashable {
    /// Order statistics next to the quantiles, since nothing lies between a finite number and an infinite one; nil where
    /// they are infinite.
    package let q05: Double?
    package let q50: Double?
    package let q95: Double?

    /// - Parameter draws: not empty, none NaN.
    package init(draws: [Double]) {
        let sorted = draws.sorted()
        func quantile(_ probability: Double) -> Double? {
            let value = sorted[Int((probability * Double(sorted.count - 1)).rounded())]
            return value.isFinite ? value : nil
        }
        q05 = quantile(0.05)
        q50 = quantile(0.5)
        q95 = quantile(0.95)
    }
}
