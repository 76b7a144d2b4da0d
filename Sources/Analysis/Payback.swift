import ModelDefinition

/// The week in which a channel's spend is earned back.
enum Payback {
    /// The first n (1 is the period of spending) with margin × revenue × Σ_{l<n} w_l ≥ spend; infinite for "never".
    ///
    /// - Parameters:
    ///   - grossProfit: margin × revenue of all spend, what falls after the window included.
    ///   - weights: of the carry-over by lag, summing to 1.
    static func periods(grossProfit: Double, spend: Double, weights: [Double]) -> Double {
        var share = 0.0
        for (lag, weight) in weights.enumerated() {
            share += weight
            if grossProfit * share >= spend { return Double(lag + 1) }
        }
        return .infinity
    }

    /// Weeks from the start of spending to the end of the n-th period: a quarter of three months is one of 13 weeks.
    static func weeks(periods: Double, _ frequency: Frequency) -> Double {
        switch frequency {
        case .day: (periods / 7).rounded(.up)
        case .week: periods
        case .month: (periods * 13 / 3).rounded(.up)
        }
    }

    /// The median where "never" counts as later than any week; nil where the median is "never".
    static func median(_ periods: [Double]) -> Double? {
        let sorted = periods.sorted()
        let upper = sorted[sorted.count / 2]
        guard upper.isFinite else { return nil }
        return (sorted[(sorted.count - 1) / 2] + upper) / 2
    }
}
