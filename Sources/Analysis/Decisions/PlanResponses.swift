import Kernels
import MarketingMix

/// What each channel of a plan brings at any money between two multiples of today's, at each draw: enough to judge a plan
/// without the model.
///
/// What a channel adds to an additive model depends on its own money alone, and is smooth in the logarithm of the money. It
/// is kept as a Chebyshev series in that logarithm, which the smoothness lets be short: with ρ the size of the ellipse in which
/// the response is analytic, n terms are wrong by ρ⁻ⁿ (Trefethen 2013, chapter 8).
package struct PlanResponses: Sendable, Hashable {
    /// Multiples of today's money between which the series hold.
    package static let multiples = 0.5...2.0
    /// Error of a series ÷ what all channels bring: the shortest that comes so near is taken.
    private static let errorMax = 1e-9
    /// The longest may be so wrong. A root is a straight line close to 0, so that its response has kinks, which are of no size
    /// and keep a series from coming nearer.
    private static let errorAllowed = 2e-7
    private static let lengths = [8, 12, 16, 24]
    /// Draws by which the length is chosen.
    private static let trialDraws = 50

    package let names: [String]
    /// Money of the plan's periods that each channel has now.
    package let spend: [Double]
    package let drawCount: Int
    /// Terms of each series.
    package let length: Int
    /// By channel and draw, the revenue that today's money of the channel adds.
    package let revenues: [[Double]]
    /// By channel, draw and term: revenue at t less that of today, Σ c_k T_k(t), with t from −1 to 1 as the logarithm of the
    /// multiple goes from one end to the other.
    package let terms: [[Double]]

    /// Nil where channels multiply each other, and where no short series is good enough.
    package init?(_ media: PlannedMedia, by processors: some ParallelMap) {
        guard !media.model.specification.likelihood.hasLogLink else { return nil }
        let trial = media.thinned(to: Self.trialDraws)
        var found: Int?
        for length in Self.lengths where found == nil {
            let error = Self.error(trial, length: length, by: processors)
            if error <= (length == Self.lengths.last ? Self.errorAllowed : Self.errorMax) { found = length }
        }
        guard let length = found else { return nil }
        let layout = media.layout
        self.length = length
        names = layout.channels.map { media.model.specification.channels[$0].name }
        drawCount = media.drawCount
        let channels = layout.channels.indices
        spend = channels.map { channel in
            layout.current[Self.cells(layout, channel)].reduce(0, +)
        }
        let series = channels.map { Self.series(media, channel: $0, length: length, by: processors) }
        revenues = series.map(\.now)
        terms = series.map(\.terms)
    }

    /// What a channel's money brings beyond today's, at one draw.
    package func change(channel: Int, multiple: Double, draw: Int) -> Double {
        guard multiple > 0 else { return -revenues[channel][draw] }
        let own = terms[channel][draw * length..<(draw + 1) * length]
        return Self.sum(own, at: Self.place(multiple))
    }

    // MARK: Series

    private static func cells(_ layout: MediaPlanLayout, _ channel: Int) -> Range<Int> {
        let count = layout.geoCount * layout.periodCount
        return channel * count..<(channel + 1) * count
    }

    /// From −1 to 1.
    private static func place(_ multiple: Double) -> Double {
        let (low, high) = (Elementary.log(multiples.lowerBound), Elementary.log(multiples.upperBound))
        return (2 * Elementary.log(multiple) - low - high) / (high - low)
    }

    private static func multiple(_ place: Double) -> Double {
        let (low, high) = (Elementary.log(multiples.lowerBound), Elementary.log(multiples.upperBound))
        return Elementary.exp(0.5 * (low + high + place * (high - low)))
    }

    private static func cosine(_ angle: Double) -> Double { Elementary.sinCosTwoPi(angle / (2 * Double.pi)).cos }

    /// By Clenshaw's recurrence.
    private static func sum(_ terms: ArraySlice<Double>, at place: Double) -> Double {
        var (last, lastButOne) = (0.0, 0.0)
        for term in terms.dropFirst().reversed() {
            (last, lastButOne) = (term + 2 * place * last - lastButOne, last)
        }
        return (terms.first ?? 0) + place * last - lastButOne
    }

    private static func revenues(
        _ media: PlannedMedia, channel: Int, multiple: Double, by processors: some ParallelMap
    ) -> [Double] {
        var money = media.layout.current
        for cell in cells(media.layout, channel) { money[cell] *= multiple }
        return media.revenues(of: money, channel: channel, by: processors)
    }

    private static func series(
        _ media: PlannedMedia, channel: Int, length: Int, by processors: some ParallelMap
    ) -> (now: [Double], terms: [Double]) {
        let now = revenues(media, channel: channel, multiple: 1, by: processors)
        let angles = (0..<length).map { (Double($0) + 0.5) * Double.pi / Double(length) }
        let values = angles.map { angle in
            revenues(media, channel: channel, multiple: multiple(cosine(angle)), by: processors)
        }
        let cosines = (0..<length).map { term in angles.map { cosine(Double(term) * $0) } }
        var terms: [Double] = []
        terms.reserveCapacity(now.count * length)
        for draw in now.indices {
            for term in 0..<length {
                var sum = 0.0
                for node in 0..<length { sum += (values[node][draw] - now[draw]) * cosines[term][node] }
                terms.append(sum * (term == 0 ? 1 : 2) / Double(length))
            }
        }
        return (now, terms)
    }

    /// The largest error over channels and draws between the nodes, ÷ what all channels bring at the draw.
    private static func error(_ media: PlannedMedia, length: Int, by processors: some ParallelMap) -> Double {
        let layout = media.layout
        let all = media.revenues(of: layout.current, draws: 0..<media.drawCount, by: processors)
        var worst = 0.0
        for channel in layout.channels.indices {
            let own = series(media, channel: channel, length: length, by: processors)
            for place in [-0.985, -0.62, -0.13, 0.41, 0.93] {
                let exact = revenues(media, channel: channel, multiple: multiple(place), by: processors)
                for draw in exact.indices {
                    let found = sum(own.terms[draw * length..<(draw + 1) * length], at: place) + own.now[draw]
                    worst = max(worst, abs(found - exact[draw]) / max(abs(all[draw]), .leastNormalMagnitude))
                }
            }
        }
        return worst
    }
}
