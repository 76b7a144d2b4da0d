/// French as it is set in print: written plainly, a literal gets its narrow no-break spaces before `: ; ! ? %` and within
/// `« »`, and a number that is put in gets a decimal comma and spaces between thousands, a day its order.
public struct FrenchText: Sendable, Hashable, ExpressibleByStringInterpolation {
    public let text: String

    public init(stringLiteral value: String) { text = Self.spaced(value) }

    public init(stringInterpolation: StringInterpolation) { text = Self.spaced(stringInterpolation.text) }

    private init(set text: String) { self.text = text }

    public static func + (first: FrenchText, second: FrenchText) -> FrenchText {
        FrenchText(set: Self.spaced(first.text + second.text))
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) { text += literal }

        /// A number becomes a French one, a day as well; anything else stays as it is.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += FrenchText.day(value.description) ?? FrenchText.number(value.description)
        }

        public mutating func appendInterpolation(_ value: FrenchText) { text += value.text }

        /// The French of what is said in all languages.
        public mutating func appendInterpolation(_ value: Sentence) { text += value.french }

        /// What is typed as it stands: options and keys, with their values.
        public mutating func appendInterpolation(code value: some CustomStringConvertible) { text += value.description }
    }

    static let narrowSpace: Character = "\u{202F}"

    private static func spaced(_ text: String) -> String {
        var result = ""
        for character in text {
            if ":;!?%»".contains(character), result.last == " " {
                result.removeLast()
                result.append(narrowSpace)
            } else if character == " ", result.last == "«" {
                result.append(narrowSpace)
                continue
            }
            result.append(character)
        }
        return result
    }

    /// `2024-01-31` as `31/01/2024`; nil for what is no day.
    public static func day(_ text: String) -> String? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return nil }
        return "\(parts[2])/\(parts[1])/\(parts[0])"
    }

    /// `1234.5` as `1 234,5`; what is no plain number as it is.
    public static func number(_ text: String) -> String {
        let sign = text.first == "-" || text.first == "−" ? "−" : ""
        let parts = text.dropFirst(sign.isEmpty ? 0 : 1).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return text }
        var whole = ""
        for (index, digit) in parts[0].enumerated() {
            if index > 0, (parts[0].count - index) % 3 == 0 { whole.append(narrowSpace) }
            whole.append(digit)
        }
        return sign + whole + (parts.count == 2 ? ",\(parts[1])" : "")
    }
}
