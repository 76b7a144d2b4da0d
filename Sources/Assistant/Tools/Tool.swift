import JSON
import ModelFile

/// Something that an assistant can ask: its name, what it takes, and what it answers with.
package struct Tool: Sendable {
    package var name: String
    /// For people.
    package var title: String
    /// For the assistant: when to ask it, and what comes.
    package var text: String
    package var parameters: [ToolParameter]
    /// JSON Schema of its answer.
    package var answer: JSONValue
    /// False of what changes something on a coordinator.
    package var isReadOnly: Bool

    package init(
        _ name: String, title: String, _ text: String, parameters: [ToolParameter],
        answer: JSONValue = FigureAnswer.schema, isReadOnly: Bool = true
    ) {
        self.name = name
        self.title = title
        self.text = text
        self.parameters = parameters
        self.answer = answer
        self.isReadOnly = isReadOnly
    }

    /// As `tools/list` has it.
    package var value: JSONValue {
        [
            "name": .text(name), "title": .text(title), "description": .text(text),
            "inputSchema": [
                "type": "object",
                "properties": .mapping(
                    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.schema) })),
                "required": .list(parameters.filter(\.isRequired).map { .text($0.name) }),
                "additionalProperties": false,
            ],
            "outputSchema": answer,
            "annotations": [
                "title": .text(title), "readOnlyHint": .boolean(isReadOnly), "destructiveHint": false,
                "idempotentHint": true, "openWorldHint": false,
            ],
        ]
    }

    /// What was given, held against what the tool takes.
    /// - Throws: the first thing that is wrong, with its mend.
    package func arguments(_ given: [String: JSONValue]) throws(ToolRefusal) -> ToolArguments {
        let known = parameters.map(\.name)
        for name in given.keys.sorted() where !known.contains(name) {
            throw ToolRefusal(
                "\(self.name) takes no argument '\(name)'. Mend: "
                    + (known.isEmpty ? "it takes none." : Self.mend(for: name, among: known)))
        }
        var values: [String: JSONValue] = [:]
        for parameter in parameters {
            guard let value = given[parameter.name], value != .null else {
                guard !parameter.isRequired else {
                    throw ToolRefusal("\(self.name) wants '\(parameter.name)'. Mend: give \(parameter.values.words).")
                }
                continue
            }
            guard let value = parameter.values.accepted(value) else {
                throw ToolRefusal(
                    "\(self.name): '\(parameter.name)' is \(value.line.prefix(80)). Mend: give \(parameter.values.words)."
                )
            }
            values[parameter.name] = value
        }
        return ToolArguments(values: values)
    }

    /// The word that was meant, or those that there are.
    package static func mend(for word: String, among known: [String]) -> String {
        if let suggestion = NearestKey.suggestion(for: word, among: known) { return "write '\(suggestion)'." }
        let shown = known.prefix(20).joined(separator: ", ")
        return known.isEmpty ? "there is none." : "use one of \(shown)\(known.count > 20 ? " and others" : "")."
    }
}

/// One argument of a tool.
package struct ToolParameter: Sendable {
    /// What may be given.
    package enum Values: Sendable {
        case text
        /// One text, or a list of them.
        case texts
        case choice([String])
        case number(ClosedRange<Double>)
        case whole(ClosedRange<Int>)
        case boolean
        /// Money of 0 or more, by name.
        case amounts
    }

    package var name: String
    package var values: Values
    package var text: String
    package var isRequired: Bool

    package init(_ name: String, _ values: Values, _ text: String, isRequired: Bool = false) {
        self.name = name
        self.values = values
        self.text = text
        self.isRequired = isRequired
    }

    var schema: JSONValue {
        var schema = values.schema
        schema["description"] = .text(text)
        return schema
    }
}

extension ToolParameter.Values {
    var schema: JSONValue {
        switch self {
        case .text: ["type": "string"]
        case .texts: ["type": ["string", "array"], "items": ["type": "string"]]
        case .choice(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
        case .number(let range) where range.upperBound.isInfinite:
            ["type": "number", "minimum": .number(range.lowerBound)]
        case .number(let range):
            ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .whole(let range):
            ["type": "integer", "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound)]
        case .boolean: ["type": "boolean"]
        case .amounts: ["type": "object", "additionalProperties": ["type": "number", "minimum": 0]]
        }
    }

    /// What is wanted, after "give".
    var words: String {
        switch self {
        case .text: "a text"
        case .texts: "a text, or a list of texts"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .number(let range) where range.upperBound.isInfinite: "a number of \(range.lowerBound) or more"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .amounts: "money of 0 or more by name, as in {\"tv\": 50000}"
        }
    }

    /// The value in the form in which it is read; nil where it is none of these.
    func accepted(_ value: JSONValue) -> JSONValue? {
        switch (self, value) {
        case (.text, .text), (.boolean, .boolean): return value
        case (.texts, .text): return [value]
        case (.texts, .list(let values)): return values.allSatisfy { $0.text != nil } ? value : nil
        case (.choice(let words), .text(let word)): return words.contains(word) ? value : nil
        case (.whole(let range), .whole(let number)): return range.contains(number) ? value : nil
        case (.number(let range), _): return value.number.map { range.contains($0) } == true ? value : nil
        case (.amounts, .mapping(let values)):
            return values.values.allSatisfy { $0.number.map { $0 >= 0 } == true } ? value : nil
        default: return nil
        }
    }
}
