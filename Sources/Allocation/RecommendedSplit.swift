/// How a budget would be split over channels so that it brings the most, by their mean response curves.
///
/// This is a measure of how far the advice moves from night to night, not the advice itself, which also knows risk, margin
/// and carry-over. It moves by whole pieces of the curves: a hundred points a channel make that small.
package struct RecommendedSplit: Sendable, Hashable {
    package struct Share: Sendable, Hashable, Codable {
        package var channel: String
        package var spend: Double

        package init(channel: String, spend: Double) {
            self.channel = channel
            self.spend = spend
        }
    }

    /// In the order of the curves; the spends add up to `budget`.
    package let shares: [Share]
    package let budget: Double
    /// What the split brings on the concave hulls of the curves: the curves themselves may bring less where spend ends
    /// within a piece that a curve sags below.
    package let contribution: Double

    /// The best split on the concave hulls: from the least that each channel may have, always the piece of the highest slope
    /// next, which is optimal as slopes fall along a hull; of equal slopes that of the earlier channel.
    ///
    /// Nil where the bounds leave no split, or there is no channel. Bounds end at the points of a curve.
    ///
    /// - Parameters:
    ///   - curves: of channels with names of their own.
    ///   - budget: to be spent to the end; the sum of the current spends where nil.
    ///   - leastFactor: what each channel has at the least, as a multiple of its current spend.
    ///   - mostFactor: and at the most.
    package init?(
        _ curves: [ResponseCurve], budget: Double? = nil, leastFactor: Double = 0.5, mostFactor: Double = 1.5
    ) {
        precondition(leastFactor >= 0 && mostFactor >= leastFactor, "a channel's bounds are in order")
        precondition(Set(curves.map(\.channel)).count == curves.count, "each channel has one curve")
        let total = budget ?? curves.map(\.currentSpend).reduce(0, +)
        guard !curves.isEmpty, total > 0, total.isFinite else { return nil }
        let hulls = curves.map { curve in
            let ends = curve.points[0].spend...curve.points[curve.points.count - 1].spend
            func within(_ factor: Double) -> Double {
                min(max(factor * curve.currentSpend, ends.lowerBound), ends.upperBound)
            }
            return curve.concaveHull(from: within(leastFactor), to: within(mostFactor))
        }
        var spends = hulls.map { $0[0].spend }
        var rest = total - spends.reduce(0, +)
        // Sums of bounds that meet the budget but for rounding do meet it.
        let rounding = 1e-9 * total
        guard rest >= -rounding, hulls.map({ $0[$0.count - 1].spend }).reduce(0, +) >= total - rounding else {
            return nil
        }
        var contribution = hulls.map { $0[0].contribution }.reduce(0, +)
        var pieces: [Piece] = []
        for (channel, hull) in hulls.enumerated() {
            for (a, b) in zip(hull, hull.dropFirst()) {
                let width = b.spend - a.spend
                pieces.append(
                    Piece(channel: channel, width: width, slope: (b.contribution - a.contribution) / width))
            }
        }
        // Sorting is stable in no promise of the library's: the index settles equal slopes.
        let order = pieces.indices.sorted {
            (pieces[$1].slope, $0) < (pieces[$0].slope, $1)
        }
        for index in order where rest > 0 {
            let piece = pieces[index]
            let width = min(piece.width, rest)
            spends[piece.channel] += width
            contribution += width * piece.slope
            rest -= width
        }
        shares = zip(curves, spends).map { Share(channel: $0.channel, spend: $1) }
        self.budget = total
        self.contribution = contribution
    }

    private struct Piece {
        var channel: Int
        var width: Double
        var slope: Double
    }

    /// Half of Σ |new share − old share| over all channels: 0 where the recommendation stays, 1 where nothing goes where it
    /// went. Of unequal budgets the shares are compared; a channel that one of the two does not know has no share in it.
    package static func moved(from old: [Share], to new: [Share]) -> Double {
        changes(from: old, to: new).map { abs($0.change) }.reduce(0, +) / 2
    }

    /// The channel whose share of the spend moved most, the first of equals; nil where none did.
    package static func largestChange(from old: [Share], to new: [Share]) -> String? {
        changes(from: old, to: new).reduce(nil as (channel: String, change: Double)?) { found, next in
            abs(next.change) > abs(found?.change ?? 0) ? next : found
        }?.channel
    }

    private static func changes(from old: [Share], to new: [Share]) -> [(channel: String, change: Double)] {
        let totals = (old.map(\.spend).reduce(0, +), new.map(\.spend).reduce(0, +))
        let names = new.map(\.channel) + old.map(\.channel).filter { name in !new.contains { $0.channel == name } }
        func share(_ name: String, _ shares: [Share], _ total: Double) -> Double {
            total > 0 ? shares.filter { $0.channel == name }.map(\.spend).reduce(0, +) / total : 0
        }
        return names.map { ($0, share($0, new, totals.1) - share($0, old, totals.0)) }
    }
}
