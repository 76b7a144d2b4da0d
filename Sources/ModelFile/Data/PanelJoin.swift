import ModelDefinition
import Wording

/// The cells of the data: periods and geos, `[""]` for a single series.
struct Panel {
    var dates: [CalendarDate]
    var geos: [String]
    /// Number of the first periods that have media alone.
    var historyCount = 0

    var cells: [PanelCell] { geos.flatMap { geo in dates.map { PanelCell(geo: geo, date: $0) } } }
}

/// Brings the sources together on the calendar of the one that holds the KPI.
struct PanelJoin {
    let context: ReadingContext
    let sources: [SourceTable]

    private var read: ReadSpecification { context.read }

    /// The source whose periods and geos are those of the model.
    private var main: SourceTable? { sources.first { $0.has(read.kpi.column) } ?? sources.first }

    /// The periods of the files that have the model's own, and the day after them; where there are none, those that the
    /// transactions fill.
    func calendar(_ transactions: [DailyAggregate]) -> (starts: [CalendarDate], end: CalendarDate) {
        if let main, let last = main.dates.last {
            let earlier = datesBefore(main)
            return (earlier + main.dates, read.frequency.next(after: last))
        }
        let days = Set(transactions.flatMap(\.days)).sorted()
        guard let first = days.first.map(CalendarDate.init(dayNumber:)),
            let last = days.last.map(CalendarDate.init(dayNumber:))
        else { return ([], CalendarDate(dayNumber: 0)) }
        var starts = read.frequency.calendar(from: first, to: last)
        let next = read.frequency.next(after: starts[starts.count - 1])
        let partial = PeriodFilling(days: days, starts: starts, end: next).partial
        if !partial.isEmpty, partial.count < starts.count {
            let periods =
                partial.count == 2
                ? Sentence(
                    "the first and the last period, which are",
                    french: "la première et la dernière période, qui sont laissées")
                : partial == [0]
                    ? Sentence("the first period, which is", french: "la première période, qui est laissée")
                    : Sentence("the last period, which is", french: "la dernière période, qui est laissée")
            context.warn(
                Problem(
                    file: context.modelFile,
                    message:
                        "the records run from \(first) to \(last) and do not fill \(periods) left out.",
                    mend: "none is needed; add the missing days to have them counted.",
                    french: """
                        les enregistrements vont du \(first) au \(last) et ne remplissent pas \(periods) de côté. Rien à \
                        faire ; ajoutez les jours manquants pour \
                        \(partial.count == 2 ? "qu’elles comptent" : "qu’elle compte").
                        """
                ))
            starts = starts.indices.filter { !partial.contains($0) }.map { starts[$0] }
        }
        return (starts, read.frequency.next(after: starts[starts.count - 1]))
    }

    /// The periods of the model, when the KPI's file has a regular calendar and the others agree with it.
    func panel() -> Panel? {
        checkDuplicateColumns()
        guard let main else { return nil }
        let alike = alikeGeos()
        context.add(alike)
        guard alike.isEmpty else { return nil }
        let own = Panel(dates: main.dates, geos: main.geos)
        let earlier = datesBefore(main)
        let others = sources.filter { $0.table.file != main.table.file }
        let found =
            irregularities(of: main) + others.flatMap { disagreements(of: $0, with: main, own, earlier: earlier) }
        context.add(found)
        guard found.isEmpty else { return nil }
        return Panel(dates: earlier + own.dates, geos: own.geos, historyCount: earlier.count)
    }

    /// What keeps the dates of the KPI's file from being periods of the model's frequency.
    private func irregularities(of main: SourceTable) -> [Problem] {
        var found: [Problem] = []
        let actual = Frequency.allCases.first {
            $0 != read.frequency && Self.isRegular($0.periodStarts(main.dates), $0)
        }
        if let actual {
            found.append(
                Problem(
                    file: main.table.file, column: read.dateColumn,
                    message: "the dates are one \(actual.rawValue) apart, and the model has periods of one "
                        + "\(read.frequency.rawValue).",
                    mend: "write `data: {frequency: \(actual.rawValue)}`."))
        }
        for (date, next) in zip(main.dates, main.dates.dropFirst()) where actual == nil {
            let expected = read.frequency.next(after: date)
            guard next != expected else { continue }
            let row = main.rows[PanelCell(geo: main.geos[0], date: next)].map { main.table.lines[$0] }
            let message =
                next > expected
                ? "the period that begins on \(expected) is missing: \(next) follows \(date)."
                : "\(next) follows \(date), and periods are one \(read.frequency.rawValue) apart."
            found.append(
                Problem(
                    file: main.table.file, line: row, column: read.dateColumn, message: message,
                    mend: "add the missing record, or correct the date or `data.frequency`."))
        }
        if main.dates.count < ReadingContext.periodsMin {
            found.append(
                Problem(
                    file: main.table.file,
                    message:
                        "\(main.dates.count) periods are too few to fit anything; \(ReadingContext.periodsMin) are the least.",
                    mend: "give a longer series."))
        }
        return found
    }

    /// Where another source has other periods or geos than the KPI's.
    private func disagreements(
        of source: SourceTable, with main: SourceTable, _ panel: Panel, earlier: [CalendarDate]
    ) -> [Problem] {
        var found: [Problem] = []
        let strangers = !source.hasGeos ? [] : source.geos.filter { !panel.geos.contains($0) }
        var absent = !source.hasGeos ? [] : panel.geos.filter { !source.geos.contains($0) }
        for geo in strangers {
            let meant = NearestKey.suggestion(for: geo, among: absent)
            found.append(
                Problem(
                    file: source.table.file, column: read.geoColumn,
                    message: "the geo '\(geo)' is not in '\(main.table.file)'.",
                    mend: meant.map { "write '\($0)'." } ?? "remove its records, or add the geo there."))
            absent.removeAll { $0 == meant }
        }
        let known = Set(source.hasGeos ? panel.cells : panel.dates.map { PanelCell(geo: "", date: $0) })
        let gaps = gaps(in: source, before: main)
        found += gaps
        let unknown = source.rows.keys.filter {
            !known.contains($0) && !strangers.contains($0.geo) && !earlier.contains($0.date)
                && (gaps.isEmpty || $0.date >= main.dates[0])
        }
        for cell in unknown.sorted() {
            found.append(
                Problem(
                    file: source.table.file, line: source.rows[cell].map { source.table.lines[$0] },
                    column: read.dateColumn, message: "\(cell.words) is not in '\(main.table.file)'.",
                    mend: "remove the record, or add the period there.",
                    french: """
                        l’enregistrement (\(cell.frenchWords)) n’est pas dans « \(code: main.table.file) ». Retirez-le, ou \
                        ajoutez-y la période.
                        """))
        }
        guard !read.missingIsZero else { return found }
        for geo in absent {
            found.append(
                Problem(
                    file: source.table.file, column: read.geoColumn,
                    message: "the geo '\(geo)' has no records; '\(main.table.file)' has it.",
                    mend: "add its records, or write `data: {missing: zero}` if absent means 0.",
                    french: """
                        la zone « \(code: geo) », que « \(code: main.table.file) » contient, n’a pas d’enregistrement. \
                        Ajoutez les siens, ou écrivez \(code: "`data: {missing: zero}`") si l’absence vaut 0.
                        """))
        }
        for cell in known.sorted() where source.rows[cell] == nil && source.geos.contains(cell.geo) {
            found.append(
                Problem(
                    file: source.table.file, column: read.dateColumn,
                    message: "\(cell.words) is missing; '\(main.table.file)' has it.",
                    mend: "add the record, or write `data: {missing: zero}` if absent means 0.",
                    french: """
                        l’enregistrement (\(cell.frenchWords)), que « \(code: main.table.file) » contient, manque. \
                        Ajoutez-le, ou écrivez \(code: "`data: {missing: zero}`") si l’absence vaut 0.
                        """))
        }
        return found
    }

    /// The periods that a source lacks between its first and the first of the KPI's: media history has no holes.
    private func gaps(in source: SourceTable, before main: SourceTable) -> [Problem] {
        let dates = source.dates.filter { $0 < main.dates[0] } + [main.dates[0]]
        return zip(dates, dates.dropFirst()).compactMap { date, next in
            let expected = read.frequency.next(after: date)
            guard next != expected else { return nil }
            let row = source.rows.filter { $0.key.date == next }.values.min()
            let message =
                next > expected
                ? "the period that begins on \(expected) is missing: \(next) follows \(date)."
                : "\(next) follows \(date), and periods are one \(read.frequency.rawValue) apart."
            return Problem(
                file: source.table.file, line: row.map { source.table.lines[$0] }, column: read.dateColumn,
                message: message,
                mend: "add the missing record, or leave out what lies before it: media history has no gaps.")
        }
    }

    /// Geos whose names differ in what is easily mistyped, in one source or between two.
    private func alikeGeos() -> [Problem] {
        var found: [Problem] = []
        var known: [String: String] = [:]
        for source in sources where source.hasGeos {
            // The rarer spelling is the slip.
            let counts = Dictionary(grouping: source.rows.keys, by: \.geo).mapValues(\.count)
            let geos = source.geos.sorted { (counts[$1, default: 0], $0) < (counts[$0, default: 0], $1) }
            for geo in geos {
                let folded = Spelling.folded(geo)
                guard let first = known[folded], first != geo else {
                    known[folded] = geo
                    continue
                }
                let row = source.rows.filter { $0.key.geo == geo }.values.min()
                found.append(
                    Problem(
                        file: source.table.file, line: row.map { source.table.lines[$0] }, column: read.geoColumn,
                        message: "the geos '\(first)' and '\(geo)' differ only in \(Spelling.difference(first, geo)).",
                        mend: "write both alike, or give them names that differ more."))
            }
        }
        return found
    }

    /// The periods that other sources have without a gap before those of the KPI's source, ascending.
    private func datesBefore(_ main: SourceTable) -> [CalendarDate] {
        guard var first = main.dates.first else { return [] }
        var earlier: [CalendarDate] = []
        for date in Set(sources.flatMap(\.dates)).filter({ $0 < first }).sorted(by: >) {
            guard read.frequency.next(after: date) == first else { break }
            earlier.insert(date, at: 0)
            first = date
        }
        return earlier
    }

    /// Whether a calendar of two dates or more has this frequency.
    private static func isRegular(_ dates: [CalendarDate], _ frequency: Frequency) -> Bool {
        dates.count > 1 && zip(dates, dates.dropFirst()).allSatisfy { frequency.next(after: $0) == $1 }
    }

    /// A column that two files have would be taken from one of them by chance.
    private func checkDuplicateColumns() {
        var homes: [String: String] = [:]
        var found: [Problem] = []
        for source in sources {
            for column in source.table.columns where read.usedColumns.contains(column) {
                if let home = homes.updateValue(source.table.file, forKey: column) {
                    found.append(
                        Problem(
                            file: source.table.file, line: 1, column: column,
                            message: "the column stands in '\(home)' too.", mend: "rename or remove one of them."))
                }
            }
        }
        context.add(found)
    }
}
