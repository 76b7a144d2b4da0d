import Kernels

/// Effective sample sizes of chains × draws (Vehtari et al. 2021), all from halved chains.
///
/// NaN with fewer than four draws a chain, chains of different lengths or a NaN among the draws; the number of draws
/// where what is measured does not vary. Infinite draws leave bulk, tail, median and quantiles defined.
public enum EffectiveSampleSize {
    /// Of the rank-normalised draws: how well the bulk of the distribution is explored.
    public static func bulk(_ chains: [[Double]]) -> Double {
        RankedDraws(chains).map { plain([$0.bulk])[0] } ?? .nan
    }

    /// The smaller of those of the 5 % and the 95 % quantile: how well the tails are explored.
    public static func tail(_ chains: [[Double]]) -> Double {
        guard let ranked = RankedDraws(chains) else { return .nan }
        let sizes = plain([0.05, 0.95].map(ranked.indicator))
        return min(sizes[0], sizes[1])
    }

    /// Of the mean.
    public static func mean(_ chains: [[Double]]) -> Double {
        DrawMatrix(chains).map { plain([$0.halved])[0] } ?? .nan
    }

    /// Of the standard deviation: of (x − mean)².
    public static func sd(_ chains: [[Double]]) -> Double {
        DrawMatrix(chains).map { plain([$0.squaredDeviations.halved])[0] } ?? .nan
    }

    /// Of the median.
    public static func median(_ chains: [[Double]]) -> Double {
        quantile(0.5, chains)
    }

    /// Of the quantile at `probability`: of the indicator of being at or below it.
    public static func quantile(_ probability: Double, _ chains: [[Double]]) -> Double {
        RankedDraws(chains).map { quantile(probability, $0) } ?? .nan
    }

    static func quantile(_ probability: Double, _ ranked: RankedDraws) -> Double {
        plain([ranked.indicator(atOrBelowQuantile: probability)])[0]
    }

    /// Of the chains as they are and the values themselves.
    package static func identity(_ chains: [[Double]]) -> Double {
        DrawMatrix(chains).map { plain([$0])[0] } ?? .nan
    }

    /// S ÷ τ of the S draws of each matrix, at most S log₁₀ S. All matrices have one shape.
    static func plain(_ matrices: [DrawMatrix]) -> [Double] {
        var sizes = matrices.map { $0.isConstant ? Double($0.values.count) : .nan }
        var open = matrices.indices.filter { index in
            !matrices[index].isConstant && matrices[index].values.allSatisfy(\.isFinite)
        }
        guard let shape = matrices.first else { return [] }
        // A quarter of the lags is nearly always enough, and costs half as much.
        for lagCount in [shape.drawCount / 4, shape.drawCount] {
            let autocovariances = Autocovariance.pooled(open.map { matrices[$0] }, lagCount: lagCount)
            var unresolved: [Int] = []
            for (index, autocovariance) in zip(open, autocovariances) {
                if let time = autocorrelationTime(matrices[index], autocovariance) {
                    let total = Double(matrices[index].values.count)
                    sizes[index] = total / max(time, Elementary.log(10.0) / Elementary.log(total))
                } else {
                    unresolved.append(index)
                }
            }
            open = unresolved
        }
        return sizes
    }

    /// τ = −1 + 2 Σ P_k, with P_k = ρ_2k + ρ_2k+1 the sums of pairs of autocorrelations of all chains together, as long
    /// as they are positive and each made no greater than the one before: Geyer's initial monotone sequence (1992,
    /// section 3.3). The even half of the first pair left out counts where it is positive, which steadies the estimate
    /// for antithetic chains.
    ///
    /// Nil where the sequence goes on beyond the lags at hand.
    private static func autocorrelationTime(_ chains: DrawMatrix, _ autocovariance: [Double]) -> Double? {
        let count = Double(chains.drawCount)
        guard autocovariance.count >= 2 else { return nil }
        let within = autocovariance[0] * count / (count - 1)
        let between = chains.chainCount > 1 ? Moments(chains.moments.map(\.mean)).variance : 0
        let pooled = autocovariance[0] + between
        func correlation(_ lag: Int) -> Double {
            1 - (within - autocovariance[lag]) / pooled
        }
        var sum = 0.0
        var bound = Double.infinity
        var lag = 0
        var even = 1.0
        var pair = even + correlation(1)
        while pair > 0, lag + 4 < chains.drawCount {
            bound = min(bound, pair)
            sum += bound
            lag += 2
            guard lag + 1 < autocovariance.count else { return nil }
            even = correlation(lag)
            pair = even + correlation(lag + 1)
        }
        let last = even > 0 || pair >= 0 ? even : 0
        return -1 + 2 * sum + last
    }
}
