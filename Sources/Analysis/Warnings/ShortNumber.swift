/// Numbers as sentences have them.
package enum ShortNumber {
    /// Three significant digits.
    package static func text(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        var scale = 1.0
        var size = abs(value)
        while size < 99.5, scale < 1e12 {
            size *= 10
            scale *= 10
        }
        let rounded = (value * scale).rounded() / scale
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
