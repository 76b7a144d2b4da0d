import JSON
import Results

/// How a table of results is asked for: by which columns its records are told apart, and which of them may be named.
struct TableView: Sendable {
    var file: ResultFile
    /// Columns by which a record is told from others.
    var key: [String]
    /// Arguments that choose records, each with its column.
    var filters: [(parameter: ToolParameter, column: String)] = []
    /// The column of first days, where from and to choose records.
    var dates: String?
    /// As of `FigureField.grouped`.
    var plainName = "value"
    /// Figures that are told where none are named; nil for all.
    var figures: [String]?
    /// The figure by whose size records are put in order, the largest first; nil for the file's own order. Records without it
    /// are left out.
    var order: String?
    /// Figures whose unit is that of the record's quantity.
    var ofQuantity: Set<String> = []
    /// What to do where there is no such file.
    var mend: String
    var notes: [String] = []

    private static let figuresMax = 1000
    private static let figuresUnasked = 100

    func tool(_ name: String, title: String, _ text: String) -> ResultsTool {
        ResultsTool(Tool(name, title: title, text, parameters: parameters)) {
            (arguments, results) throws(ToolRefusal) in try answer(arguments, results).value
        }
    }

    /// Ranks and other whole numbers by which records are told apart are no figures.
    private var fields: [ResultField] { file.fields.filter { !key.contains($0.name) || $0.kind != .whole } }

    private var parameters: [ToolParameter] {
        var parameters = filters.map(\.parameter)
        if dates != nil {
            parameters += [
                ToolParameter("from", .text, "Only from this day on, YYYY-MM-DD."),
                ToolParameter("to", .text, "Only to this day, YYYY-MM-DD."),
            ]
        }
        let names = FigureField.grouped(fields, plainName: plainName).map(\.name)
        return parameters + [
            ToolParameter("figures", .texts, "Only these of \(names.joined(separator: ", "))."),
            ToolParameter(
                "limit", .whole(1...Self.figuresMax),
                "Figures at the most; \(Self.figuresUnasked) where it is left out."),
            ToolParameter("offset", .whole(0...1_000_000), "Records to pass over, to go on with a long answer."),
        ]
    }

    func answer(_ arguments: ToolArguments, _ results: OpenedResults) throws(ToolRefusal) -> FigureAnswer {
        let table = try table(results)
        let reader = try RecordReader(
            fields, plainName: plainName, wanted: arguments.texts("figures") ?? figures)
        var answer = results.answer()
        answer.meanings = reader.meanings
        answer.notes += notes
        let chosen = try inOrder(choose(arguments, table), table)
        let offset = arguments.whole("offset") ?? 0
        let limit = arguments.whole("limit") ?? Self.figuresUnasked
        var count = 0
        for (place, record) in chosen.enumerated().dropFirst(offset) {
            guard count < limit else {
                answer.notes.append(
                    "There is more. Mend: name what is wanted, or ask again with offset \(place).")
                break
            }
            answer.records.append(read(record, reader, table, results))
            count += max(1, answer.records.last?.figures.count ?? 0)
        }
        if answer.records.isEmpty { answer.notes.append("\(file.name) has no record of this kind.") }
        return answer
    }

    private func read(
        _ record: [String], _ reader: RecordReader, _ table: ServedTable, _ results: OpenedResults
    ) -> FigureRecord {
        let key = key.map { (name: $0, value: table.field($0, of: record)) }
        let quantity = key.first { $0.name == "quantity" || $0.name == "parameter" }?.value
        return reader.record(
            key: key, source: table.source,
            unit: { figure in
                if let quantity, ofQuantity.contains(figure.name) { return results.unit(ofQuantity: quantity) }
                return results.unit(figure.unit)
            }, lookup: { table.value($0, of: record) })
    }

    private func table(_ results: OpenedResults) throws(ToolRefusal) -> ServedTable {
        guard let served = try results.file(file.name) else {
            throw ToolRefusal("\(results.results.path) has no \(file.name). Mend: \(mend)")
        }
        return try ServedTable(served, columns: file.fields.map(\.name))
    }

    private func choose(_ arguments: ToolArguments, _ table: ServedTable) throws(ToolRefusal) -> [[String]] {
        var records = table.records
        for (parameter, column) in filters {
            guard let wanted = arguments.texts(parameter.name) else { continue }
            let known = table.distinct(column)
            if let unknown = wanted.first(where: { !known.contains($0) }) {
                throw ToolRefusal(
                    "\(file.name) has no \(parameter.name) '\(unknown)'. Mend: "
                        + Tool.mend(for: unknown, among: known))
            }
            records = records.filter { wanted.contains(table.field(column, of: $0)) }
        }
        if let dates {
            // Days of this form stand in the order of their texts.
            if let from = try day("from", arguments) { records = records.filter { table.field(dates, of: $0) >= from } }
            if let to = try day("to", arguments) { records = records.filter { table.field(dates, of: $0) <= to } }
        }
        return records
    }

    private func day(_ name: String, _ arguments: ToolArguments) throws(ToolRefusal) -> String? {
        guard let text = arguments.text(name) else { return nil }
        guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
            throw ToolRefusal("'\(name)' is '\(text)'. Mend: give a day as YYYY-MM-DD.")
        }
        return text
    }

    private func inOrder(_ records: [[String]], _ table: ServedTable) -> [[String]] {
        guard let order else { return records }
        let sized = records.enumerated().compactMap { place, record in
            Double(table.field("\(order)_mean", of: record)).map { (place: place, size: abs($0), record: record) }
        }
        return sized.sorted { ($1.size, $0.place) < ($0.size, $1.place) }.map(\.record)
    }
}

/// The records of a table of the folder.
struct ServedTable: Sendable {
    let source: FigureSource
    let records: [[String]]
    private let places: [String: Int]

    /// - Throws: where it has other columns than the reference says.
    init(_ file: ServedFile, columns: [String]) throws(ToolRefusal) {
        let all = CSVReading.records(file.text)
        guard let header = all.first, columns.allSatisfy(header.contains),
            all.allSatisfy({ $0.count == header.count })
        else {
            throw ToolRefusal(
                "\(file.name) is a table of another version of Tutti. Mend: fit again with this one, or ask the one that "
                    + "made it.")
        }
        source = file.source(isTable: true)
        records = Array(all.dropFirst())
        places = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func field(_ column: String, of record: [String]) -> String { places[column].map { record[$0] } ?? "" }

    /// Nil of an empty field.
    func value(_ field: ResultField, of record: [String]) -> JSONValue? {
        let text = self.field(field.name, of: record)
        guard !text.isEmpty else { return nil }
        switch field.kind {
        case .number: return Double(text).map { .number($0) } ?? .text(text)
        case .whole: return Int(text).map { .whole($0) } ?? .text(text)
        case .boolean: return .boolean(text == "true")
        case .text, .list, .mapping: return .text(text)
        }
    }

    /// What stands in a column, each once, in the order of the file.
    func distinct(_ column: String) -> [String] {
        var seen: Set<String> = []
        return records.map { field(column, of: $0) }.filter { seen.insert($0).inserted }
    }
}
