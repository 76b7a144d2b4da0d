/// Monte Carlo standard errors of estimates from chains × draws (Vehtari et al. 2021; for the standard deviation
/// the delta method, Kenney & Keeping 1951). NaN where the effective sample size is.
public enum MonteCarloError {
    /// Of the mean: sd ÷ √ESS.
    public static func mean(_ chains: [[Double]]) -> Double {
        guard let draws = DrawMatrix(chains) else { return .nan }
        return Moments(draws.values).variance.squareRoot() / EffectiveSampleSize.mean(chains).squareRoot()
    }

    /// Of the standard deviation: √((m₄ − m₂²) ÷ ESS of (x − mean)²) ÷ (2 √m₂), m₂ and m₄ the central moments with
    /// divisor n. 0 for draws that are all equal.
    public static func sd(_ chains: [[Double]]) -> Double {
        guard let squares = DrawMatrix(chains)?.squaredDeviations else { return .nan }
        let second = Moments(squares.values).mean
        if second == 0 { return 0 }
        let count = Double(squares.values.count)
        let spread = Moments(squares.values).variance * (count - 1) / count
        let size = EffectiveSampleSize.plain([squares.halved])[0]
        return (spread / size / second).squareRoot() / 2
    }

    /// Of the median.
    public static func median(_ chains: [[Double]]) -> Double {
        quantile(0.5, chains)
    }

    /// Of the quantile at `probability`: half the distance between the draws at the 16 % and 84 % quantiles of
    /// Beta(ESS·p + 1, ESS·(1 − p) + 1), which the quantile's own probability follows.
    public static func quantile(_ probability: Double, _ chains: [[Double]]) -> Double {
        guard let ranked = RankedDraws(chains) else { return .nan }
        let size = EffectiveSampleSize.quantile(probability, ranked)
        let (a, b) = (size * probability + 1, size * (1 - probability) + 1)
        let sorted = ranked.order.sorted
        // One standard deviation either side: Φ(−1) and Φ(1).
        let below = IncompleteBeta.quantile(0.15865525393145705, a, b) * Double(sorted.count) - 1
        let above = IncompleteBeta.quantile(0.8413447460685429, a, b) * Double(sorted.count) - 1
        let low = sorted[max(Int(below.rounded(.down)), 0)]
        let high = sorted[min(Int(above.rounded(.up)), sorted.count - 1)]
        return (high - low) / 2
    }
}
