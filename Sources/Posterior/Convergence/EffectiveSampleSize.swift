import Kernels

/// Effective sample sizes (Vehtari et al. 2021, section 3.2 and 4.3).
public enum EffectiveSampleSize {
    /// Of the rank-normalised draws: how well the bulk of the distribution is explored.
    public static func bulk(_ chains: [[Double]]) -> Double {
        guard !RankNormalization.isUnusable(chains) else { return .nan }
        return plain(RankNormalization.normalized(RankNormalization.split(chains)))
    }

    /// The smaller of those of the 5 % and the 95 % quantile.
    public static func tail(_ chains: [[Double]]) -> Double {
        guard !RankNormalization.isUnusable(chains) else { return .nan }
        return min(quantile(0.05, chains), quantile(0.95, chains))
    }

    /// Of the mean.
    public static func mean(_ chains: [[Double]]) -> Double {
        guard !RankNormalization.isUnusable(chains) else { return .nan }
        return plain(RankNormalization.split(chains))
    }

    /// Of the quantile at `probability`: of the indicator of being at or below it.
    static func quantile(_ probability: Double, _ chains: [[Double]]) -> Double {
        let bound = Quantiles.quantiles([probability], of: chains.flatMap { $0 })[0]
        return plain(RankNormalization.split(chains.map { chain in chain.map { $0 <= bound ? 1 : 0 } }))
    }

    /// S ÷ τ with τ from Geyer's initial monotone sequence (Geyer 1992) of the autocorrelations of all chains together;
    /// at most S log₁₀ S. Constant values give S.
    static func plain(_ chains: [[Double]]) -> Double {
        let chainCount = chains.count
        let drawCount = chains[0].count
        let total = Double(chainCount * drawCount)
        let flat = chains.flatMap { $0 }
        if flat.allSatisfy({ $0 == flat[0] }) { return total }
        guard flat.allSatisfy(\.isFinite) else { return .nan }

        let transform = AutocovarianceTransform(length: drawCount)
        let autocovariances = chains.map(transform.autocovariance)
        let count = Double(drawCount)
        let meanVariance = Moments.mean(autocovariances.map { $0[0] }) * count / (count - 1)
        var pooledVariance = meanVariance * (count - 1) / count
        if chainCount > 1 { pooledVariance += Moments.variance(chains.map(Moments.mean)) }
        func correlation(_ lag: Int) -> Double {
            1 - (meanVariance - Moments.mean(autocovariances.map { $0[lag] })) / pooledVariance
        }

        var correlations = [Double](repeating: 0, count: drawCount)
        var even = 1.0
        var odd = correlation(1)
        correlations[0] = even
        correlations[1] = odd
        var lag = 1
        while lag < drawCount - 3, even + odd > 0 {
            even = correlation(lag + 1)
            odd = correlation(lag + 2)
            if even + odd >= 0 {
                correlations[lag + 1] = even
                correlations[lag + 2] = odd
            }
            lag += 2
        }
        let last = lag - 2
        if even > 0, last + 1 < drawCount { correlations[last + 1] = even }
        lag = 1
        while lag <= last - 2 {
            let before = correlations[lag - 1] + correlations[lag]
            if correlations[lag + 1] + correlations[lag + 2] > before {
                correlations[lag + 1] = before / 2
                correlations[lag + 2] = before / 2
            }
            lag += 2
        }
        var sum = 0.0
        for index in 0..<max(last + 1, 0) { sum += correlations[index] }
        let tail = last + 1 < drawCount ? correlations[last + 1] : 0
        let logarithm = Elementary.log(total) / Elementary.log(10.0)
        let tau = max(-1 + 2 * sum + tail, 1 / logarithm)
        return total / tau
    }
}
