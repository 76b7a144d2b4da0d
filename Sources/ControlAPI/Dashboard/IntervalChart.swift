/// Intervals of several rows on one scale, a small picture each; the numbers stand beside it.
struct IntervalChart {
    /// Of the scale.
    let bounds: ClosedRange<Double>

    private static let width = 200.0

    /// On a scale that holds 0 and all of them.
    init(_ intervals: [(low: Double, high: Double)]) {
        let low = min(0, intervals.map(\.low).min() ?? 0)
        let high = max(0, intervals.map(\.high).max() ?? 1)
        bounds = low < high ? low...high : 0...1
    }

    var caption: String {
        "Lines span 5 % to 95 % of the draws, on one scale from \(PageWords.short(bounds.lowerBound)) to "
            + "\(PageWords.short(bounds.upperBound)); the thick mark is the mean."
    }

    private func place(_ value: Double) -> String {
        let share = (value - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
        return String(Int((min(max(share, 0), 1) * Self.width).rounded()))
    }

    /// - Parameter intervals: one, or two one above the other.
    func markup(_ intervals: [(low: Double, mean: Double, high: Double)?]) -> Markup {
        let height = intervals.count > 1 ? 34 : 22
        let lines = intervals.enumerated().compactMap { row, interval -> Markup? in
            guard let interval else { return nil }
            let y = 11 + 12 * row
            let other = row > 0 ? " other" : ""
            return """
                <line class="\(other)" x1="\(place(interval.low))" x2="\(place(interval.high))" y1="\(y)" y2="\(y)"/>\
                <line class="mean\(other)" x1="\(place(interval.mean))" x2="\(place(interval.mean))" y1="\(y - 5)" \
                y2="\(y + 5)"/>
                """
        }
        return """
            <svg class="interval\(intervals.count > 1 ? " pair" : "")" viewBox="0 0 200 \(height)" \
            preserveAspectRatio="none" aria-hidden="true">\
            <line class="axis" x1="\(place(0))" x2="\(place(0))" y1="0" y2="\(height)"/>\(lines)</svg>
            """
    }
}
