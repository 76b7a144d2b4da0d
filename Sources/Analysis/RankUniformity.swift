import Kernels

/// Whether ranks are uniform on 0…L, judged by their empirical distribution function all at once.
///
/// At z_i = i ÷ (L + 1), i = 1…L, the count of ranks below i is Binomial(N, z_i) under uniformity. The statistic is the
/// smallest two-sided binomial tail over all i; its distribution is exact, by the recursion of Säilynoja, Bürkner &
/// Vehtari (2022, "Graphical test for discrete uniformity and its applications in goodness-of-fit evaluation and
/// multiple sample comparison", Statistics and Computing 32:32, algorithm 2).
package struct RankUniformity: Sendable {
    /// Counts between which the distribution function stays at one point.
    package struct Limits: Sendable, Hashable {
        package var low: Int
        package var high: Int

        package init(low: Int, high: Int) {
            self.low = low
            self.high = high
        }
    }

    /// N, the number of ranks.
    package let count: Int
    /// L, the largest rank.
    package let maximum: Int
    /// log n!, n from 0 to N.
    private let logFactorials: [Double]
    /// By point, then count: min(1, 2 min(P(X ≤ n), P(X ≥ n))).
    private let tails: [[Double]]

    /// - Parameters:
    ///   - count: N ≥ 1.
    ///   - maximum: L ≥ 1.
    package init(count: Int, maximum: Int) {
        precondition(count >= 1 && maximum >= 1, "no ranks to judge")
        self.count = count
        self.maximum = maximum
        var factorials = [0.0]
        for number in 1...count { factorials.append(factorials[number - 1] + Elementary.log(Double(number))) }
        logFactorials = factorials
        tails = (1...maximum).map { point in
            let share = Double(point) / Double(maximum + 1)
            let masses = (0...count).map { Self.mass($0, of: count, share: share, logFactorials: factorials) }
            var below = 0.0
            var above = masses.reduce(0, +)
            return masses.map { mass in
                below += mass
                defer { above -= mass }
                return min(1, 2 * min(below, above))
            }
        }
    }

    /// The counts of ranks below 1, 2, … L.
    package func counts(_ ranks: [Int]) -> [Int] {
        var histogram = [Int](repeating: 0, count: maximum + 1)
        for rank in ranks { histogram[rank] += 1 }
        var sum = 0
        return (0..<maximum).map { rank in
            sum += histogram[rank]
            return sum
        }
    }

    /// Probability that uniform ranks leave a band at least as wide as the narrowest one that holds these.
    ///
    /// - Parameter ranks: N of them, from 0 to L.
    package func pValue(_ ranks: [Int]) -> Double {
        precondition(ranks.count == count, "\(ranks.count) ranks where \(count) were announced")
        let smallest = zip(tails, counts(ranks)).map { $0[$1] }.min() ?? 1
        return min(1, max(0, 1 - probabilityInside(smallest)))
    }

    /// The band that uniform ranks leave with a probability of at most `level`: the counts at every point that are
    /// inside.
    package func band(level: Double) -> [Limits] {
        var low = 0.0
        var high = level
        for _ in 0..<50 {
            let middle = 0.5 * (low + high)
            if 1 - probabilityInside(middle) <= level { low = middle } else { high = middle }
        }
        // Below the tails that are equal to the first one beyond the level but for rounding.
        return limits(low * (1 - 1e-8))
    }

    /// At every point the counts whose tail is above `tail`. Equal tails of different points may differ by rounding.
    private func limits(_ tail: Double) -> [Limits] {
        let bound = tail * (1 + 1e-9)
        return tails.map { row in
            Limits(low: row.firstIndex { $0 > bound } ?? 0, high: row.lastIndex { $0 > bound } ?? -1)
        }
    }

    /// P(every count has a tail above `tail`): the counts are a Markov chain with binomial steps.
    private func probabilityInside(_ tail: Double) -> Double {
        var start = 0
        var probabilities = [1.0]
        for (index, limit) in limits(tail).enumerated() {
            guard limit.low <= limit.high else { return 0 }
            // Of the ranks that are not below the last point, the share that is below this one.
            let share = 1 / Double(maximum + 1 - index)
            var next = [Double](repeating: 0, count: limit.high - limit.low + 1)
            for (offset, probability) in probabilities.enumerated() where probability > 0 {
                let known = start + offset
                guard known <= limit.high else { break }
                for reached in max(known, limit.low)...limit.high {
                    let mass = Self.mass(
                        reached - known, of: count - known, share: share, logFactorials: logFactorials)
                    next[reached - limit.low] += probability * mass
                }
            }
            start = limit.low
            probabilities = next
        }
        return probabilities.reduce(0, +)
    }

    /// P(X = number), X ~ Binomial(count, share), 0 < share < 1.
    private static func mass(_ number: Int, of count: Int, share: Double, logFactorials: [Double]) -> Double {
        let rest = count - number
        let ways = logFactorials[count] - logFactorials[number] - logFactorials[rest]
        let power = Double(number) * Elementary.log(share) + Double(rest) * Elementary.log(1 - share)
        return Elementary.exp(ways + power)
    }
}
