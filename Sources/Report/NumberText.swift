import Wording

/// Numbers as people read them, the same on every machine.
///
/// English: `12.3M`, `2.50bn`, `€12.4M`, `12.3%`, `1,234`. French: `12,3 M`, `2,50 Md`, `12,4 M€`, `12,3 %`, `1 234`, with narrow
/// no-break spaces.
package enum NumberText {
    /// Three significant digits with k, M or bn: `12.3M`, `4.57k`, `0.81`.
    package static func short(_ value: Double, _ language: Language = .english) -> String {
        let unit = Unit(of: value)
        guard value.isFinite else { return missing }
        return decimal(value / unit.size, digits(of: value / unit.size), language) + unit.text(language)
    }

    /// The same without digits that say nothing, for the round numbers of an axis: `15M`, `0.5`, `0`.
    package static func tick(_ value: Double, _ language: Language = .english) -> String {
        guard value.isFinite else { return missing }
        let unit = Unit(of: value)
        let scaled = value / unit.size
        for digits in 0..<3 {
            let rounded = (scaled * decimalScale(digits)).rounded() / decimalScale(digits)
            if abs(rounded - scaled) <= 1e-9 * abs(scaled) {
                return decimal(scaled, digits, language) + unit.text(language)
            }
        }
        return decimal(scaled, 3, language) + unit.text(language)
    }

    /// A fixed number of decimals, with the language's mark between thousands.
    package static func decimal(_ value: Double, _ digits: Int, _ language: Language = .english) -> String {
        let scale = decimalScale(digits)
        guard value.isFinite, abs(value) * scale < 1e15 else { return missing }
        let scaled = Int((abs(value) * scale).rounded())
        let whole = String(scaled / Int(scale))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += language == .french ? narrowSpace : "," }
            grouped.append(digit)
        }
        let sign = value < 0 && scaled != 0 ? "−" : ""
        guard digits > 0 else { return sign + grouped }
        let rest = String(scaled % Int(scale))
        let mark = language == .french ? "," : "."
        return sign + grouped + mark + String(repeating: "0", count: digits - rest.count) + rest
    }

    package static func percent(_ share: Double, digits: Int = 1, _ language: Language = .english) -> String {
        let text = decimal(100 * share, digits, language)
        return text == missing ? missing : text + (language == .french ? "\(narrowSpace)%" : "%")
    }

    /// A chance in whole per cent, never a certainty: draws are finite in number.
    static func chance(_ share: Double, _ language: Language) -> String {
        switch share {
        case 0.995...: ">\(narrowSpace)" + percent(0.99, digits: 0, language)
        case ..<0.005: "<\(narrowSpace)" + percent(0.01, digits: 0, language)
        default: percent(share, digits: 0, language)
        }
    }

    /// The same within a sentence.
    static func chanceWords(_ share: Double, _ language: Language) -> String {
        switch share {
        case 0.995...: (language == .french ? "plus de " : "over ") + percent(0.99, digits: 0, language)
        case ..<0.005: (language == .french ? "moins de " : "under ") + percent(0.01, digits: 0, language)
        default: chance(share, language)
        }
    }

    /// A 90 % interval in brackets, in the unit of the value beside which it stands, which is not said again.
    ///
    /// - Parameter isSigned: whether gains have a plus.
    package static func interval(
        _ low: Double, _ high: Double, beside value: Double, isSigned: Bool = false, _ language: Language = .english
    ) -> String {
        let unit = Unit(of: value)
        let digits = digits(of: value / unit.size)
        return interval(
            [low, high].map { end in
                let text = decimal(end / unit.size, digits, language)
                return (isSigned && end > 0 ? "+" : "") + text
            }, language)
    }

    /// Two texts in brackets.
    static func interval(_ ends: [String], _ language: Language) -> String {
        "[\(ends.joined(separator: language == .french ? "\(narrowSpace); " : "; "))]"
    }

    /// Days as the reader writes them: `2026-11-23`, `23/11/2026`.
    static func date(_ text: String, _ language: Language) -> String {
        let parts = text.split(separator: "-")
        return language == .french && parts.count == 3 ? "\(parts[2])/\(parts[1])/\(parts[0])" : text
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
    static let narrowSpace = "\u{202F}"

    private static func digits(of scaled: Double) -> Int { abs(scaled) >= 99.95 ? 0 : abs(scaled) >= 9.995 ? 1 : 2 }

    private static func decimalScale(_ digits: Int) -> Double {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return scale
    }

    /// In what a number is told: ones, thousands, millions, thousands of millions.
    struct Unit {
        let size: Double
        private let english: String
        private let french: String

        init(of value: Double) {
            (size, english, french) =
                [(1e9, "bn", "Md"), (1e6, "M", "M"), (1e3, "k", "k")].first { abs(value) >= 0.9995 * $0.0 } ?? (
                    1, "", ""
                )
        }

        /// Right after the number.
        func text(_ language: Language) -> String {
            switch language {
            case .english: english
            case .french: french.isEmpty ? "" : narrowSpace + french
            }
        }
    }
}

/// Money in the reader's language.
struct MoneyText {
    /// ISO 4217 code, or empty.
    let currency: String
    let language: Language

    /// `€`, or the code itself.
    var symbol: String { ["EUR": "€", "USD": "$", "GBP": "£"][currency] ?? currency }

    /// `€12.4M`, `CHF 12.4M`, `12,4 M€`, `12,4 M CHF`.
    func short(_ value: Double) -> String { placed(value, NumberText.short(abs(value), language)) }

    /// A round number of an axis, with its sign.
    func tick(_ value: Double) -> String {
        (value > 0 ? "+" : "") + placed(value, NumberText.tick(abs(value), language))
    }

    /// The same with a sign in any case.
    func signed(_ value: Double) -> String {
        let text = short(value)
        return value.isFinite && !text.hasPrefix("−") ? "+" + text : text
    }

    /// With so many decimals, as a price: `€1.21`.
    func decimal(_ value: Double, _ digits: Int) -> String {
        placed(value, NumberText.decimal(abs(value), digits, language))
    }

    private func placed(_ value: Double, _ number: String) -> String {
        guard value.isFinite else { return NumberText.missing }
        let isZero = !number.contains { $0 >= "1" && $0 <= "9" }
        let sign = value < 0 && !isZero ? "−" : ""
        guard !currency.isEmpty else { return sign + number }
        switch language {
        case .english: return sign + (symbol == currency ? "\(currency)\(NumberText.narrowSpace)" : symbol) + number
        case .french:
            // The unit and the currency are one word: M€.
            let isJoined = number.last.map { $0.isLetter } == true && symbol != currency
            return sign + number + (isJoined ? "" : NumberText.narrowSpace) + symbol
        }
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

    /// The same, with what stands between backticks as code.
    var markupWithCode: String {
        let parts = escapedForMarkup.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return escapedForMarkup }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\($1)</code>" : String($1) }.joined()
    }
}
