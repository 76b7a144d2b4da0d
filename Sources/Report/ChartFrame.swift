import MarketingMix
import ModelDefinition
import Wording

/// The plane of a chart: where values and periods lie, and its axes.
struct ChartFrame {
    let width: Double
    let height: Double
    let left: Double
    let right: Double
    let low: Double
    let high: Double
    var language = Language.english

    static let top = 14.0
    static let bottom = 30.0

    /// Across, of a share of the width between 0 and 1.
    func across(_ share: Double) -> Double { left + share * (width - left - right) }

    func x(_ period: Int, of count: Int) -> String {
        NumberText.coordinate(across(Double(period) / Double(max(1, count - 1))))
    }

    /// Up, of a value.
    func up(_ value: Double) -> Double {
        let span = high > low ? high - low : 1
        return height - Self.bottom - (value - low) / span * (height - Self.top - Self.bottom)
    }

    func y(_ value: Double) -> String { NumberText.coordinate(up(value)) }

    func points(_ values: [Double]) -> String {
        values.indices.filter { values[$0].isFinite }.map { "\(x($0, of: values.count)),\(y(values[$0]))" }
            .joined(separator: " ")
    }

    /// The area between two series.
    func area(_ upper: [Double], _ lower: [Double]) -> String {
        let back = lower.indices.reversed().map { "\(x($0, of: lower.count)),\(y(lower[$0]))" }
        return points(upper) + " " + back.joined(separator: " ")
    }

    /// Levels with their values, in words of the axis' own scale.
    func levels() -> String {
        Self.ticks(low, high).map { tick in
            "<line x1=\"\(NumberText.coordinate(left))\" x2=\"\(NumberText.coordinate(width - right))\" "
                + "y1=\"\(y(tick))\" y2=\"\(y(tick))\" stroke=\"var(--rule)\"/>"
                + "<text x=\"\(NumberText.coordinate(left - 6))\" y=\"\(NumberText.coordinate(up(tick) + 4))\" "
                + "text-anchor=\"end\">\(NumberText.tick(tick, language))</text>"
        }.joined()
    }

    /// Levels, and marks in time: each new year or, for a series of under two years, each new quarter.
    func axes(dates: [CalendarDate]) -> String {
        guard let first = dates.first, let last = dates.last else { return levels() }
        let isShort = last.dayNumber - first.dayNumber < 2 * 365
        var text = levels()
        for period in dates.indices.dropFirst() {
            let (year, month, _) = dates[period].civil
            let (yearBefore, monthBefore, _) = dates[period - 1].civil
            let isMark = isShort ? (month - 1) / 3 != (monthBefore - 1) / 3 || year != yearBefore : year != yearBefore
            guard isMark else { continue }
            let number = "\(month < 10 ? "0" : "")\(month)"
            let label = !isShort ? "\(year)" : language == .french ? "\(number)/\(year)" : "\(year)-\(number)"
            let x = x(period, of: dates.count)
            text +=
                "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(NumberText.coordinate(Self.top))\" "
                + "y2=\"\(NumberText.coordinate(height - Self.bottom))\" stroke=\"var(--rule)\"/>"
                + "<text x=\"\(x)\" y=\"\(NumberText.coordinate(height - 10))\" text-anchor=\"middle\">\(label)</text>"
        }
        return text
    }

    /// Names at the right edge, each with a swatch, moved apart until none covers another.
    func labels(_ labels: [(up: Double, text: String, fill: String)]) -> String {
        var placed = labels.sorted { $0.up < $1.up }
        for index in placed.indices.dropFirst() { placed[index].up = max(placed[index].up, placed[index - 1].up + 15) }
        let overflow = (placed.last?.up ?? 0) - (height - Self.bottom)
        if overflow > 0 {
            for index in placed.indices.reversed() {
                let limit = index == placed.count - 1 ? height - Self.bottom : placed[index + 1].up - 15
                placed[index].up = min(placed[index].up, limit)
            }
        }
        return placed.map { label in
            "<rect x=\"\(NumberText.coordinate(width - right + 6))\" y=\"\(NumberText.coordinate(label.up - 5))\" "
                + "width=\"11\" height=\"11\" fill=\"\(label.fill)\"/>"
                + "<text x=\"\(NumberText.coordinate(width - right + 22))\" y=\"\(NumberText.coordinate(label.up + 4))\">"
                + "\(label.text.escapedForMarkup)</text>"
        }.joined()
    }

    /// Three to six round numbers from `low` to `high`.
    static func ticks(_ low: Double, _ high: Double) -> [Double] {
        guard high > low, (high - low).isFinite else { return [] }
        var step = 1.0
        while step * 5 < high - low { step *= 10 }
        while step * 0.5 > high - low { step /= 10 }
        for divisor in [5.0, 2.0, 1.0] where (high - low) / (step / divisor) <= 6 {
            step /= divisor
            break
        }
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last >= first, last - first < 20 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }
}
