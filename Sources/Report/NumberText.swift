/// Numbers as people read them, the same on every machine.
package enum NumberText {
    /// Three significant digits with k, M or G: `12.3M`, `4.57k`, `0.81`.
    package static func short(_ value: Double) -> String {
        let (scaled, suffix) = unit(value)
        guard let suffix else { return missing }
        return decimal(scaled, abs(scaled) >= 99.95 ? 0 : abs(scaled) >= 9.995 ? 1 : 2) + suffix
    }

    /// The same without digits that say nothing, for the round numbers of an axis: `15M`, `0.5`, `0`.
    package static func tick(_ value: Double) -> String {
        let (scaled, suffix) = unit(value)
        guard let suffix else { return missing }
        for digits in 0..<3 {
            let rounded = (scaled * decimalScale(digits)).rounded() / decimalScale(digits)
            if abs(rounded - scaled) <= 1e-9 * abs(scaled) { return decimal(scaled, digits) + suffix }
        }
        return decimal(scaled, 3) + suffix
    }

    /// A fixed number of decimals, with narrow no-break spaces between thousands.
    package static func decimal(_ value: Double, _ digits: Int) -> String {
        let scale = decimalScale(digits)
        guard value.isFinite, abs(value) * scale < 1e15 else { return missing }
        let scaled = Int((abs(value) * scale).rounded())
        let whole = String(scaled / Int(scale))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "\u{202F}" }
            grouped.append(digit)
        }
        let sign = value < 0 && scaled != 0 ? "−" : ""
        guard digits > 0 else { return sign + grouped }
        let rest = String(scaled % Int(scale))
        return sign + grouped + "." + String(repeating: "0", count: digits - rest.count) + rest
    }

    package static func percent(_ share: Double) -> String {
        let text = decimal(100 * share, 1)
        return text == missing ? missing : text + "%"
    }

    /// Coordinates of a drawing, to a tenth.
    static func coordinate(_ value: Double) -> String {
        // A drawing has no place for what is not finite; such points are left at its edge.
        guard let tenths = Int(exactly: (value * 10).rounded()) else { return "0.0" }
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// What stands for a number that does not exist.
    static let missing = "–"

    private static func decimalScale(_ digits: Int) -> Double {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return scale
    }

    /// The value in its unit; no suffix at all where it is not finite.
    private static func unit(_ value: Double) -> (scaled: Double, suffix: String?) {
        guard value.isFinite else { return (value, nil) }
        for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= 0.9995 * unit {
            return (value / unit, suffix)
        }
        return (value, "")
    }
}

extension String {
    /// Safe inside markup and attributes.
    var escapedForMarkup: String {
        var text = ""
        // Scalars, since a sign with a combining mark is a Character of its own.
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
