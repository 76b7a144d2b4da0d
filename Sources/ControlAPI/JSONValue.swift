/// A JSON document that is written by hand: schemas.
indirect enum JSONValue: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case boolean(Bool)
    case null
    case list([JSONValue])
    case mapping([String: JSONValue])

    /// The value of a key of a mapping.
    subscript(key: String) -> JSONValue? {
        get { if case .mapping(let values) = self { values[key] } else { nil } }
        set {
            guard case .mapping(var values) = self else { return }
            values[key] = newValue
            self = .mapping(values)
        }
    }
}

extension JSONValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .whole(let number): try container.encode(number)
        case .boolean(let value): try container.encode(value)
        case .null: try container.encodeNil()
        case .list(let values): try container.encode(values)
        case .mapping(let values): try container.encode(values)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .whole(number) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral values: JSONValue...) { self = .list(values) }
    init(dictionaryLiteral pairs: (String, JSONValue)...) {
        self = .mapping(Dictionary(pairs, uniquingKeysWith: { $1 }))
    }
}
