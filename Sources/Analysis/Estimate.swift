import Posterior

/// What is reported of one number over all posterior draws.
package struct Estimate: Sendable, Hashable, Codable {
    package var mean: Double
    /// Divisor n − 1; 0 for a single draw.
    package var sd: Double
    /// Quantiles of type 7, as in `Quantiles`.
    package var q05: Double
    package var q50: Double
    package var q95: Double

    package init(mean: Double, sd: Double, q05: Double, q50: Double, q95: Double) {
        self.mean = mean
        self.sd = sd
        self.q05 = q05
        self.q50 = q50
        self.q95 = q95
    }

    /// - Parameter draws: not empty; sums run in their order.
    package init(draws: [Double]) {
        mean = Self.mean(draws)
        sd = Self.variance(draws).squareRoot()
        let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: draws)
        (q05, q50, q95) = (quantiles[0], quantiles[1], quantiles[2])
    }

    /// That of the draws times a number of 0 or more.
    package func scaled(by factor: Double) -> Estimate {
        Estimate(mean: factor * mean, sd: factor * sd, q05: factor * q05, q50: factor * q50, q95: factor * q95)
    }

    /// Standard deviation and quantiles of draws that stand for more of them, whose mean is known.
    init(mean: Double, of draws: [Double]) {
        self.init(draws: draws)
        self.mean = mean
    }

    static func mean(_ values: [Double]) -> Double {
        var sum = 0.0
        for value in values { sum += value }
        return sum / Double(values.count)
    }

    /// Divisor n − 1; 0 for a single value, about whose spread nothing is known.
    static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = mean(values)
        var sum = 0.0
        for value in values { sum += (value - mean) * (value - mean) }
        return sum / Double(values.count - 1)
    }
}
