extension FeasibleSet {
    /// The split u that maximises Σ g_k (u_k − x_k) − ½ Σ D_k (u_k − x_k)²: the best by a quadratic model of the profit at x.
    ///
    /// Its conditions are u_k = clip(x_k + (g_k − λ)/D_k) with one multiplier λ for all, or one of its own for a group at a
    /// limit; the sums fall as λ rises, so that each λ is found by bisection.
    ///
    /// - Parameters:
    ///   - amounts: x.
    ///   - slopes: g.
    ///   - curvatures: D, positive.
    package func best(from amounts: [Double], slopes: [Double], curvatures: [Double]) -> [Double] {
        let search = MultiplierSearch(
            lower: lower, upper: upper, slopes: slopes, curvatures: curvatures, amounts: amounts)
        let all = Array(lower.indices)
        let range = search.range(of: all)
        func split(at multiplier: Double) -> [Double] {
            var result = [Double](repeating: 0, count: count)
            for index in ungrouped { result[index] = search.amount(index, multiplier) }
            for group in groups { search.fill(group, multiplier, into: &result) }
            return result
        }
        func total(_ values: [Double]) -> Double { values.reduce(0, +) }
        func spent(_ sum: Double) -> [Double] {
            var (low, high) = range
            for _ in 0..<MultiplierSearch.halvings {
                let middle = 0.5 * (low + high)
                if total(split(at: middle)) > sum { low = middle } else { high = middle }
            }
            return search.settled(between: split(at: low), and: split(at: high), total: sum)
        }
        switch budget {
        case .free: return split(at: 0)
        case .exactly(let sum): return spent(sum)
        case .atMost(let sum):
            let unbound = split(at: 0)
            return total(unbound) <= sum ? unbound : spent(sum)
        }
    }

    /// The allowed split that is nearest to some amounts.
    package func nearest(to amounts: [Double]) -> [Double] {
        let zeros = [Double](repeating: 0, count: count)
        return best(from: amounts, slopes: zeros, curvatures: zeros.map { _ in 1 })
    }
}

/// Finds multipliers of sums.
private struct MultiplierSearch {
    let lower: [Double]
    let upper: [Double]
    let slopes: [Double]
    let curvatures: [Double]
    let amounts: [Double]

    /// A bracket shrinks to rounding.
    static let halvings = 100

    func amount(_ index: Int, _ multiplier: Double) -> Double {
        min(max(amounts[index] + (slopes[index] - multiplier) / curvatures[index], lower[index]), upper[index])
    }

    /// A multiplier at which all members are at their upper bounds, and one at which all are at their lower.
    func range(of members: [Int]) -> (Double, Double) {
        var (low, high) = (0.0, 0.0)
        for index in members {
            low = min(low, slopes[index] + (amounts[index] - upper[index]) * curvatures[index])
            high = max(high, slopes[index] + (amounts[index] - lower[index]) * curvatures[index])
        }
        return (low, high)
    }

    /// The members of a group under the common multiplier, or under one of their own where a limit binds.
    func fill(_ group: FeasibleSet.Group, _ multiplier: Double, into result: inout [Double]) {
        var sum = 0.0
        for index in group.members {
            result[index] = amount(index, multiplier)
            sum += result[index]
        }
        guard !group.limits.contains(sum) else { return }
        let goal = sum < group.limits.lowerBound ? group.limits.lowerBound : group.limits.upperBound
        var (low, high) = range(of: group.members)
        for _ in 0..<Self.halvings {
            let middle = 0.5 * (low + high)
            if group.members.reduce(0, { $0 + amount($1, middle) }) > goal { low = middle } else { high = middle }
        }
        let settled = settled(
            between: group.members.map { amount($0, low) }, and: group.members.map { amount($0, high) }, total: goal)
        for (index, value) in zip(group.members, settled) { result[index] = value }
    }

    /// The point between two splits at which their sum is what it has to be: beside rounding they differ where a linear
    /// response leaves the choice open.
    func settled(between more: [Double], and less: [Double], total: Double) -> [Double] {
        let (most, least) = (more.reduce(0, +), less.reduce(0, +))
        guard most > least else { return more }
        let share = min(max((total - least) / (most - least), 0), 1)
        return zip(more, less).map { $0 == $1 ? $0 : $1 + share * ($0 - $1) }
    }
}
