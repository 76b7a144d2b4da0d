/// The splits of a budget that are allowed: by variable an amount between two bounds, by group a sum between two limits, and
/// a sum of all.
///
/// A variable is money, of a channel or of a part of one; each belongs to one group at most.
package struct FeasibleSet: Sendable, Hashable {
    /// What all amounts add up to.
    package enum Budget: Sendable, Hashable {
        case exactly(Double)
        case atMost(Double)
        /// Whatever the bounds allow.
        case free
    }

    package struct Group: Sendable, Hashable {
        package var name: String
        /// Indices of its variables.
        package var members: [Int]
        package var limits: ClosedRange<Double>

        package init(name: String, members: [Int], limits: ClosedRange<Double>) {
            self.name = name
            self.members = members
            self.limits = limits
        }
    }

    /// Why there is no split at all.
    package enum Conflict: Error, Hashable {
        /// The group's limits lie outside what the bounds of its members come to.
        case group(name: String, reachable: ClosedRange<Double>)
        /// The budget lies outside what bounds and limits come to.
        case budget(reachable: ClosedRange<Double>)
    }

    package let lower: [Double]
    package let upper: [Double]
    package let groups: [Group]
    package let budget: Budget
    /// What bounds and limits let the sum of all be, whatever the budget.
    package let reachable: ClosedRange<Double>
    /// Variables of no group.
    let ungrouped: [Int]

    /// Sums of bounds that meet a limit but for rounding do meet it.
    static let rounding = 1e-9

    /// - Parameters:
    ///   - lower: finite, 0 or more, by variable.
    ///   - upper: finite, and not less.
    package init(lower: [Double], upper: [Double], groups: [Group] = [], budget: Budget = .free) throws(Conflict) {
        precondition(lower.count == upper.count, "every variable has two bounds")
        precondition(
            zip(lower, upper).allSatisfy { $0 >= 0 && $0 <= $1 && $1.isFinite }, "bounds are finite and in order")
        let grouped = groups.flatMap(\.members)
        precondition(Set(grouped).count == grouped.count, "a variable belongs to one group at most")
        precondition(grouped.allSatisfy(lower.indices.contains), "a group's members are variables")
        self.lower = lower
        self.upper = upper
        self.groups = groups
        self.budget = budget
        let inGroups = Set(grouped)
        ungrouped = lower.indices.filter { !inGroups.contains($0) }
        var reach = (ungrouped.reduce(0) { $0 + lower[$1] }, ungrouped.reduce(0) { $0 + upper[$1] })
        for group in groups {
            let own = group.members.reduce(0) { $0 + lower[$1] }...group.members.reduce(0) { $0 + upper[$1] }
            let slack = Self.rounding * max(own.upperBound, group.limits.upperBound)
            guard group.limits.lowerBound <= own.upperBound + slack, group.limits.upperBound >= own.lowerBound - slack
            else { throw .group(name: group.name, reachable: own) }
            reach.0 += max(own.lowerBound, min(group.limits.lowerBound, own.upperBound))
            reach.1 += min(own.upperBound, max(group.limits.upperBound, own.lowerBound))
        }
        reachable = reach.0...max(reach.0, reach.1)
        switch budget {
        case .exactly(let total):
            let slack = Self.rounding * max(total, reach.1)
            guard total >= reach.0 - slack, total <= reach.1 + slack else { throw .budget(reachable: reachable) }
        case .atMost(let total):
            guard total >= reach.0 - Self.rounding * max(total, reach.0) else { throw .budget(reachable: reachable) }
        case .free: break
        }
    }

    /// Number of variables.
    package var count: Int { lower.count }

    /// The same bounds and groups under another budget.
    package func with(_ budget: Budget) throws(Conflict) -> FeasibleSet {
        try FeasibleSet(lower: lower, upper: upper, groups: groups, budget: budget)
    }

    /// Whether amounts keep to it, but for rounding.
    package func contains(_ amounts: [Double]) -> Bool {
        let slack = 1e-7 * max(1, amounts.reduce(0) { $0 + abs($1) })
        func isWithin(_ value: Double, _ limits: ClosedRange<Double>) -> Bool {
            value >= limits.lowerBound - slack && value <= limits.upperBound + slack
        }
        let total = amounts.reduce(0, +)
        let isInBudget =
            switch budget {
            case .exactly(let sum): abs(total - sum) <= slack
            case .atMost(let sum): total <= sum + slack
            case .free: true
            }
        return isInBudget && amounts.indices.allSatisfy { isWithin(amounts[$0], lower[$0]...upper[$0]) }
            && groups.allSatisfy { group in isWithin(group.members.reduce(0) { $0 + amounts[$1] }, group.limits) }
    }
}
