import Foundation

/// How pages say numbers, times and states.
enum PageWords {
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "–" }
        return value.formatted(
            .number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_GB")))
    }

    /// With three digits that say something: 0.0123, 1.23, 123, 12,345.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case 100...: decimal(value, 0)
        case 10..<100: decimal(value, 1)
        case 0.1..<10: decimal(value, 2)
        default:
            value == 0
                ? "0"
                : value.formatted(
                    .number.precision(.significantDigits(1...3)).locale(Locale(identifier: "en_GB")))
        }
    }

    static func count(_ value: Int) -> String { decimal(Double(value), 0) }

    static func percent(_ part: Int, of all: Int) -> String { "\(all == 0 ? 0 : 100 * part / all) %" }

    static func duration(_ seconds: Double) -> String {
        guard let whole = Int(exactly: seconds.rounded(.up)) else { return "ages" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        if whole < 172_800 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
        return "\(whole / 86_400) days"
    }

    /// Of ISO 8601 in UTC: date and minutes.
    static func time(_ text: String) -> String { String(text.prefix(16)).replacing("T", with: " ") }

    static func bytes(_ count: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(decimal(value, unit == 0 || value >= 10 ? 0 : 1)) \(units[unit])"
    }

    static func state(_ state: String) -> Markup {
        let kind =
            switch state {
            case "succeeded": "good"
            case "failed": "bad"
            case "held", "paused": "warn"
            case "running", "assembling": "accent"
            default: "calm"
            }
        return "<span class=\"badge \(kind)\">\(state)</span>"
    }

    static func verdict(_ verdict: String) -> Markup {
        let kind = verdict == "promote" ? "good" : verdict == "hold" ? "warn" : "bad"
        return "<span class=\"badge \(kind)\">\(verdict.uppercased())</span>"
    }

    static func level(_ level: String) -> Markup {
        let kind = level == "info" ? "calm" : level == "warning" ? "warn" : "bad"
        return "<span class=\"badge \(kind)\">\(level)</span>"
    }

    /// How far something is, as a bar with words.
    static func progress(_ done: Int, of all: Int, label: String) -> Markup {
        let share = percent(done, of: all)
        return """
            <progress max="\(max(1, all))" value="\(min(done, max(1, all)))" aria-label="\(label)">\(share)</progress> \
            <small>\(share)</small>
            """
    }
}
