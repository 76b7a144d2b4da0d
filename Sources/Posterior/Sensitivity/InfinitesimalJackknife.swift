/// What posterior means owe to each period, from the draws of one fit, and so how far they would move if periods weighed
/// otherwise (the infinitesimal jackknife of Bayesian models: Giordano & Broderick 2023, arXiv:2305.06466).
///
/// The derivative of E[g] by the weight of period t is ψ_t = Cov(g, l_t), the posterior covariance with the period's
/// log-likelihood.
public struct InfinitesimalJackknife: Sendable {
    /// Of fewer draws a half has no covariance.
    public static let drawsMin = 4

    public let periodCount: Int
    /// Draws × periods.
    private let terms: [Double]
    private let drawCount: Int
    /// Draws of the first of two halves, which have no chain in common; of one chain its first half.
    private let firstHalfCount: Int

    /// - Parameters:
    ///   - logLikelihood: draws × periods, the chains one after another; finite, 0 for a period without observations.
    ///   - periodCount: T ≥ 1.
    ///   - chainCount: chains of equal length, at least four draws in all.
    public init(logLikelihood: [Double], periodCount: Int, chainCount: Int) {
        precondition(periodCount > 0 && logLikelihood.count % periodCount == 0, "each draw has a term a period")
        drawCount = logLikelihood.count / periodCount
        precondition(chainCount > 0 && drawCount % chainCount == 0, "chains have equally many draws")
        precondition(drawCount >= Self.drawsMin, "covariances of two halves need four draws")
        self.periodCount = periodCount
        terms = logLikelihood
        firstHalfCount = chainCount > 1 ? chainCount / 2 * (drawCount / chainCount) : drawCount / 2
    }

    /// - Parameter draws: of one quantity, in the order of the log-likelihoods; finite.
    public func influence(of draws: [Double]) -> PeriodInfluence {
        PeriodInfluence(periods: covariances(draws, 0..<drawCount), halves: halves(of: draws))
    }

    /// `PeriodInfluence.variance` of one quantity, whose influence is not asked for.
    ///
    /// - Parameter draws: as of `influence`.
    public func variance(of draws: [Double], blockLength: Int) -> Double {
        PeriodInfluence.variance(PeriodInfluence.centred(halves(of: draws)), blockLength: blockLength)
    }

    private func halves(of draws: [Double]) -> PeriodInfluence.Halves {
        (covariances(draws, 0..<firstHalfCount), covariances(draws, firstHalfCount..<drawCount))
    }

    /// Cov(g, l_t) by period over some of the draws, divisor n − 1.
    private func covariances(_ draws: [Double], _ range: Range<Int>) -> [Double] {
        precondition(draws.count == drawCount, "the quantity has a value a draw")
        var mean = 0.0
        for draw in range { mean += draws[draw] / Double(range.count) }
        // About those of the first draw, so that sums of large terms lose nothing.
        let terms = terms.span
        let origins = terms.extracting(range.lowerBound * periodCount..<(range.lowerBound + 1) * periodCount)
        var sums = [Double](repeating: 0, count: periodCount)
        for draw in range {
            let deviation = draws[draw] - mean
            let own = terms.extracting(draw * periodCount..<(draw + 1) * periodCount)
            var sums = sums.mutableSpan
            for period in 0..<sums.count { sums[period] += deviation * (own[period] - origins[period]) }
        }
        return sums.map { $0 / Double(range.count - 1) }
    }
}

/// The derivatives of one quantity's posterior mean by the weight of each period.
public struct PeriodInfluence: Sendable {
    /// ψ_t, in the quantity's unit: to first order what the mean gains if the period is counted twice, and loses if it is
    /// left out.
    public let periods: [Double]
    /// ψ_t of two disjoint halves of the draws.
    typealias Halves = (first: [Double], second: [Double])

    /// Each less its mean over periods.
    private let halves: Halves

    init(periods: [Double], halves: Halves) {
        self.periods = periods
        self.halves = Self.centred(halves)
    }

    /// The variance of the posterior mean between resamples of Block-Gamma weights of block length b on the circle of T
    /// periods, n = T ÷ b:
    ///
    ///     V_IJ = n ÷ (n + 1) · Σ_{|k| < b} (1 − |k| ÷ b) Σ_t ½ (ψ_t ψ′_{t+k} + ψ′_t ψ_{t+k})
    ///
    /// ψ and ψ′ come from disjoint halves of the draws: the square of one estimate would add its Monte Carlo variance in
    /// every period, which grades priors as data. 0 where the sum is below it.
    ///
    /// - Parameter blockLength: b ≥ 1 periods, cut to T.
    public func variance(blockLength: Int) -> Double { Self.variance(halves, blockLength: blockLength) }

    /// - Parameter halves: centred.
    static func variance(_ halves: Halves, blockLength: Int) -> Double {
        let count = halves.first.count
        let block = min(max(1, blockLength), count)
        var sum = 0.0
        for lag in 0..<block {
            var products = 0.0
            for period in 0..<count {
                let later = (period + lag) % count
                products +=
                    0.5
                    * (halves.first[period] * halves.second[later] + halves.second[period] * halves.first[later])
            }
            // Lags k and −k have equal sums.
            sum += (lag == 0 ? 1 : 2) * (1 - Double(lag) / Double(block)) * products
        }
        let blocks = Double(count) / Double(block)
        return max(0, sum * blocks / (blocks + 1))
    }

    /// To first order how far the posterior mean of a resample lies from that of the fit: Σ ψ_t (w_t − 1).
    public func shift(underWeights weights: [Double]) -> Double {
        precondition(weights.count == periods.count, "each period has a weight")
        var sum = 0.0
        for (influence, weight) in zip(periods, weights) { sum += influence * (weight - 1) }
        return sum
    }

    /// The periods of the largest |ψ_t|, the largest first; of equals the earlier.
    public func largest(_ count: Int) -> [Int] {
        let order = periods.indices.sorted { (abs(periods[$1]), $0) < (abs(periods[$0]), $1) }
        return Array(order.prefix(count))
    }

    static func centred(_ halves: Halves) -> Halves { (centred(halves.first), centred(halves.second)) }

    private static func centred(_ values: [Double]) -> [Double] {
        var mean = 0.0
        for value in values { mean += value / Double(values.count) }
        return values.map { $0 - mean }
    }
}
