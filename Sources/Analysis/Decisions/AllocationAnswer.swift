/// What is proposed for one channel, and why.
package struct AllocationRow: Sendable, Hashable {
    package var channel: String
    /// Money over the planned periods.
    package var spend: Double
    package var proposed: Double
    /// Whether its money was not for choice.
    package var isFixed: Bool
    /// Money of KPI per money: of all of it, and of further money. Nil without any.
    package var roi: Estimate?
    package var proposedROI: Estimate?
    package var marginalROI: Estimate?
    package var proposedMarginalROI: Estimate?
    /// The money that would be best at each draw; nil where it was not for choice.
    package var optimum: Estimate?
    /// Share of draws at which it would be best to move the money in the direction that is proposed; nil where none is
    /// moved, and where bounds leave no other way.
    package var chance: Double?
    /// What it would be worth to know the channel's response before choosing, in money; nil where it was not for choice.
    package var informationValue: Double?
    /// Whether in some geo and period there is more money than 1.2 times the most that was ever spent there.
    package var extrapolates: Bool
}

/// Money of one channel in one geo and period.
package struct PlannedSpend: Sendable, Hashable {
    package var date: String
    /// Nil in a single series.
    package var geo: String?
    package var channel: String
    package var spend: Double
    package var proposed: Double
}

/// Periods in a row in which a channel is on air.
package struct PlannedFlight: Sendable, Hashable {
    package var channel: String
    /// First days of the first and of the last period.
    package var first: String
    package var last: String
    package var periodCount: Int
    /// Money of all its periods.
    package var spend: Double
}

/// A plan beside the current one.
package struct AllocationAnswer: Sendable {
    /// Names of channels that have as much as their bounds let them, and as little.
    package struct Held: Sendable, Hashable {
        package var atMost: [String] = []
        package var atLeast: [String] = []
    }

    /// Channels with spend, in the model's order.
    package var rows: [AllocationRow]
    /// By geo, period and channel.
    package var cells: [PlannedSpend]
    /// Of channels that run in flights, in the model's order.
    package var flights: [PlannedFlight] = []
    /// Empty of a plan that was given.
    package var held = Held()
    /// Money by cell of the layout.
    package var money: [Double]
    package var margin: Double
    /// Profit that media of the plan add, in it and after it, less their cost: of the current plan, and of this one.
    package var profit: Estimate
    package var proposedProfit: Estimate
    /// The difference at each draw.
    package var gain: Estimate
    /// Share of draws at which it is more than 0.
    package var chance: Double
    /// The mean of the worst tenth of profits: of the current plan, and of this one.
    package var worstTenth: Double
    package var proposedWorstTenth: Double
    /// What not knowing costs: the mean over draws of the profit of each draw's own best plan less that of this one.
    package var expectedRegret: Double
    /// How far the plan is from the conditions of a maximum, in money per money; nil of a plan that was given.
    package var residual: Double?
    /// Whether the plan is the best for certain: profits are concave.
    package var isConcave: Bool
    /// Whether profits are revenue less spend, since no margin is known.
    package var lacksMargin: Bool

    /// Money of KPI per money of all of the plan together, in the mean.
    package var proposedROI: Double { (proposedProfit.mean + proposedTotal) / (margin * proposedTotal) }

    package var total: Double { rows.reduce(0) { $0 + $1.spend } }
    package var proposedTotal: Double { rows.reduce(0) { $0 + $1.proposed } }
    /// Money that goes elsewhere, or is no longer spent, or is new: half of what changes, and half of the change of the sum.
    package var moved: Double {
        0.5 * (rows.reduce(0) { $0 + abs($1.proposed - $1.spend) } + abs(proposedTotal - total))
    }
}
