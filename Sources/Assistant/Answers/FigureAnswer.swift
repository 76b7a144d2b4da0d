import JSON

/// What a tool says: figures of things, what the figures mean, and what else to know.
package struct FigureAnswer: Sendable {
    /// From which results it is; nil where it is from several.
    package var results: JSONValue?
    package var meanings: [String: JSONValue] = [:]
    package var records: [FigureRecord] = []
    /// Sentences of the program itself.
    package var sentences: [String] = []
    /// What to know before the figures are passed on.
    package var notes: [String] = []

    package init(results: JSONValue? = nil, notes: [String] = []) {
        self.results = results
        self.notes = notes
    }

    /// Adds what is to be said of results as a whole.
    package mutating func add(_ results: OpenedResults) {
        var facts = results.identity.mapping ?? [:]
        let name = facts.removeValue(forKey: "name")?.text ?? ""
        records.append(
            FigureRecord(
                key: [("results", name)], facts: facts, figures: [], empty: [],
                source: results.run.source(isTable: false)))
    }

    package var value: JSONValue {
        var value: JSONValue = [
            "meanings": .mapping(meanings), "records": .list(records.map(\.value)),
            "notes": .list(notes.map { .text($0) }),
        ]
        if let results { value["results"] = results }
        if !sentences.isEmpty { value["sentences"] = .list(sentences.map { .text($0) }) }
        return value
    }

    private static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]

    /// The shape of it, as JSON Schema. An assistant reads it once for every tool, so it says no more than it must.
    package static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "results": ["type": "object"], "meanings": ["type": "object"], "sentences": texts, "notes": texts,
            "records": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["of", "figures"],
                    "properties": [
                        "of": ["type": "object"], "facts": ["type": "object"], "empty": texts,
                        "figures": [
                            "type": "array",
                            "items": ["type": "object", "required": ["figure", "unit", "interval", "source"]],
                        ],
                    ],
                ],
            ],
        ], "required": ["meanings", "records", "notes"],
    ]
}
