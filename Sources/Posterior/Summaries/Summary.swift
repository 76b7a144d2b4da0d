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
    /// Effective sample size of the rank-normalised draws.
    public var essBulk: Double
    /// The smaller effective sample size of the 5 % and the 95 % quantile.
    public var essTail: Double
    /// Rank-normalised split R-hat.
    public var rHat: Double
    /// True when all draws are equal: convergence has no meaning then.
    public var isConstant: Bool

    /// `chains` is chains × draws, all of one length and at least one draw. Without a meaning (see `RHat` and
    /// `EffectiveSampleSize`) the last three figures and `mcseMean` are NaN; with a NaN among the draws all are.
    public init(chains: [[Double]]) {
        let ranked = RankedDraws(chains)
        let values = ranked?.draws.values ?? Array(chains.joined())
        let moments = Moments(values)
        mean = moments.mean
        sd = moments.variance.squareRoot()
        isConstant = values.allSatisfy { $0 == values[0] }
        guard let ranked else {
            let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: values)
            (q05, q50, q95) = (quantiles[0], quantiles[1], quantiles[2])
            (mcseMean, essBulk, essTail, rHat) = (.nan, .nan, .nan, .nan)
            return
        }
        q05 = Quantiles.quantile(0.05, ofSorted: ranked.order.sorted)
        q50 = Quantiles.quantile(0.5, ofSorted: ranked.order.sorted)
        q95 = Quantiles.quantile(0.95, ofSorted: ranked.order.sorted)
        let bulk = ranked.bulk
        rHat = RHat.rankNormalized(ranked, bulk: bulk)
        let sizes = EffectiveSampleSize.plain([
            bulk, ranked.indicator(atOrBelowQuantile: 0.05), ranked.indicator(atOrBelowQuantile: 0.95),
            ranked.draws.halved,
        ])
        essBulk = sizes[0]
        essTail = min(sizes[1], sizes[2])
        mcseMean = sd / sizes[3].squareRoot()
    }
}
