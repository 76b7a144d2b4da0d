import Kernels

/// When channels are on air that run in flights: at least so many periods in a row, with at least so much money in each.
///
/// Which periods those are is a choice of yes and no, for which there are no slopes: it is searched for, a step at a time. What
/// is found is the best of what was looked at.
package struct FlightSearch<Profit: ProfitFunction>: Sendable {
    package let profit: Profit
    package let risk: RiskAttitude
    package let periodCount: Int
    /// Fewest periods of a flight, by channel that runs in flights.
    package let lengthMins: [Int]
    /// The splits that patterns allow, one a channel that runs in flights; nil for none.
    private let set: @Sendable ([FlightPattern]) -> FeasibleSet?

    /// A step that gains a smaller share of the profit is rounding.
    private static var gainMin: Double { 1e-9 }

    package init(
        profit: Profit, risk: RiskAttitude, periodCount: Int, lengthMins: [Int],
        set: @escaping @Sendable ([FlightPattern]) -> FeasibleSet?
    ) {
        precondition(lengthMins.allSatisfy { (1...periodCount).contains($0) }, "a flight lies within the plan")
        self.profit = profit
        self.risk = risk
        self.periodCount = periodCount
        self.lengthMins = lengthMins
        self.set = set
    }

    /// Each pattern is judged by the best split of the money within it.
    ///
    /// - Parameters:
    ///   - amounts: by variable, near which each climb begins.
    ///   - processors: share the patterns that are one step away.
    /// - Returns: nil where no pattern that was tried allows any split.
    package func best(from amounts: [Double], by processors: some ParallelMap) -> [FlightPattern]? {
        PatternSearch<Double>(
            periodCount: periodCount, lengthMins: lengthMins, isPossible: { set($0) != nil },
            worth: { patterns, _ in
                set(patterns).map { Allocator(profit: profit, set: $0, risk: risk).climbed(from: amounts).value }
            },
            isBetter: { $0 > $1 + Self.gainMin * max(1, abs($1)) }
        ).best(by: processors)
    }

    /// The patterns with the largest budget whose best split earns 0 or more (`PayingBudget`). Of patterns with the same budget,
    /// which the bounds end, those that earn most.
    ///
    /// - Parameters:
    ///   - amounts: by variable, near which each climb begins.
    ///   - processors: share the patterns that are one step away.
    /// - Returns: nil where no pattern that was tried allows any split. Where none has a budget that pays, the one that lacks
    ///   least.
    package func largestBudget(from amounts: [Double], by processors: some ParallelMap) -> [FlightPattern]? {
        PatternSearch<PayingBudget>(
            periodCount: periodCount, lengthMins: lengthMins, isPossible: { set($0) != nil },
            worth: { patterns, beyond in
                set(patterns).flatMap {
                    PayingBudget(profit: profit, set: $0, risk: risk, from: amounts, beyond: beyond)
                }
            },
            isBetter: { $0.exceeds($1) }
        ).best(by: processors)
    }
}
