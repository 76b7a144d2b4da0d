import Allocation
import Kernels
import MarketingMix

/// What it would be worth to know the response of one channel before a plan is chosen: which test to run next.
///
/// The plans that might be chosen are the means of the draws' own best plans where the channel brings little, more and much;
/// they are allowed, as what is allowed is convex. What the channel brings at three amounts of money stands for its parameters,
/// of which its part of the profit is a function.
struct InformationValues<Processors: ParallelMap> {
    private let profit: PlanProfit<Processors>
    private let amounts: [Double]
    private let spread: OptimumSpread

    /// Kinds of plan that knowledge of a channel might lead to.
    private static var binCount: Int { 5 }

    init(_ profit: PlanProfit<Processors>, set: FeasibleSet, amounts: [Double], spread: OptimumSpread) {
        precondition(spread.amounts.count == profit.drawCount, "a best plan of every draw")
        self.profit = profit
        self.amounts = amounts
        self.spread = spread
    }

    /// Money; never more than what knowing everything would be worth.
    func value(of channel: Int) -> Double {
        let money = profit.variables.money(amounts)
        let layout = profit.media.layout
        let cells = layout.geoCount * layout.periodCount
        let responses = [0.7, 1, 1.3].map { factor in
            var changed = money
            for cell in channel * cells..<(channel + 1) * cells { changed[cell] *= factor }
            return profit.media.revenues(of: changed, channel: channel, by: profit.processors)
        }
        let features = (0..<profit.drawCount).map { draw in
            [responses[1][draw], responses[2][draw] - responses[0][draw]]
        }
        let order = (0..<profit.drawCount).sorted { (features[$0][1], $0) < (features[$1][1], $1) }
        let size = max(1, (order.count + Self.binCount - 1) / Self.binCount)
        var plans = [amounts]
        for start in stride(from: 0, to: order.count, by: size) {
            let members = order[start..<min(start + size, order.count)]
            plans.append(
                amounts.indices.map { variable in
                    members.reduce(0) { $0 + spread.amounts[$1][variable] } / Double(members.count)
                })
        }
        let profits = plans.map { profit.profits(at: $0, draws: 0..<profit.drawCount) }
        return min(
            PartialInformation.value(profits: profits, proposed: 0, features: features), spread.expectedRegret)
    }
}
