import ModelDefinition
import Wording

/// What names a record: its period and, in a panel, its geo.
struct PanelCell: Hashable, Comparable {
    /// Empty where the source has no geos.
    var geo: String
    var date: CalendarDate

    static func < (a: PanelCell, b: PanelCell) -> Bool { (a.geo, a.date) < (b.geo, b.date) }

    var words: String { geo.isEmpty ? "\(date)" : "\(geo), \(date)" }

    var frenchWords: FrenchText { geo.isEmpty ? "\(date)" : "\(code: geo), \(date)" }
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
        if let wanted = read.geoColumn, geoColumn == nil, table.columns.contains(read.kpi.column) {
            problems.append(
                Problem(
                    file: table.file, line: 1, message: "there is no geo column '\(wanted)'.",
                    mend: NearestKey.suggestion(for: wanted, among: table.columns).map { "write '\($0)'." }
                        ?? "name the column of geos in `data.geo`, or remove that key."))
            return nil
        }
        var isUsable = true
        func fail(_ row: Int, _ message: String, _ mend: String) {
            problems.append(
                Problem(
                    file: table.file, line: table.lines[row], column: read.dateColumn, message: message, mend: mend))
            isUsable = false
        }
        var dated: [(row: Int, date: CalendarDate)] = []
        for (row, record) in table.records.enumerated() {
            guard let date = CalendarDate(record[column]) else {
                fail(
                    row, record[column].isEmpty ? "the date is missing." : "'\(record[column])' is not a date.",
                    "write dates as YYYY-MM-DD.")
                continue
            }
            dated.append((row, date))
        }
        var rows: [PanelCell: Int] = [:]
        lazy var longTable = LongTable(table, read)
        for ((row, _), date) in zip(dated, read.frequency.periodStarts(dated.map(\.date))) {
            let cell = PanelCell(geo: geoColumn.map { table.records[row][$0] } ?? "", date: date)
            if geoColumn != nil, cell.geo.isEmpty { fail(row, "the geo is missing.", "write its name.") }
            if let earlier = rows.updateValue(row, forKey: cell) {
                let mend =
                    longTable?.mend ?? "keep one record a period\(Self.panelHint(read, hasGeos: geoColumn != nil))."
                fail(row, "\(cell.words) stands on line \(table.lines[earlier]) too.", mend)
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
        // Of two forms of one name, as letters with their accents apart, the first is always that of the results.
        var seen: Set<String> = []
        return rows.sorted { $0.value < $1.value }.map(\.key.geo).filter { seen.insert($0).inserted }
    }

    private static func panelHint(_ read: ReadSpecification, hasGeos: Bool) -> String {
        guard let geo = read.geoColumn else { return "; for a panel, name the column of its geos in `data.geo`" }
        return hasGeos ? "" : "; where the file is of geos, name their column '\(geo)'"
    }
}
