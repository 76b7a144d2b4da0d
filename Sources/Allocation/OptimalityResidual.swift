/// How far a split is from the conditions of Karush, Kuhn and Tucker for a maximum.
package enum OptimalityResidual {
    /// A variable this near to a bound, as a share of the width between its bounds, is at it.
    private static let nearness = 1e-9

    /// Half of the largest difference of marginal profit between a variable that could grow and one that could shrink in its
    /// place, or the marginal profit that a free budget leaves unused: in money per money, 0 at a maximum of a concave profit.
    ///
    /// - Parameter slopes: marginal profit by variable.
    package static func value(_ amounts: [Double], slopes: [Double], in set: FeasibleSet) -> Double {
        var all = Exchange()
        func exchange(_ members: [Int]) -> Exchange {
            var own = Exchange()
            for index in members {
                let slack = nearness * (set.upper[index] - set.lower[index])
                if amounts[index] < set.upper[index] - slack { own.gain = max(own.gain, slopes[index]) }
                if amounts[index] > set.lower[index] + slack { own.loss = min(own.loss, slopes[index]) }
            }
            return own
        }
        var worst = 0.0
        all.join(exchange(set.ungrouped))
        for group in set.groups {
            let own = exchange(group.members)
            worst = max(worst, own.residual)
            let sum = group.members.reduce(0) { $0 + amounts[$1] }
            let slack = nearness * max(1, group.limits.upperBound)
            // Nothing more goes into a group at its limit.
            all.join(
                Exchange(
                    gain: sum < group.limits.upperBound - slack ? own.gain : -.infinity,
                    loss: sum > group.limits.lowerBound + slack ? own.loss : .infinity))
        }
        worst = max(worst, all.residual)
        switch set.budget {
        case .exactly: break
        case .free: worst = max(worst, all.gain, 0 - all.loss)
        case .atMost(let sum):
            worst = max(worst, 0 - all.loss)
            if amounts.reduce(0, +) < sum * (1 - nearness) { worst = max(worst, all.gain) }
        }
        return worst
    }

    /// The highest marginal profit of what could grow, and the lowest of what could shrink.
    private struct Exchange {
        var gain = -Double.infinity
        var loss = Double.infinity

        mutating func join(_ other: Exchange) {
            gain = max(gain, other.gain)
            loss = min(loss, other.loss)
        }

        var residual: Double { gain.isFinite && loss.isFinite ? max(0, (gain - loss) / 2) : 0 }
    }
}
