import ModelDefinition

/// What names a record: its period and, in a panel, its geo.
struct PanelCell: Hashable, Comparable {
    /// Empty where the source has no geos.
    var geo: String
    var date: CalendarDate

    static func < (a: PanelCell, b: PanelCell) -> Bool { (a.geo, a.date) < (b.geo, b.date) }

    var words: String { geo.isEmpty ? "\(date)" : "\(geo), \(date)" }
}

/// One source with its records by cell.
struct SourceTable {
    let table: CSVTable
    let rows: [PanelCell: Int]
    /// Ascending.
    let dates: [CalendarDate]
    /// In the order in which they come first; `[""]` where the source has no geos.
    let geos: [String]

    func row(_ cell: PanelCell) -> Int? { rows[hasGeos ? cell : PanelCell(geo: "", date: cell.date)] }

    var hasGeos: Bool { geos != [""] }

    func has(_ column: String) -> Bool { table.columns.contains(column) }

    /// Finds the dates and geos of a table; nil after problems.
    init?(_ table: CSVTable, _ read: ReadSpecification, problems: inout [Problem]) {
        guard let column = table.columns.firstIndex(of: read.dateColumn) else {
            problems.append(
                Problem(
                    file: table.file, line: 1, message: "there is no date column '\(read.dateColumn)'.",
                    mend: NearestKey.suggestion(for: read.dateColumn, among: table.columns).map { "write '\($0)'." }
                        ?? "name the column of dates in `data.date`: \(table.columns.joined(separator: ", "))."))
            return nil
        }
        let geoColumn = read.geoColumn.flatMap { table.columns.firstIndex(of: $0) }
        if let wanted = read.geoColumn, geoColumn == nil, table.columns.contains(read.kpiColumn) {
            problems.append(
                Problem(
                    file: table.file, line: 1, message: "there is no geo column '\(wanted)'.",
                    mend: NearestKey.suggestion(for: wanted, among: table.columns).map { "write '\($0)'." }
                        ?? "name the column of geos in `data.geo`, or remove that key."))
            return nil
        }
        var rows: [PanelCell: Int] = [:]
        var isUsable = true
        for (row, record) in table.records.enumerated() {
            func fail(_ message: String, _ mend: String) {
                problems.append(
                    Problem(
                        file: table.file, line: table.lines[row], column: read.dateColumn, message: message, mend: mend)
                )
                isUsable = false
            }
            guard let date = CalendarDate(record[column]) else {
                fail(
                    record[column].isEmpty ? "the date is missing." : "'\(record[column])' is not a date.",
                    "write dates as YYYY-MM-DD.")
                continue
            }
            let cell = PanelCell(geo: geoColumn.map { record[$0] } ?? "", date: date)
            if geoColumn != nil, cell.geo.isEmpty { fail("the geo is missing.", "write its name.") }
            if let earlier = rows.updateValue(row, forKey: cell) {
                fail(
                    "\(cell.words) stands on line \(table.lines[earlier]) too.",
                    geoColumn == nil && read.geoColumn == nil
                        ? "keep one record a period; for a panel, name the column of its geos in `data.geo`."
                        : "keep one record a period.")
            }
        }
        guard isUsable else { return nil }
        self.table = table
        self.rows = rows
        dates = Set(rows.keys.map(\.date)).sorted()
        geos = rows.isEmpty ? [""] : Self.inOrder(rows)
    }

    /// The geos of rows as they come first in the file.
    private static func inOrder(_ rows: [PanelCell: Int]) -> [String] {
        var first: [String: Int] = [:]
        for (cell, row) in rows { first[cell.geo] = min(row, first[cell.geo] ?? row) }
        return first.sorted { $0.value < $1.value }.map(\.key)
    }
}
