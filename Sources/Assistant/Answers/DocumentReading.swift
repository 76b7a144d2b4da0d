import JSON
import Results

/// Reads figures and facts out of a JSON document that the reference explains.
package struct DocumentReading: Sendable {
    private let file: ResultFile
    private let document: JSONValue
    private let source: FigureSource
    /// What a unit of the reference is in the money of the fit.
    private let unit: @Sendable (String) -> String

    package init(
        _ document: JSONValue, of file: ResultFile, source: FigureSource, unit: @escaping @Sendable (String) -> String
    ) {
        self.document = document
        self.file = file
        self.source = source
        self.unit = unit
    }

    /// Adds what the document says under keys of its own to an answer.
    /// - Parameter prefixes: of the keys, as `verdict.`; empty for all that stand in no list.
    package func add(_ prefixes: [String], to answer: inout FigureAnswer) throws(ToolRefusal) {
        let fields = file.fields.filter { field in
            !field.name.contains("[]") && !field.name.contains("*")
                && (prefixes.isEmpty || prefixes.contains { field.name == $0 || field.name.hasPrefix("\($0).") })
        }
        // Of a list that has mappings for entries each is a record of its own.
        let lists = Set(
            file.fields.filter { $0.name.contains("[].") }.map { $0.name.prefix { $0 != "[" } }.map(String.init))
        let reader = try RecordReader(fields)
        let record = reader.record(
            key: [], source: source, tellsEmpty: false, unit: { unit($0.unit) },
            lookup: { lists.contains($0.name) ? nil : document[path: $0.name] })
        answer.meanings.merge(reader.meanings.filter { name, _ in record.figures.contains { $0.name == name } }) { $1 }
        if !record.figures.isEmpty || !record.facts.isEmpty { answer.records.append(record) }
    }

    /// Adds the entries of a list, a record each.
    /// - Parameters:
    ///   - key: the field by which entries are told apart.
    ///   - wanted: of which entries; nil for all.
    ///   - unit: of a figure, where that is not by the reference alone.
    package func add(
        list: String, key: String, wanted: [String]? = nil, unit ofEntry: ((String, String) -> String)? = nil,
        to answer: inout FigureAnswer
    ) throws(ToolRefusal) {
        let prefix = "\(list)[]."
        let fields = file.fields.filter { $0.name.hasPrefix(prefix) }.map { field in
            ResultField(String(field.name.dropFirst(prefix.count)), field.kind, unit: field.unit, field.meaning)
        }.filter { !$0.name.contains("[]") }
        let reader = try RecordReader(fields)
        let entries = document[path: list]?.list ?? []
        let names = entries.map { $0[key]?.text ?? "" }
        if let unknown = wanted?.first(where: { !names.contains($0) }) {
            throw ToolRefusal("There is no \(key) '\(unknown)'. Mend: \(Tool.mend(for: unknown, among: names))")
        }
        for (entry, name) in zip(entries, names) where wanted?.contains(name) != false {
            answer.records.append(
                reader.record(
                    key: [(key, name)], prefix: "\(list)[\(key)=\(name)].", source: source, tellsEmpty: false,
                    unit: { figure in ofEntry?(figure.unit, name) ?? unit(figure.unit) },
                    lookup: { entry[path: $0.name] }))
        }
        guard !entries.isEmpty else { return }
        for (name, meaning) in reader.meanings {
            // What is called alike in the document's head means something else there.
            let isTaken = answer.meanings[name].map { $0 != meaning } ?? false
            answer.meanings[isTaken ? "\(name) (\(list))" : name] = meaning
        }
    }
}

extension JSONValue {
    /// The value under keys with points between them.
    subscript(path path: String) -> JSONValue? {
        var value: JSONValue? = self
        for key in path.split(separator: ".") { value = value?[String(key)] }
        return value == .null ? nil : value
    }
}
