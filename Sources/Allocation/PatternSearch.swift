import Kernels

/// Goes from one pattern a channel to the best that is one step away, or where no step is better, to the best that exchanges
/// periods; channel by channel, until nothing is better.
struct PatternSearch<Worth: Comparable & Sendable>: Sendable {
    let periodCount: Int
    /// Fewest periods of a flight, by channel that runs in flights.
    let lengthMins: [Int]
    /// Whether there is any split of the money.
    let isPossible: @Sendable ([FlightPattern]) -> Bool
    /// What patterns are worth; nil where they are not possible, and where they are worth no more than what is said.
    let worth: @Sendable (_ patterns: [FlightPattern], _ beyond: Worth?) -> Worth?
    /// Whether the first is better than the second by more than rounding.
    let isBetter: @Sendable (Worth, Worth) -> Bool

    /// Rounds over all channels.
    private static var roundsMax: Int { 50 }

    /// - Parameter processors: share the patterns that are one step away.
    /// - Returns: nil where no pattern that was tried is possible.
    func best(by processors: some ParallelMap) -> [FlightPattern]? {
        guard var patterns = first, var value = worth(patterns, nil) else { return nil }
        for round in 0..<Self.roundsMax {
            var hasMoved = false
            for channel in patterns.indices {
                let (now, lengthMin) = (patterns[channel], lengthMins[channel])
                let far = round == 0 ? FlightPattern.singles(periodCount, lengthMin: lengthMin) : []
                for candidates in [far + now.neighbours(lengthMin: lengthMin), now.exchanges(lengthMin: lengthMin)] {
                    guard
                        let best = best(of: candidates, channel, in: patterns, beyond: value, by: processors),
                        isBetter(best.value, value)
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

    /// The best for one channel while the others stay; nil where none is possible, or worth more.
    private func best(
        of candidates: [FlightPattern], _ channel: Int, in patterns: [FlightPattern], beyond value: Worth,
        by processors: some ParallelMap
    ) -> (pattern: FlightPattern, value: Worth)? {
        let values = processors.map(candidates.count) { index in
            var changed = patterns
            changed[channel] = candidates[index]
            return worth(changed, value)
        }
        var best: (pattern: FlightPattern, value: Worth)?
        for (pattern, value) in zip(candidates, values) {
            guard let value else { continue }
            if let known = best, value <= known.value { continue }
            best = (pattern, value)
        }
        return best
    }

    /// On air throughout, or as long from the beginning as the money lasts, or not at all.
    private var first: [FlightPattern]? {
        for length in (0...periodCount).reversed() {
            let patterns = lengthMins.map {
                FlightPattern(flight: 0..<(length == 0 ? 0 : max($0, length)), of: periodCount)
            }
            if isPossible(patterns) { return patterns }
        }
        return nil
    }
}
