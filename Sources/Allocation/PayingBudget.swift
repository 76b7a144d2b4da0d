/// The largest budget whose best split earns 0 or more.
///
/// What the best splits of a concave profit earn is a concave function of the budget: it is 0 or more between two budgets, with
/// the budget that earns most between them.
package struct PayingBudget: Sendable, Hashable {
    /// Nil where no budget pays.
    package let budget: Double?
    /// What it earns: 0 unless bounds end it; where no budget pays the most that one earns, below 0.
    package let profit: Double

    /// Budgets are told to this share of the most that bounds allow.
    private static var precision: Double { 1e-6 }
    private static var stepsMax: Int { 60 }

    /// - Parameters:
    ///   - set: its budget is looked for.
    ///   - amounts: by variable, near which each climb begins.
    ///   - beyond: what is known already: nil comes back for no more than that.
    package init?(
        profit: some ProfitFunction, set: FeasibleSet, risk: RiskAttitude = .neutral, from amounts: [Double],
        beyond: PayingBudget? = nil
    ) {
        guard let free = try? set.with(.free) else { return nil }
        let high = free.reachable.upperBound
        let known = beyond?.budget ?? 0
        if let budget = beyond?.budget, budget > high { return nil }
        var start = amounts
        func earned(_ budget: Double) -> Double? {
            guard let set = try? free.with(.exactly(budget)) else { return nil }
            let best = Allocator(profit: profit, set: set, risk: risk).climbed(from: start)
            start = best.amounts
            return best.value
        }
        let most = Allocator(profit: profit, set: free, risk: risk).climbed(from: amounts)
        start = most.amounts
        guard most.value >= 0 else {
            guard beyond?.budget == nil else { return nil }
            (budget, self.profit) = (nil, most.value)
            return
        }
        var low = (budget: min(high, most.amounts.reduce(0, +)), earned: most.value)
        if known > low.budget {
            guard let then = earned(known), then >= 0 else { return nil }
            low = (known, then)
        }
        guard low.budget < high, let last = earned(high) else {
            (budget, self.profit) = (low.budget, low.earned)
            return
        }
        guard last < 0 else {
            (budget, self.profit) = (high, last)
            return
        }
        // False position with halved weights (the Illinois rule): the zero lies between.
        var above = (budget: high, earned: last)
        var (lowWeight, highWeight) = (low.earned, last)
        for _ in 0..<Self.stepsMax where above.budget - low.budget > Self.precision * high {
            let share = lowWeight / (lowWeight - highWeight)
            // Half a precision from either end, so that the other end follows when one is the zero.
            let margin = 0.5 * Self.precision * high
            let middle = min(
                max(low.budget + share * (above.budget - low.budget), low.budget + margin), above.budget - margin)
            guard let value = earned(middle) else { break }
            if value >= 0 {
                low = (middle, value)
                (lowWeight, highWeight) = (value, 0.5 * highWeight)
            } else {
                above = (middle, value)
                (lowWeight, highWeight) = (0.5 * lowWeight, value)
            }
        }
        (budget, self.profit) = (low.budget, 0)
    }

    /// Whether it is more by more than its precision.
    func exceeds(_ other: PayingBudget) -> Bool {
        guard let budget else { return other.budget == nil && profit > other.profit + slack(other.profit) }
        guard let known = other.budget else { return true }
        let gain = budget - known
        return gain > 2 * Self.precision * budget
            || abs(gain) <= 2 * Self.precision * budget && profit > other.profit + slack(other.profit)
    }

    private func slack(_ value: Double) -> Double { 1e-9 * max(1, abs(value)) }
}

extension PayingBudget: Comparable {
    /// By budget, then by what it earns.
    package static func < (first: PayingBudget, second: PayingBudget) -> Bool {
        switch (first.budget, second.budget) {
        case (nil, nil): first.profit < second.profit
        case (nil, _): true
        case (_, nil): false
        case (let one?, let other?): (one, first.profit) < (other, second.profit)
        }
    }
}
