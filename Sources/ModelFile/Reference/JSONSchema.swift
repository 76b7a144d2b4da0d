/// What an editor needs to complete and check a file as it is written (JSON Schema, draft 2020-12).
///
/// A schema without any entry takes everything.
package struct JSONSchema: Sendable, Encodable, Equatable {
    package enum Kind: String, Sendable, Encodable {
        case object, array, string, number, integer, boolean
    }

    /// Of these, one has to fit.
    package var kinds: [Kind] = []
    package var title: String?
    package var meaning: String?
    package var examples: [String] = []
    package var words: [String] = []
    package var pattern: String?
    package var minimum: Double?
    package var maximum: Double?
    /// By key, of a mapping.
    package var properties: [String: JSONSchema] = [:]
    package var required: [String] = []
    /// What keys besides those may hold; `isClosed` where there are none.
    package var otherProperties: [JSONSchema] = []
    package var isClosed = false
    package var propertyCounts: ClosedRange<Int>?
    /// What each entry of a list is.
    package var items: [JSONSchema] = []
    package var itemCounts: ClosedRange<Int>?
    package var alternatives: [JSONSchema] = []
    /// The name of one of `definitions` at the top.
    package var reference: String?
    package var definitions: [String: JSONSchema] = [:]

    package init(
        kinds: [Kind] = [], title: String? = nil, words: [String] = [], pattern: String? = nil,
        minimum: Double? = nil, maximum: Double? = nil, properties: [String: JSONSchema] = [:],
        required: [String] = [], otherProperties: [JSONSchema] = [], isClosed: Bool = false,
        propertyCounts: ClosedRange<Int>? = nil, items: [JSONSchema] = [], itemCounts: ClosedRange<Int>? = nil,
        alternatives: [JSONSchema] = []
    ) {
        self.kinds = kinds
        self.title = title
        self.words = words
        self.pattern = pattern
        self.minimum = minimum
        self.maximum = maximum
        self.properties = properties
        self.required = required
        self.otherProperties = otherProperties
        self.isClosed = isClosed
        self.propertyCounts = propertyCounts
        self.items = items
        self.itemCounts = itemCounts
        self.alternatives = alternatives
    }

    static func reference(_ name: String) -> JSONSchema {
        var schema = JSONSchema()
        schema.reference = name
        return schema
    }

    private enum Key: String, CodingKey {
        case schema = "$schema"
        case reference = "$ref"
        case definitions = "$defs"
        case title, type, pattern, minimum, maximum, properties, required, items, examples
        case meaning = "description"
        case words = "enum"
        case otherProperties = "additionalProperties"
        case minProperties, maxProperties, minItems, maxItems
        case alternatives = "anyOf"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if encoder.codingPath.isEmpty {
            try container.encode("https://json-schema.org/draft/2020-12/schema", forKey: .schema)
        }
        if kinds.count == 1 {
            try container.encode(kinds[0], forKey: .type)
        } else if !kinds.isEmpty {
            try container.encode(kinds, forKey: .type)
        }
        try container.encodeIfPresent(title, forKey: .title)
        try container.encodeIfPresent(meaning, forKey: .meaning)
        if !examples.isEmpty { try container.encode(examples, forKey: .examples) }
        if !words.isEmpty { try container.encode(words, forKey: .words) }
        try container.encodeIfPresent(pattern, forKey: .pattern)
        try container.encodeIfPresent(minimum, forKey: .minimum)
        try container.encodeIfPresent(maximum, forKey: .maximum)
        if !properties.isEmpty { try container.encode(properties, forKey: .properties) }
        if !required.isEmpty { try container.encode(required, forKey: .required) }
        if isClosed {
            try container.encode(false, forKey: .otherProperties)
        } else {
            try container.encodeIfPresent(otherProperties.first, forKey: .otherProperties)
        }
        try container.encodeIfPresent(propertyCounts?.lowerBound, forKey: .minProperties)
        try container.encodeIfPresent(propertyCounts?.upperBound, forKey: .maxProperties)
        try container.encodeIfPresent(items.first, forKey: .items)
        try container.encodeIfPresent(itemCounts?.lowerBound, forKey: .minItems)
        try container.encodeIfPresent(itemCounts?.upperBound, forKey: .maxItems)
        if !alternatives.isEmpty { try container.encode(alternatives, forKey: .alternatives) }
        try container.encodeIfPresent(reference.map { "#/$defs/\($0)" }, forKey: .reference)
        if !definitions.isEmpty { try container.encode(definitions, forKey: .definitions) }
    }
}
