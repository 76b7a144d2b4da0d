import Wire

/// A duration as people write it: `90`, `90s`, `15m`, `1h30m`, `2d`. A number without a unit counts seconds.
package struct TimeSpan: Sendable, Hashable, CustomStringConvertible {
    package let nanoseconds: UInt64

    /// Longer than any worker lives.
    private static let secondsMax: Double = 1000 * 86_400
    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    package init(seconds: Double) {
        nanoseconds = UInt64(min(max(0, seconds), Self.secondsMax) * 1e9)
    }

    /// Nil when the text is no duration, or one of more than 1,000 days.
    package init?(_ text: String) {
        var total: Double = 0
        var rest = Substring(text)
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let number = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            var unit: Double = 1
            if let letter = rest.popFirst() {
                guard let known = Self.units[letter] else { return nil }
                unit = known
            }
            total += number * unit
        } while !rest.isEmpty
        guard total <= Self.secondsMax else { return nil }
        self.init(seconds: total)
    }

    /// In the largest unit that counts it in whole numbers.
    package var description: String {
        let seconds = Double(nanoseconds) / 1e9
        for (unit, length) in [("d", 86_400.0), ("h", 3600), ("m", 60)] {
            let count = seconds / length
            if count >= 1, count == count.rounded() { return "\(Int(count))\(unit)" }
        }
        return seconds == seconds.rounded() ? "\(Int(seconds))s" : "\(seconds)s"
    }
}
