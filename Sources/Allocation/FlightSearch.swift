import Kernels

/// When channels are on air that run in flights: at least so many periods in a row, with at least so much money in each.
///
/// Which periods those are is a choice of yes and no, for which there are no slopes. From one pattern a channel the search goes
/// to the best that is one step away, or where no step gains, to the best that exchanges periods; channel by channel, until nothing
/// gains. Each pattern is judged by the best split of the money within it. What it finds is the best of what it saw.
package struct FlightSearch<Profit: ProfitFunction>: Sendable {
    package let profit: Profit
    package let risk: RiskAttitude
    package let periodCount: Int
    /// Fewest periods of a flight, by channel that runs in flights.
    package let lengthMins: [Int]
    /// The splits that patterns allow, one a channel that runs in flights; nil for none.
    private let set: @Sendable ([FlightPattern]) -> FeasibleSet?

    /// Rounds over all channels.
    private static var roundsMax: Int { 50 }
    /// A step that gains a smaller share of the profit is rounding.
    private static var gainMin: Double { 1e-9 }

    package init(
        profit: Profit, risk: RiskAttitude, periodCount: Int, lengthMins: [Int],
        set: @escaping @Sendable ([FlightPattern]) -> FeasibleSet?
    ) {
        precondition(lengthMins.allSatisfy { (1...periodCount).contains($0) }, "a flight lies within the plan")
        self.profit = profit
        self.risk = risk
        self.periodCount = periodCount
        self.lengthMins = lengthMins
        self.set = set
    }

    /// - Parameters:
    ///   - amounts: by variable, near which each climb begins.
    ///   - processors: share the patterns that are one step away.
    /// - Returns: nil where no pattern that was tried allows any split.
    package func best(from amounts: [Double], by processors: some ParallelMap) -> [FlightPattern]? {
        guard var patterns = first, var value = value(of: patterns, from: amounts) else { return nil }
        for round in 0..<Self.roundsMax {
            var hasMoved = false
            for channel in patterns.indices {
                let (now, lengthMin) = (patterns[channel], lengthMins[channel])
                let far = round == 0 ? FlightPattern.singles(periodCount, lengthMin: lengthMin) : []
                for candidates in [far + now.neighbours(lengthMin: lengthMin), now.exchanges(lengthMin: lengthMin)] {
                    guard
                        let best = best(of: candidates, channel, in: patterns, from: amounts, by: processors),
                        best.value > value + Self.gainMin * max(1, abs(value))
                    else { continue }
                    patterns[channel] = best.pattern
                    value = best.value
                    hasMoved = true
                    break
                }
            }
            guard hasMoved else { break }
        }
        return patterns
    }

    /// The best for one channel while the others stay; nil where none allows any split.
    private func best(
        of candidates: [FlightPattern], _ channel: Int, in patterns: [FlightPattern], from amounts: [Double],
        by processors: some ParallelMap
    ) -> (pattern: FlightPattern, value: Double)? {
        let values = processors.map(candidates.count) { index in
            var changed = patterns
            changed[channel] = candidates[index]
            return self.value(of: changed, from: amounts)
        }
        var best: (pattern: FlightPattern, value: Double)?
        for (pattern, value) in zip(candidates, values) {
            if let value, value > best?.value ?? -.infinity { best = (pattern, value) }
        }
        return best
    }

    /// On air throughout, or as long from the beginning as the money lasts, or not at all.
    private var first: [FlightPattern]? {
        for length in (0...periodCount).reversed() {
            let patterns = lengthMins.map {
                FlightPattern(flight: 0..<(length == 0 ? 0 : max($0, length)), of: periodCount)
            }
            if set(patterns) != nil { return patterns }
        }
        return nil
    }

    private func value(of patterns: [FlightPattern], from amounts: [Double]) -> Double? {
        set(patterns).map {
            Allocator(profit: profit, set: $0, risk: risk).climbed(from: amounts)
        }
    }
}
