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
        let channels = Set(read.specification.channels.map { Spelling.folded($0.name) })
        let sharesKPI = Self.repeatsKPI(table, read)
        for (index, column) in table.columns.enumerated() where ![read.dateColumn, read.geoColumn].contains(column) {
            let fields = table.records.map { $0[index] }
            guard fields.allSatisfy({ !$0.isEmpty && Double($0) == nil && !NumberStyle.isDecimalComma($0) }) else {
                continue
            }
            let values = Set(fields).sorted()
            let isNamed = Self.headers.contains(Spelling.folded(column))
            guard isNamed || sharesKPI || values.contains(where: { channels.contains(Spelling.folded($0)) }) else {
                continue
            }
            let names = values.prefix(Self.namesMax).map { "'\($0)'" }.joined(separator: ", ")
            mend =
                "the table has a record for each \(column): write one record a period, with a column of its own for each "
                + "of \(names)\(values.count > Self.namesMax ? ", …" : ""). To name '\(column)' in `data.geo` would "
                + "count the KPI once for each."
            return
        }
        return nil
    }

    /// Whether the KPI is the same in all records of a period, and differs between periods.
    private static func repeatsKPI(_ table: CSVTable, _ read: ReadSpecification) -> Bool {
        guard let date = table.columns.firstIndex(of: read.dateColumn),
            let kpi = table.columns.firstIndex(of: read.kpiColumn)
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
