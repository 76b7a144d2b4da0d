/// HTML that is whole and safe: text that is put into it is escaped, and only markup is taken as it stands. A name such as
/// `<script>` cannot get in unescaped, since the compiler tells the two apart.
struct Markup: ExpressibleByStringInterpolation, Sendable, Hashable {
    let text: String

    init(stringLiteral value: String) {
        text = value
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    init(_ parts: [Markup]) {
        text = parts.map(\.text).joined()
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ value: String) {
            text += Markup.escaped(value)
        }

        mutating func appendInterpolation(_ value: Substring) {
            text += Markup.escaped(String(value))
        }

        mutating func appendInterpolation(_ value: Int) {
            text += String(value)
        }

        mutating func appendInterpolation(_ value: Markup) {
            text += value.text
        }

        mutating func appendInterpolation(_ values: [Markup]) {
            for value in values { text += value.text }
        }
    }

    static let none: Markup = ""

    var isEmpty: Bool { text.isEmpty }

    /// For contents and for values of attributes in either kind of quotes.
    private static func escaped(_ text: String) -> String {
        var result = ""
        // Scalars, since a sign with a combining mark is a Character of its own.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
