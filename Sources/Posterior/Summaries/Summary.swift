/// What is reported of one scalar quantity.
public struct Summary: Sendable, Hashable {
    public var mean: Double
    /// Divisor n − 1.
    public var sd: Double
    /// Monte Carlo standard error of the mean.
    public var mcseMean: Double
    public var q05: Double
    public var q50: Double
    public var q95: Double
    public var essBulk: Double
    public var essTail: Double
    public var rHat: Double
    /// True when all draws are equal: convergence has no meaning then.
    public var isConstant: Bool

    /// - Parameter chains: chains × draws, all of one length.
    public init(chains: [[Double]]) {
        let flat = chains.flatMap { $0 }
        mean = Moments.mean(flat)
        sd = Moments.variance(flat).squareRoot()
        mcseMean = sd / EffectiveSampleSize.mean(chains).squareRoot()
        let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: flat)
        (q05, q50, q95) = (quantiles[0], quantiles[1], quantiles[2])
        essBulk = EffectiveSampleSize.bulk(chains)
        essTail = EffectiveSampleSize.tail(chains)
        rHat = RHat.rankNormalized(chains)
        isConstant = flat.allSatisfy { $0 == flat.first }
    }
}
