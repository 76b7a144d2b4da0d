import Allocation
import ModelDefinition

/// What is asked of a budget.
package struct AllocationQuestion: Sendable, Hashable {
    package enum Budget: Sendable, Hashable {
        /// What is spent now.
        case current
        /// Money over all planned periods.
        case amount(Double)
        /// Whatever earns the most.
        case free
        /// As much as may be spent before what all of it returns in the mean, money of KPI per money, falls below this.
        case targetROI(Double)
        /// As much as may be spent before further money returns less.
        case targetMarginalROI(Double)
    }

    /// Channels whose money together has limits.
    package struct Group: Sendable, Hashable {
        package var name: String
        package var channels: [String]
        /// Money.
        package var limits: ClosedRange<Double>

        package init(name: String, channels: [String], limits: ClosedRange<Double>) {
            self.name = name
            self.channels = channels
            self.limits = limits
        }
    }

    /// How a channel is on air: its money is chosen period by period, and its bounds are those of all of them together.
    package struct Flights: Sendable, Hashable {
        /// Periods of a flight, at the least.
        package var lengthMin: Int
        /// Money in each period on air, at the least.
        package var moneyMin: Double

        package init(lengthMin: Int, moneyMin: Double) {
            self.lengthMin = lengthMin
            self.moneyMin = moneyMin
        }
    }

    /// Periods that are planned.
    package var periodCount: Int
    package var budget = Budget.current
    /// Multiples of what a channel, or each part of it that is chosen by itself, has now.
    package var bounds = 0.7...1.3
    /// Those of single channels, by name.
    package var boundsByChannel: [String: ClosedRange<Double>] = [:]
    /// Channels whose money is not chosen: money, or nil for what they have now.
    package var fixed: [String: Double?] = [:]
    package var groups: [Group] = []
    /// Channels that run in flights, by name.
    package var flights: [String: Flights] = [:]
    package var risk = RiskAttitude.neutral
    package var parts: Set<PlanVariables.Part> = []
    /// How fast prices rise with money, by channel, as in `MediaPlanLayout`.
    package var priceRises: [String: Double] = [:]
    /// Profit before media per revenue; nil for that of the model, or without one for 1.
    package var margin: Double?

    package init(periodCount: Int) {
        self.periodCount = periodCount
    }

    /// The next quarter: as many periods, at most those of the data.
    package static func quarter(of data: Dataset) -> Int {
        let quarter = data.frequency == .day ? 91 : data.frequency == .week ? 13 : 3
        return min(quarter, data.periodCount)
    }
}

/// Why a question has no answer.
package enum AllocationRefusal: Error, Hashable {
    /// The KPI is in units without a price, so that no plan has a profit.
    case noPrice
    /// No channel has money that could be moved.
    case nothingToChoose
    /// The name is none of a channel with spend.
    case unknownChannel(String)
    /// A group's limits cannot be kept to.
    case group(name: String, reachable: ClosedRange<Double>)
    /// No flights of these channels keep to their bounds and to the budget.
    case flights([String])
    /// The budget, less what is fixed, cannot be spent, or more has to be.
    case budget(reachable: ClosedRange<Double>)
    /// No budget that the bounds allow returns so much; the most that was seen.
    case targetROI(best: Double)
}
