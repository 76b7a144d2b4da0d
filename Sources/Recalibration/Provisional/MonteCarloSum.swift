import Posterior

/// The Monte Carlo error of sums over draws.
enum MonteCarloSum {
    /// Standard error of Σ z: S · sd(z) ÷ √ESS(z) of S draws. Draws that are too few for an effective size count as
    /// independent; NaN where a z is.
    ///
    /// - Parameter terms: chain after chain.
    static func error(_ terms: [Double], chainCount: Int) -> Double {
        let variance = Moments(terms).variance
        if variance == 0 { return 0 }
        let count = Double(terms.count)
        let size = EffectiveSampleSize.mean(chains(of: terms, count: chainCount))
        return count * (variance / (size.isNaN ? count : size)).squareRoot()
    }

    /// Chains × draws of draws that stand chain after chain.
    static func chains(of draws: [Double], count: Int) -> [[Double]] {
        let length = draws.count / count
        return (0..<count).map { Array(draws[$0 * length..<($0 + 1) * length]) }
    }
}
