/// Numbers as people read them, the same on every machine.
enum NumberText {
    /// Three significant digits with k, M or G: `12.3M`, `4.57k`, `0.81`.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= 0.9995 * unit {
            return significant(value / unit) + suffix
        }
        return significant(value)
    }

    /// A fixed number of decimals, with thin spaces between thousands.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let whole = String(scaled / Int(scale))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "\u{2009}" }
            grouped.append(digit)
        }
        let sign = value < 0 && scaled != 0 ? "−" : ""
        guard digits > 0 else { return sign + grouped }
        let rest = String(scaled % Int(scale))
        return sign + grouped + "." + String(repeating: "0", count: digits - rest.count) + rest
    }

    static func percent(_ share: Double) -> String { decimal(100 * share, 1) + "%" }

    /// Coordinates of a drawing.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    private static func significant(_ value: Double) -> String {
        decimal(value, abs(value) >= 99.95 ? 0 : abs(value) >= 9.995 ? 1 : 2)
    }
}

extension String {
    /// Safe inside markup and attributes.
    var escapedForMarkup: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }
}
