import Foundation

/// A JSON document as a value: for documents whose shape is data, as schemas and messages.
package indirect enum JSONValue: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case number(Double)
    case boolean(Bool)
    case null
    case list([JSONValue])
    case mapping([String: JSONValue])

    /// The value of a key of a mapping.
    package subscript(key: String) -> JSONValue? {
        get { if case .mapping(let values) = self { values[key] } else { nil } }
        set {
            guard case .mapping(var values) = self else { return }
            values[key] = newValue
            self = .mapping(values)
        }
    }

    /// Nil where it is no text.
    package var text: String? { if case .text(let text) = self { text } else { nil } }

    /// Nil where it is no list.
    package var list: [JSONValue]? { if case .list(let values) = self { values } else { nil } }

    /// Nil where it is no mapping.
    package var mapping: [String: JSONValue]? { if case .mapping(let values) = self { values } else { nil } }

    /// Nil where it is no number.
    package var number: Double? {
        switch self {
        case .number(let number): number
        case .whole(let number): Double(number)
        default: nil
        }
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let values = try? container.decode([String: JSONValue].self) {
            self = .mapping(values)
        } else if let number = try? container.decode(Int.self) {
            self = .whole(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if container.decodeNil() {
            self = .null
        } else {
            self = .list(try container.decode([JSONValue].self))
        }
    }

    /// JSON has no word for what is not finite: it becomes a text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .whole(let number): try container.encode(number)
        case .number(let number) where number.isFinite: try container.encode(number)
        case .number(let number): try container.encode("\(number)")
        case .boolean(let value): try container.encode(value)
        case .null: try container.encodeNil()
        case .list(let values): try container.encode(values)
        case .mapping(let values): try container.encode(values)
        }
    }
}

extension JSONValue {
    /// Nil where the bytes are no JSON document in UTF-8.
    package init?(parsing bytes: some Sequence<UInt8>) {
        let data = Data(bytes)
        // The decoder would guess at UTF-16 and UTF-32, and repair what is broken.
        guard String(validating: data, as: UTF8.self) != nil,
            let value = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return nil }
        self = value
    }

    /// Of a value that its own type writes as JSON; what is not finite becomes a text.
    package init(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        self = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(value))
    }

    /// On one line, keys in order.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every case of a value is JSON: there is nothing that the encoder could refuse.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: Int) { self = .whole(number) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral values: JSONValue...) { self = .list(values) }
    package init(dictionaryLiteral pairs: (String, JSONValue)...) {
        self = .mapping(Dictionary(pairs, uniquingKeysWith: { $1 }))
    }
}
