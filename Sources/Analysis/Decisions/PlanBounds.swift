import Allocation
import MarketingMix

/// What a question lets a plan be: bounds by variable, limits of groups, and the flights of channels.
struct PlanBounds: Sendable {
    /// A channel that runs in flights.
    private struct Airing: Sendable {
        var flights: AllocationQuestion.Flights
        /// By period its variables, one or one a geo.
        var periods: [[Part]]

        struct Part: Sendable {
            var variable: Int
            /// Of the money of its period.
            var share: Double
            /// The most money that it may have.
            var most: Double
        }
    }

    /// Money that is not for choice.
    let kept: Double
    private let lower: [Double]
    private let upper: [Double]
    private let groups: [FeasibleSet.Group]
    private let airings: [Airing]

    /// - Parameters:
    ///   - names: of the plan's channels.
    ///   - fixed: money of channels that is not for choice, by channel of the plan.
    init(
        _ question: AllocationQuestion, _ variables: PlanVariables, layout: MediaPlanLayout, names: [String],
        fixed: [Int: Double]
    ) throws(AllocationRefusal) {
        let all = variables.variables
        func members(_ channel: Int) -> [Int] { all.indices.filter { all[$0].channel == channel } }
        let bounds = all.map { question.boundsByChannel[names[$0.channel]] ?? question.bounds }
        var (lower, upper) = (
            zip(all, bounds).map { $0.amount * $1.lowerBound }, zip(all, bounds).map { $0.amount * $1.upperBound }
        )
        var groups = question.groups.map { group in
            let channels = group.channels.compactMap { names.firstIndex(of: $0) }
            let kept = channels.reduce(0.0) { $0 + (fixed[$1] ?? 0) }
            return FeasibleSet.Group(
                name: group.name, members: channels.sorted().flatMap(members),
                limits: max(0, group.limits.lowerBound - kept)...max(0, group.limits.upperBound - kept))
        }
        var airings: [Airing] = []
        for (channel, name) in names.enumerated() {
            guard let flights = question.flights[name] else { continue }
            let own = members(channel)
            guard !own.isEmpty, flights.lengthMin <= layout.periodCount else { throw .flights([name]) }
            groups.append(
                FeasibleSet.Group(
                    name: name, members: own,
                    limits: own.reduce(0) { $0 + lower[$1] }...own.reduce(0) { $0 + upper[$1] }))
            let periods = (0..<layout.periodCount).map { period -> [Airing.Part] in
                let parts = own.filter { all[$0].period == period }
                let money = parts.reduce(0) { $0 + all[$1].amount }
                return parts.map { variable in
                    let geos = all[variable].geo.map { [$0] } ?? Array(0..<layout.geoCount)
                    let highest = geos.reduce(0) { $0 + layout.highestSpend[channel * layout.geoCount + $1] }
                    let share = all[variable].amount / money
                    return Airing.Part(
                        variable: variable, share: share,
                        most: max(PlanLimits.extrapolation * highest, flights.moneyMin * share))
                }
            }
            airings.append(Airing(flights: flights, periods: periods))
            for variable in own { (lower[variable], upper[variable]) = (0, 0) }
        }
        kept = variables.fixed.reduce(0, +)
        self.lower = lower
        self.upper = upper
        self.groups = groups
        self.airings = airings
    }

    /// Fewest periods of a flight, by channel that runs in flights, in the model's order.
    var lengthMins: [Int] { airings.map(\.flights.lengthMin) }

    /// - Parameters:
    ///   - budget: of the money that is for choice.
    ///   - patterns: when channels that run in flights are on air; nil for at any time, with as little money as one likes.
    func set(
        _ budget: FeasibleSet.Budget, onAir patterns: [FlightPattern]? = nil
    ) throws(AllocationRefusal) -> FeasibleSet {
        var (lower, upper) = (lower, upper)
        for (index, airing) in airings.enumerated() {
            for (period, parts) in airing.periods.enumerated() where patterns?[index].isOn[period] ?? true {
                for part in parts {
                    lower[part.variable] = patterns == nil ? 0 : airing.flights.moneyMin * part.share
                    upper[part.variable] = part.most
                }
            }
        }
        do throws(FeasibleSet.Conflict) {
            return try FeasibleSet(lower: lower, upper: upper, groups: groups, budget: budget)
        } catch {
            switch error {
            case .group(let name, let reachable): throw .group(name: name, reachable: reachable)
            case .budget(let reachable):
                throw .budget(reachable: reachable.lowerBound + kept...reachable.upperBound + kept)
            }
        }
    }
}

/// What a plan should keep to.
enum PlanLimits {
    /// Beyond this multiple of the most that was ever spent in a geo and period, the curve is a guess.
    static let extrapolation = 1.2
}
