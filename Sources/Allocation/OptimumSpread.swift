import Kernels

/// How sure the best split is: what would be best at each draw, and what not knowing which is true costs.
package struct OptimumSpread: Sendable {
    /// By draw that was looked at, amounts by variable of that draw's own best split.
    package let amounts: [[Double]]
    /// By the same draw, the profit of its own best split less that of the split that is proposed: 0 or more.
    package let regrets: [Double]

    /// The mean of the regrets: what perfect knowledge would be worth (the expected value of perfect information).
    package var expectedRegret: Double { Reductions.sum(regrets) / Double(regrets.count) }

    /// - Parameters:
    ///   - split: that is proposed.
    ///   - draws: which are looked at.
    package init<Profit: ProfitFunction>(
        around split: [Double], profit: Profit, set: FeasibleSet, draws: [Int], by processors: some ParallelMap
    ) {
        precondition(!draws.isEmpty, "a spread is one of draws")
        let allocator = Allocator(profit: profit, set: set)
        let results = processors.map(draws.count) { index -> (amounts: [Double], regret: Double) in
            let draw = draws[index]..<draws[index] + 1
            let own = allocator.best(from: split, draws: draw)
            let proposed = profit.profits(at: split, draws: draw)[0]
            // A split that is proposed under wider bounds or by a better start may be the best that is known.
            return own.value > proposed ? (own.amounts, own.value - proposed) : (split, 0)
        }
        amounts = results.map(\.amounts)
        regrets = results.map(\.regret)
    }

    /// By variable, the share of draws whose own best split has more of it than some amounts.
    package func shareAbove(_ split: [Double]) -> [Double] {
        split.indices.map { index in
            Double(amounts.count { $0[index] > split[index] }) / Double(amounts.count)
        }
    }
}
