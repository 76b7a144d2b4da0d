import JSON
import Results

/// What is told of one thing: a channel, a window, a parameter.
package struct FigureRecord: Sendable {
    /// By which the record is found in its file, as it stands there.
    var key: [(name: String, value: String)]
    /// What is said of it in words.
    var facts: [String: JSONValue]
    var figures: [Figure]
    /// Figures that the file does not have of it.
    var empty: [String]
    var source: FigureSource

    var value: JSONValue {
        var value: JSONValue = [
            "of": .mapping(Dictionary(uniqueKeysWithValues: key.map { ($0.name, JSONValue.text($0.value)) })),
            "figures": .list(figures.map(\.value)),
        ]
        if !facts.isEmpty {
            value["facts"] = .mapping(facts)
            value["source"] = source.value
        }
        if !empty.isEmpty { value["empty"] = .list(empty.map { .text($0) }) }
        return value
    }
}

/// How records of one kind are read: the fields of the reference, put together to figures.
struct RecordReader: Sendable {
    private let fields: [ResultField]
    private let figures: [FigureField]

    /// - Parameters:
    ///   - fields: of a record, by their names in it.
    ///   - plainName: as of `FigureField.grouped`.
    ///   - wanted: names of figures; nil for all.
    init(_ fields: [ResultField], plainName: String = "value", wanted: [String]? = nil) throws(ToolRefusal) {
        let figures = FigureField.grouped(fields, plainName: plainName)
        let names = figures.map(\.name)
        if let unknown = wanted?.first(where: { !names.contains($0) }) {
            throw ToolRefusal("There is no figure '\(unknown)'. Mend: \(Tool.mend(for: unknown, among: names))")
        }
        self.fields = fields
        self.figures = wanted.map { wanted in figures.filter { wanted.contains($0.name) } } ?? figures
    }

    /// What each figure means, by its name.
    var meanings: [String: JSONValue] {
        Dictionary(figures.map { ($0.name, JSONValue.text($0.meaning)) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameters:
    ///   - key: what stands there is no fact.
    ///   - prefix: of places, where fields are not the file's own names.
    ///   - tellsEmpty: whether what is missing is said to be.
    ///   - unit: of a figure, by what the reference says.
    ///   - lookup: the value of a field; nil where there is none.
    func record(
        key: [(name: String, value: String)], prefix: String = "", source: FigureSource, tellsEmpty: Bool = true,
        unit: (FigureField) -> String, lookup: (ResultField) -> JSONValue?
    ) -> FigureRecord {
        var record = FigureRecord(key: key, facts: [:], figures: [], empty: [], source: source)
        var values: [String: JSONValue] = [:]
        for field in fields {
            guard let value = lookup(field) else { continue }
            switch field.kind {
            case .number, .whole: values[field.name] = value
            case .text, .boolean, .list:
                if !key.contains(where: { $0.name == field.name }) { record.facts[field.name] = value }
            case .mapping: continue
            }
        }
        for figure in figures {
            let parts = figure.parts.compactMap { part in
                values[part.place].map { Figure.Part(name: part.name, value: $0, place: prefix + part.place) }
            }
            if !parts.isEmpty {
                record.figures.append(Figure(name: figure.name, parts: parts, unit: unit(figure), source: source))
            } else if tellsEmpty {
                record.empty.append(figure.name)
            }
        }
        return record
    }
}
