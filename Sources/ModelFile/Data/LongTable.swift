import ModelDefinition

/// A table with a record for each channel, where one for each period is meant.
struct LongTable {
    static let headers: Set = [
        "channel", "channels", "medium", "media", "mediachannel", "platform", "network", "campaign", "touchpoint",
        "kanal",
    ]
    private static let namesMax = 3

    /// What to do about it.
    let mend: String

    /// Nil where no column looks like one of channels.
    init?(_ table: CSVTable, _ read: ReadSpecification) {
        let columns = table.columns.indices.compactMap { index -> (name: String, values: [String])? in
            let fields = table.records.map { $0[index] }
            guard ![read.dateColumn, read.geoColumn].contains(table.columns[index]),
                fields.allSatisfy({ !$0.isEmpty && Double($0) == nil && !NumberStyle.isDecimalComma($0) })
            else { return nil }
            return (table.columns[index], Set(fields).sorted())
        }
        let channels = Set(read.specification.channels.map { Spelling.folded($0.name) })
        let found =
            columns.first { Self.headers.contains(Spelling.folded($0.name)) }
            ?? columns.first { $0.values.contains { channels.contains(Spelling.folded($0)) } }
            ?? (Self.repeatsKPI(table, read) ? columns.first : nil)
        guard let (column, values) = found else { return nil }
        let names = values.prefix(Self.namesMax).map { "'\($0)'" }.joined(separator: ", ")
        mend =
            "the table has a record for each \(column): write one record a period, with a column of its own for each of "
            + "\(names)\(values.count > Self.namesMax ? ", …" : ""). To name '\(column)' in `data.geo` would count the "
            + "KPI once for each."
    }

    /// Whether the KPI is the same in all records of a period, and differs between periods.
    private static func repeatsKPI(_ table: CSVTable, _ read: ReadSpecification) -> Bool {
        guard let date = table.columns.firstIndex(of: read.dateColumn),
            let kpi = table.columns.firstIndex(of: read.kpi.column)
        else { return false }
        let geo = read.geoColumn.flatMap { table.columns.firstIndex(of: $0) }
        var values: [String: String] = [:]
        for record in table.records {
            let cell = record[date] + "\n" + (geo.map { record[$0] } ?? "")
            if let known = values.updateValue(record[kpi], forKey: cell), known != record[kpi] { return false }
        }
        return Set(values.values).count > 1
    }
}
