/// Potential scale reduction of many short chains, grouped in superchains that begin at one point each
/// (Margossian et al., "Nested R-hat", Bayesian Analysis 2024, arXiv 2110.13017).
public struct NestedRHat: Sendable, Hashable {
    /// √(1 + B/W): B the variance of the superchains' means, W the mean over superchains of the variance between their
    /// chains' means plus the mean variance within a chain.
    public let value: Double
    /// What `value` may reach at stationarity: √(1 + 1/M + 1e-4), M the chains of a superchain.
    public let threshold: Double
    /// Fewer than sixteen chains in a superchain say too little.
    public let isDecidable: Bool

    /// Whether the superchains agree. Chains of several draws have to come below 1.01 as well, since the threshold is
    /// lenient for them. Nil where it cannot be decided.
    public let agrees: Bool?

    /// - Parameter superchains: superchains × chains × draws, all of one shape; two superchains or more.
    ///
    /// `value` is NaN with a NaN among the draws or draws that are all equal, infinite where every superchain stays at a
    /// value of its own.
    public init(_ superchains: [[[Double]]]) {
        precondition(superchains.count > 1 && !superchains[0].isEmpty, "superchains have chains, and are two or more")
        let chainCount = superchains[0].count
        let drawCount = superchains[0][0].count
        precondition(
            drawCount > 0
                && superchains.allSatisfy { $0.count == chainCount && $0.allSatisfy { $0.count == drawCount } },
            "superchains have one shape")
        var means: [Double] = []
        var within = 0.0
        for chains in superchains {
            let moments = chains.map { Moments($0) }
            let chainMeans = Moments(moments.map(\.mean))
            means.append(chainMeans.mean)
            let between = chainCount == 1 ? 0 : chainMeans.variance
            let inner = drawCount == 1 ? 0 : Moments(moments.map(\.variance)).mean
            within += (between + inner) / Double(superchains.count)
        }
        let between = Moments(means).variance
        value =
            within == 0
            ? (between == 0 ? .nan : (between.isNaN ? .nan : .infinity)) : (1 + between / within).squareRoot()
        threshold = (1 + 1 / Double(chainCount) + 1e-4).squareRoot()
        isDecidable = chainCount >= 16
        agrees = isDecidable ? value < threshold && (drawCount == 1 || value < 1.01) : nil
    }
}
