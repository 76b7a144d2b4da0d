import Allocation
import Kernels
import MarketingMix

/// Profit of a plan: margin times the revenue that its money adds, in the plan and after it, less the money.
package struct PlanProfit<Processors: ParallelMap>: ProfitFunction {
    package let media: PlannedMedia
    package let variables: PlanVariables
    /// Profit before media per revenue.
    package let margin: Double
    /// What a unit of money has to bring back, in money: 1, or more where a marginal return is asked for.
    package let cost: Double
    let processors: Processors

    package init(
        _ media: PlannedMedia, variables: PlanVariables, margin: Double, cost: Double = 1, by processors: Processors
    ) {
        self.media = media
        self.variables = variables
        self.margin = margin
        self.cost = cost
        self.processors = processors
    }

    package var count: Int { variables.variables.count }
    package var drawCount: Int { media.drawCount }
    package var isConcave: Bool { media.isConcave }

    package func profits(at amounts: [Double], draws: Range<Int>) -> [Double] {
        profits(ofMoney: variables.money(amounts), draws: draws)
    }

    /// The profit of money by cell.
    package func profits(ofMoney money: [Double], draws: Range<Int>? = nil) -> [Double] {
        let paid = cost * money.reduce(0, +)
        let range = draws ?? 0..<drawCount
        // A single draw is one processor's.
        let revenues =
            range.count == 1
            ? media.revenues(of: money, draws: range) : media.revenues(of: money, draws: range, by: processors)
        return revenues.map { margin * $0 - paid }
    }

    package func derivatives(at amounts: [Double], draws: Range<Int>, weights: [Double]) -> ProfitDerivatives {
        let money = variables.money(amounts)
        let paid = cost * money.reduce(0, +)
        let all =
            draws.count == 1
            ? media.derivatives(of: money, shares: variables.shares, draws: draws, weights: weights)
            : media.derivatives(of: money, shares: variables.shares, draws: draws, weights: weights, by: processors)
        let weight = weights.reduce(0, +)
        return ProfitDerivatives(
            profits: all.revenues.map { margin * $0 - paid },
            slopes: variables.gathered(all.slopes, times: variables.shares).map { margin * $0 - weight * cost },
            curvatures: variables.gathered(all.bends).map { margin * $0 })
    }
}
