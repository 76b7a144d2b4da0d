/// Numbers as sentences have them.
package enum Figure {
    /// Rounded to so many places, without zeros at the end.
    package static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        return "\(scaled.isFinite ? scaled / scale : value)"
    }

    /// Three significant digits, at most eight places.
    package static func threeDigits(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return whole(value) }
        var places = 2
        var size = abs(value)
        while size < 1, places < 8 {
            size *= 10
            places += 1
        }
        while size >= 10, places > 0 {
            size /= 10
            places -= 1
        }
        return places == 0 ? whole(value.rounded()) : trimmed(decimal(value, places: places))
    }

    static func whole(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// Without the zero of a whole number.
    static func trimmed(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
}
