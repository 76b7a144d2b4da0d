import Kernels
import Posterior

/// What a fit says of a channel that cannot work.
package struct PlaceboRow: Sendable, Hashable {
    package var placebo: String
    /// Name of the channel whose media it has, in another order.
    package var source: String
    /// Whether the figures are of its return; otherwise, where no money is spent, of its contribution.
    package var isPerMoney: Bool
    package var mean: Double
    package var q05: Double
    package var q50: Double
    package var q95: Double
    /// Standard deviation of the draws ÷ that of draws from the prior.
    package var priorShare: Double
    /// Of the draws above 0: what a fit would say whose prior of the effect is the same and allows gains only. Nil where
    /// too few draws are.
    package var gain: Gain?

    package struct Gain: Sendable, Hashable {
        package var q05: Double
        package var q50: Double
        package var q95: Double
    }

    /// Draws above 0 that tell what a prior of gains would.
    private static let gainDrawsMin = 50

    /// Whether its 90 % interval does.
    package var holdsZero: Bool { q05 <= 0 && q95 >= 0 }

    /// - Parameter prior: draws of the same quantity from the prior.
    package init(placebo: String, source: String, isPerMoney: Bool, draws: [Double], prior: [Double]) {
        self.placebo = placebo
        self.source = source
        self.isPerMoney = isPerMoney
        let moments = Moments(draws)
        mean = moments.mean
        let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: draws)
        (q05, q50, q95) = (quantiles[0], quantiles[1], quantiles[2])
        priorShare = (moments.variance / Moments(prior).variance).squareRoot()
        let gains = draws.filter { $0 > 0 }
        guard gains.count >= Self.gainDrawsMin else { return }
        let own = Quantiles.quantiles([0.05, 0.5, 0.95], of: gains)
        gain = Gain(q05: own[0], q50: own[1], q95: own[2])
    }
}

/// Fits of a model with channels that cannot work: how often their intervals hold 0, which is the truth.
package struct PlaceboStudy: Sendable {
    /// What the intervals state.
    package static let nominal = 0.9
    /// Chance of a model whose intervals hold what they state to be called one whose do not.
    package static let level = 0.01
    /// Above this R-hat a fit's figures are not to be trusted.
    package static let rHatMax = 1.05
    /// Where the median placebo is wider than this share of its prior, data say too little for a placebo to fail.
    package static let weakShare = 0.9

    package let rows: [PlaceboRow]
    package let divergences: Int
    package let draws: Int
    /// By fit: the largest of a placebo's return; NaN where none has one.
    package let highestRHats: [Double]

    package init(rows: [PlaceboRow], divergences: Int, draws: Int, highestRHats: [Double]) {
        self.rows = rows
        self.divergences = divergences
        self.draws = draws
        self.highestRHats = highestRHats
    }

    /// Placebos whose interval holds 0.
    package var held: Int { rows.count { $0.holdsZero } }

    /// Whether so few hold 0 that chance does not explain it.
    package var passed: Bool { probabilityOfSoFew >= Self.level }

    /// That no more intervals than here hold 0 when each does with the probability that it states, by itself.
    package var probabilityOfSoFew: Double {
        // Terms of the binomial distribution, each from the one before.
        var term = (0..<rows.count).reduce(1.0) { product, _ in product * (1 - Self.nominal) }
        var sum = term
        for count in 0..<held {
            term *= Double(rows.count - count) / Double(count + 1) * (Self.nominal / (1 - Self.nominal))
            sum += term
        }
        return min(1, sum)
    }

    /// Median over placebos of how wide their interval is as a share of the prior's.
    package var medianPriorShare: Double { Quantiles.quantiles([0.5], of: rows.map(\.priorShare))[0] }

    // MARK: Words

    /// Why it has not passed, a sentence each.
    package var reasons: [String] {
        guard !passed else { return [] }
        return [
            "\(held) of \(rows.count) placebos have 0 in their 90 % interval, fewer than chance explains: intervals of "
                + "this model are too narrow, or its baseline leaves to media what is not theirs. Errors that follow on "
                + "each other are the first suspect: try likelihood: {errors: ar1}, or more of trend and seasonality."
        ]
    }

    /// What else to know, a sentence each.
    package var remarks: [String] {
        var remarks: [String] = []
        if medianPriorShare > Self.weakShare {
            remarks.append(
                "The data say next to nothing of the placebos, whose intervals are as wide as their priors': that these "
                    + "hold 0 proves little.")
        }
        let doubtful = highestRHats.count { $0 > Self.rHatMax }
        if doubtful > 0 {
            remarks.append(
                "The chains of \(doubtful) of \(highestRHats.count) fits do not agree on a placebo (R-hat above "
                    + "\(Self.rHatMax)): take more --warmup and --draws.")
        }
        if divergences > 0 { remarks.append("\(divergences) of \(draws) draws diverged.") }
        return remarks
    }

    /// What a prior that allows gains only would credit placebos with, in the median over those with a return.
    package var creditedReturn: PlaceboRow.Gain? {
        let gains = rows.filter(\.isPerMoney).compactMap(\.gain)
        guard !gains.isEmpty else { return nil }
        func median(_ value: (PlaceboRow.Gain) -> Double) -> Double {
            Quantiles.quantiles([0.5], of: gains.map(value))[0]
        }
        return PlaceboRow.Gain(q05: median(\.q05), q50: median(\.q50), q95: median(\.q95))
    }
}
