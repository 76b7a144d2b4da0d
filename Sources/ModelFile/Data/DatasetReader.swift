import ModelDefinition

/// Joins the data files on their dates and geos and takes the model's columns out of them.
struct DatasetReader {
    /// Problems printed of one file; the rest is counted.
    private static let problemsMax = 20
    private static let periodsMin = 8

    private let read: ReadSpecification
    private let modelFile: String
    private var problems: [Problem] = []
    private(set) var warnings: [Problem] = []

    init(_ read: ReadSpecification, modelFile: String) {
        self.read = read
        self.modelFile = modelFile
    }

    /// What names a record: its period and, in a panel, its geo.
    private struct Cell: Hashable, Comparable {
        /// Empty where the source has no geos.
        var geo: String
        var date: CalendarDate

        static func < (a: Cell, b: Cell) -> Bool { (a.geo, a.date) < (b.geo, b.date) }
    }

    /// One source with its records by cell.
    private struct Source {
        var table: CSVTable
        var rows: [Cell: Int]
        /// Ascending.
        var dates: [CalendarDate]
        /// Ascending; `[""]` where the source has no geos.
        var geos: [String]

        func row(_ cell: Cell) -> Int? { rows[geos == [""] ? Cell(geo: "", date: cell.date) : cell] }
    }

    /// The cells of the data: periods and geos, `[""]` for a single series.
    private struct Panel {
        var dates: [CalendarDate]
        var geos: [String]
        /// Number of the first periods that have media alone.
        var historyCount = 0

        var cells: [Cell] { geos.flatMap { geo in dates.map { Cell(geo: geo, date: $0) } } }
    }

    /// The dataset, or every problem of the data.
    mutating func dataset(_ files: [(path: String, bytes: [UInt8])]) -> (Dataset?, [Problem]) {
        var sources: [Source] = []
        var transactions: [(source: ReadSource, aggregation: Aggregation, daily: DailyAggregate)] = []
        for (index, source) in read.sources.enumerated() {
            let held =
                source.aggregation != nil
                ? Aggregation.bundlePath(source.path, source: index)
                : source.isQuery ? DatabaseSource.bundlePath(source.path, source: index) : source.path
            guard let bytes = files.first(where: { $0.path == held })?.bytes else {
                problems.append(
                    Problem(
                        file: modelFile, line: source.line, message: "the data file '\(source.path)' cannot be read.",
                        mend: "give its path relative to the model file."))
                continue
            }
            if let aggregation = source.aggregation {
                if let daily = DailyAggregate(bytes: bytes) { transactions.append((source, aggregation, daily)) }
                continue
            }
            var found: [Problem] = []
            if let table = CSVTable(bytes, file: source.path, problems: &found) {
                if let source = dates(of: table, problems: &found) { sources.append(source) }
            }
            add(found)
        }
        guard sources.count + transactions.count == read.sources.count else { return (nil, problems) }
        let calendar = calendar(of: sources, transactions.map(\.daily))
        for (source, aggregation, daily) in transactions {
            var outside = 0
            let table = CSVTable(
                daily, aggregation, file: source.path, dateColumn: read.dateColumn, geoColumn: read.geoColumn,
                calendar: calendar, outside: &outside)
            if outside > 0 {
                warnings.append(
                    Problem(
                        file: source.path, column: aggregation.date,
                        message: "\(outside) records lie outside the model's periods, which run from "
                            + "\(calendar.starts[0]) to \(calendar.end.advanced(by: -1)).",
                        mend: "nothing, if they are not meant to count."))
            }
            var found: [Problem] = []
            if let source = dates(of: table, problems: &found) { sources.append(source) }
            add(found)
        }
        checkDuplicateColumns(sources)
        guard let panel = panel(of: sources) else { return (nil, problems) }
        let dataset = columns(sources, panel: panel)
        return problems.isEmpty ? (dataset, []) : (nil, problems)
    }

    /// The periods of the files that have the model's own, and the day after them; where there are none, those that cover
    /// the transactions.
    private mutating func calendar(
        of sources: [Source], _ transactions: [DailyAggregate]
    ) -> (starts: [CalendarDate], end: CalendarDate) {
        let main = sources.first { $0.table.columns.contains(read.kpiColumn) } ?? sources.first
        if let main, let last = main.dates.last {
            let earlier = Self.datesBefore(main.dates, in: sources, read.frequency)
            return (earlier + main.dates, read.frequency.next(after: last))
        }
        let days = transactions.flatMap { $0.entries.keys.map(\.day) }
        guard let first = days.min(), let last = days.max() else { return ([], CalendarDate(dayNumber: 0)) }
        let starts = read.frequency.calendar(
            from: CalendarDate(dayNumber: first), to: CalendarDate(dayNumber: last))
        let end = starts.last.map(read.frequency.next) ?? CalendarDate(dayNumber: last)
        if starts[0].dayNumber < first || end.dayNumber > last + 1 {
            warnings.append(
                Problem(
                    file: modelFile,
                    message:
                        "the records run from \(CalendarDate(dayNumber: first)) to \(CalendarDate(dayNumber: last)) "
                        + "and do not fill the first and the last period.",
                    mend:
                        "leave out the days before \(starts[0].dayNumber < first && starts.count > 1 ? starts[1] : starts[0]) "
                        + "or after \(end.dayNumber > last + 1 ? starts[starts.count - 1].advanced(by: -1) : end)."))
        }
        return (starts, end)
    }

    private mutating func add(_ found: [Problem]) {
        problems += found.prefix(Self.problemsMax)
        if found.count > Self.problemsMax, let file = found.first?.file {
            problems.append(
                Problem(
                    file: file, message: "\(found.count - Self.problemsMax) more problems.",
                    mend: "mend those above first."))
        }
    }

    // MARK: Dates

    private func dates(of table: CSVTable, problems: inout [Problem]) -> Source? {
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
        var rows: [Cell: Int] = [:]
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
            let cell = Cell(geo: geoColumn.map { record[$0] } ?? "", date: date)
            if geoColumn != nil, cell.geo.isEmpty { fail("the geo is missing.", "write its name.") }
            if let earlier = rows.updateValue(row, forKey: cell) {
                fail(
                    "\(Self.words(cell)) stands on line \(table.lines[earlier]) too.",
                    geoColumn == nil && read.geoColumn == nil
                        ? "keep one record a period; for a panel, name the column of its geos in `data.geo`."
                        : "keep one record a period.")
            }
        }
        return isUsable
            ? Source(
                table: table, rows: rows, dates: Set(rows.keys.map(\.date)).sorted(),
                geos: rows.isEmpty ? [""] : Set(rows.keys.map(\.geo)).sorted()) : nil
    }

    private static func words(_ cell: Cell) -> String {
        cell.geo.isEmpty ? "\(cell.date)" : "\(cell.geo), \(cell.date)"
    }

    /// The periods of the model, when the KPI's file has a regular calendar and the others agree with it.
    private mutating func panel(of sources: [Source]) -> Panel? {
        guard let main = sources.first(where: { $0.table.columns.contains(read.kpiColumn) }) ?? sources.first else {
            return nil
        }
        var found: [Problem] = []
        let panel = Panel(dates: main.dates, geos: main.geos)
        let actual = Frequency.allCases.first { $0 != read.frequency && Self.isRegular(main.dates, $0) }
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
            let row = main.rows[Cell(geo: main.geos[0], date: next)].map { main.table.lines[$0] }
            let message =
                next > expected
                ? "the period that begins on \(expected) is missing: \(next) follows \(date)."
                : "\(next) follows \(date), and periods are one \(read.frequency.rawValue) apart."
            found.append(
                Problem(
                    file: main.table.file, line: row, column: read.dateColumn, message: message,
                    mend: "add the missing record, or correct the date or `data.frequency`."))
        }
        if main.dates.count < Self.periodsMin {
            found.append(
                Problem(
                    file: main.table.file,
                    message:
                        "\(main.dates.count) periods are too few to fit anything; \(Self.periodsMin) are the least.",
                    mend: "give a longer series."))
        }
        let earlier = Self.datesBefore(main.dates, in: sources, read.frequency)
        for source in sources where source.table.file != main.table.file {
            let strangers = source.geos == [""] ? [] : source.geos.filter { !panel.geos.contains($0) }
            var absent = source.geos == [""] ? [] : panel.geos.filter { !source.geos.contains($0) }
            for geo in strangers {
                let meant = NearestKey.suggestion(for: geo, among: absent)
                found.append(
                    Problem(
                        file: source.table.file, column: read.geoColumn,
                        message: "the geo '\(geo)' is not in '\(main.table.file)'.",
                        mend: meant.map { "write '\($0)'." } ?? "remove its records, or add the geo there."))
                absent.removeAll { $0 == meant }
            }
            let known = Set(source.geos == [""] ? panel.dates.map { Cell(geo: "", date: $0) } : panel.cells)
            let unknown = source.rows.keys.filter {
                !known.contains($0) && !strangers.contains($0.geo) && !earlier.contains($0.date)
            }
            for cell in unknown.sorted() {
                found.append(
                    Problem(
                        file: source.table.file, line: source.rows[cell].map { source.table.lines[$0] },
                        column: read.dateColumn, message: "\(Self.words(cell)) is not in '\(main.table.file)'.",
                        mend: "remove the record, or add the period there."))
            }
            guard !read.missingIsZero else { continue }
            for geo in absent {
                found.append(
                    Problem(
                        file: source.table.file, column: read.geoColumn,
                        message: "the geo '\(geo)' has no records; '\(main.table.file)' has it.",
                        mend: "add its records, or write `data: {missing: zero}` if absent means 0."))
            }
            for cell in known.sorted() where source.rows[cell] == nil && source.geos.contains(cell.geo) {
                found.append(
                    Problem(
                        file: source.table.file, column: read.dateColumn,
                        message: "\(Self.words(cell)) is missing; '\(main.table.file)' has it.",
                        mend: "add the record, or write `data: {missing: zero}` if absent means 0."))
            }
        }
        add(found)
        guard found.isEmpty else { return nil }
        return Panel(dates: earlier + panel.dates, geos: panel.geos, historyCount: earlier.count)
    }

    /// The periods that other sources have without a gap before those of the KPI's source, ascending.
    private static func datesBefore(
        _ dates: [CalendarDate], in sources: [Source], _ frequency: Frequency
    ) -> [CalendarDate] {
        guard var first = dates.first else { return [] }
        var earlier: [CalendarDate] = []
        for date in Set(sources.flatMap(\.dates)).filter({ $0 < first }).sorted(by: >) {
            guard frequency.next(after: date) == first else { break }
            earlier.insert(date, at: 0)
            first = date
        }
        return earlier
    }

    /// Whether a calendar of two dates or more has this frequency.
    private static func isRegular(_ dates: [CalendarDate], _ frequency: Frequency) -> Bool {
        dates.count > 1 && zip(dates, dates.dropFirst()).allSatisfy { frequency.next(after: $0) == $1 }
    }

    private mutating func checkDuplicateColumns(_ sources: [Source]) {
        var homes: [String: String] = [:]
        var found: [Problem] = []
        for source in sources {
            for column in source.table.columns where column != read.dateColumn && column != read.geoColumn {
                if let home = homes.updateValue(source.table.file, forKey: column) {
                    found.append(
                        Problem(
                            file: source.table.file, line: 1, column: column,
                            message: "the column stands in '\(home)' too.", mend: "rename or remove one of them."))
                }
            }
        }
        add(found)
    }

    // MARK: Columns

    private enum Role {
        case kpi
        /// Media, which may begin before the KPI.
        case exposure
        case spend
        case population
        case control

        var isNegativeAllowed: Bool { self == .kpi || self == .control }
    }

    private mutating func columns(_ sources: [Source], panel given: Panel) -> Dataset {
        let specification = read.specification
        var panel = given
        let cells = panel.cells
        let kpi = numbers(read.kpiColumn, .kpi, sources, panel, line: read.kpiLine)
        panel.historyCount = historyCount(kpi, panel)
        if sources.contains(where: { $0.table.columns.contains(read.kpiColumn) }) { checkHoles(kpi, panel) }
        checkHoldout(panel)
        let known = kpi.filter { !$0.isNaN }
        if let first = known.first, known.allSatisfy({ $0 == first }) {
            problems.append(
                Problem(
                    file: modelFile, line: read.kpiLine, column: read.kpiColumn,
                    message: "the KPI is the same in every period: there is nothing to explain.",
                    mend: "name the right column."))
        }
        if specification.preset == .pymcMarketing, let largest = known.max(), largest <= 0 {
            problems.append(
                Problem(
                    file: modelFile, line: read.kpiLine, column: read.kpiColumn,
                    message: "this preset divides the KPI by its maximum, which is not above 0.",
                    mend: "write `preset: tutti`."))
        }
        let revenue = read.revenuePerKPIColumn.map { numbers($0, .control, sources, panel, line: read.kpiLine) }
        var spend: [[Double]] = []
        var exposure: [[Double]] = []
        var contactFrequency: [[Double]] = []
        for (channel, columns) in zip(specification.channels, read.channelColumns) {
            let zeros = [Double](repeating: 0, count: cells.count)
            let spendRole: Role = columns.exposure == nil ? .exposure : .spend
            let spent = columns.spend.map { numbers($0, spendRole, sources, panel, line: columns.line) }
            let exposed = columns.exposure.map { numbers($0, .exposure, sources, panel, line: columns.line) }
            contactFrequency.append(
                columns.frequency.map { numbers($0, .exposure, sources, panel, line: columns.line) } ?? [])
            spend.append(spent ?? zeros)
            exposure.append(exposed ?? spent ?? zeros)
            let active = (exposed ?? spent ?? zeros)
            if active.allSatisfy({ $0 == 0 }) {
                warnings.append(
                    Problem(
                        file: modelFile, line: columns.line, column: columns.exposure ?? columns.spend,
                        message: "channel '\(channel.name)' never ran: its figures are its prior alone.",
                        mend: "remove it, or check its column."))
            }
            if let spent, let exposed, zip(spent, exposed).contains(where: { $0 > 0 && $1 == 0 }) {
                warnings.append(
                    Problem(
                        file: modelFile, line: columns.line, column: columns.exposure,
                        message: "channel '\(channel.name)' has periods with spend and no exposure.",
                        mend: "check the two columns."))
            }
        }
        let controls = zip(specification.controls, read.controlLines).map { name, line in
            Regressor(name: name, values: numbers(name, .control, sources, panel, line: line))
        }
        let treatments = zip(specification.treatments, read.treatmentColumns).map { treatment, column in
            Regressor(
                name: treatment.name, values: numbers(column.name, .control, sources, panel, line: column.line))
        }
        let periods = CalendarPeriods(frequency: read.frequency, dates: panel.dates)
        func inEveryGeo(_ regressors: [Regressor]) -> [Regressor] {
            regressors.map { regressor in
                Regressor(
                    name: regressor.name,
                    values: Array(repeatElement(regressor.values, count: panel.geos.count).joined()))
            }
        }
        var dataset = Dataset(
            frequency: read.frequency, dates: panel.dates, kpi: kpi,
            revenuePerKPI: revenue ?? [Double](repeating: 1, count: cells.count), spend: spend, exposure: exposure,
            controls: controls, events: inEveryGeo(events(periods)), holidays: inEveryGeo(holidays(periods)),
            geos: panel.geos == [""] ? [] : panel.geos, population: population(sources, panel))
        dataset.contactFrequency = contactFrequency
        dataset.treatments = treatments
        dataset.setHistory(first: panel.historyCount)
        dataset.holdOut(last: min(specification.holdout, dataset.periodCount))
        for (index, channel) in specification.channels.enumerated() {
            checkWindow(
                of: channel, spend: dataset.spend[index], dates: dataset.dates, line: read.channelColumns[index].line)
        }
        checkExperiments(
            dataset.exposure, Panel(dates: dataset.dates, geos: panel.geos),
            CalendarPeriods(frequency: read.frequency, dates: dataset.dates))
        return dataset
    }

    /// The number of first periods that are media history: those without a KPI anywhere, and with `history: burn_in` those
    /// into which media from before the data would carry over. Enough periods remain, or there is a problem.
    private func historyCount(_ kpi: [Double], _ panel: Panel) -> Int {
        let periods = panel.dates.count
        let blank = (0..<periods).first { period in
            panel.geos.indices.contains { !kpi[$0 * periods + period].isNaN }
        }
        let lags = read.burnsIn ? read.specification.channels.map(\.adstock.maximumLag).max() ?? 0 : 0
        return max(0, min(max(blank ?? 0, lags), periods - Self.periodsMin))
    }

    /// A return over a calibration window needs spend in it.
    private mutating func checkWindow(of channel: Channel, spend: [Double], dates: [CalendarDate], line: Int?) {
        guard let window = channel.calibrationWindow else { return }
        let isInside = read.frequency.periods(beginningOn: dates, with: window)
        guard !spend.indices.contains(where: { isInside[$0 % dates.count] && spend[$0] > 0 }) else { return }
        problems.append(
            Problem(
                file: modelFile, line: line,
                message: "channel '\(channel.name)' spends nothing between \(window.lowerBound) and "
                    + "\(window.upperBound), its calibration window.",
                mend: "correct the dates, or remove `calibration_window`."))
    }

    private mutating func checkHoldout(_ panel: Panel) {
        let rest = panel.dates.count - panel.historyCount - read.specification.holdout
        guard read.specification.holdout > 0, rest < Self.periodsMin else { return }
        problems.append(
            Problem(
                file: modelFile,
                message: "'holdout.last: \(read.specification.holdout)' leaves \(max(0, rest)) of \(panel.dates.count) "
                    + "periods to fit; \(Self.periodsMin) are the least.",
                mend: "hold out fewer."))
    }

    /// An experiment needs exposure of its channels on its days, in geos that exist.
    private mutating func checkExperiments(_ exposure: [[Double]], _ panel: Panel, _ periods: CalendarPeriods) {
        for (experiment, line, isPrior) in read.experimentsInData {
            let stated = "give the money that it changed, `spend`."
            func fail(_ message: String, _ mend: String) {
                problems.append(Problem(file: modelFile, line: line, message: message, mend: mend))
            }
            for geo in experiment.geos where !panel.geos.contains(geo) {
                fail(
                    "experiment '\(experiment.name)' names the geo '\(geo)', which the data do not have.",
                    NearestKey.mend(for: geo, among: panel.geos))
            }
            let days = experiment.days
            if days.lowerBound < periods.first || days.upperBound > periods.last {
                fail(
                    "experiment '\(experiment.name)' lies outside the data, which run from \(periods.first) to "
                        + "\(periods.last).", "correct its dates, or \(isPrior ? stated : "remove it.")")
                continue
            }
            let isTested = read.frequency.periods(beginningOn: panel.dates, with: days)
            let geos = panel.geos.indices.filter { experiment.geos.isEmpty || experiment.geos.contains(panel.geos[$0]) }
            for channel in experiment.channels {
                let isRunning = geos.contains { geo in
                    isTested.indices.contains { isTested[$0] && exposure[channel][geo * isTested.count + $0] > 0 }
                }
                guard !isRunning, !geos.isEmpty else { continue }
                fail(
                    "channel '\(read.specification.channels[channel].name)' did not run during experiment "
                        + "'\(experiment.name)', so the test changed nothing of it.",
                    "the data must hold the media that would have run without the test; "
                        + "otherwise \(isPrior ? stated : "leave it out.")")
            }
        }
    }

    /// Cells without a KPI are left out of the likelihood, which is said; a geo without any is refused.
    private mutating func checkHoles(_ kpi: [Double], _ panel: Panel) {
        let cells = panel.cells
        var holes = kpi.indices.filter { kpi[$0].isNaN }
        let periods = panel.dates.count
        for (geo, name) in panel.geos.enumerated() {
            let knownCount = periods - holes.count { $0 / periods == geo }
            guard knownCount < Self.periodsMin, periods >= Self.periodsMin else { continue }
            problems.append(
                Problem(
                    file: modelFile, line: read.kpiLine, column: read.kpiColumn,
                    message: "\(knownCount) known values\(name.isEmpty ? "" : " of '\(name)'") are too few to fit "
                        + "anything; \(Self.periodsMin) are the least.",
                    mend: name.isEmpty ? "fill in the KPI." : "fill in the KPI, or leave out the geo."))
        }
        holes.removeAll { $0 % periods < panel.historyCount }
        guard !holes.isEmpty else { return }
        let names = holes.prefix(3).map { Self.words(cells[$0]) }.joined(separator: "; ")
        warnings.append(
            Problem(
                file: modelFile, line: read.kpiLine, column: read.kpiColumn,
                message: "\(holes.count) of \(kpi.count) periods have no KPI and are left out of the likelihood: "
                    + "\(names)\(holes.count > 3 ? "; …" : "").",
                mend: "fill them in where they are known; nothing is imputed."))
    }

    /// The population of each geo, the same in every period; nil where the file names none.
    private mutating func population(_ sources: [Source], _ panel: Panel) -> [Double]? {
        guard let column = read.populationColumn else { return nil }
        let values = numbers(column, .population, sources, panel, line: read.kpiLine)
        guard values.allSatisfy(\.isFinite) else { return nil }
        let periods = panel.dates.count
        for (geo, name) in panel.geos.enumerated() {
            let own = values[geo * periods + panel.historyCount..<(geo + 1) * periods]
            if own.first == 0 || own.contains(where: { $0 != own.first }) {
                problems.append(
                    Problem(
                        file: modelFile, line: read.kpiLine, column: column,
                        message: "the population of '\(name)' is 0 or differs between periods.",
                        mend: "give one number above 0 for each geo, the same in every period."))
            }
        }
        return panel.geos.indices.map { values[$0 * periods + panel.historyCount] }
    }

    private mutating func numbers(
        _ column: String, _ role: Role, _ sources: [Source], _ panel: Panel, line: Int?
    ) -> [Double] {
        let cells = panel.cells
        let nan = [Double](repeating: .nan, count: cells.count)
        guard let source = sources.first(where: { $0.table.columns.contains(column) }),
            let place = source.table.columns.firstIndex(of: column), column != read.dateColumn
        else {
            problems.append(
                Problem(
                    file: modelFile, line: line, message: "no data file has a column '\(column)'.",
                    mend: NearestKey.mend(
                        for: column, among: sources.flatMap(\.table.columns).filter { $0 != read.dateColumn })))
            return nan
        }
        var found: [Problem] = []
        if !role.isNegativeAllowed, source.geos == [""], cells[0].geo != "" {
            found.append(
                Problem(
                    file: source.table.file, column: column, message: "the media of a panel need a column of geos.",
                    mend: "add the column '\(read.geoColumn ?? "geo")', and each geo's own figures."))
        }
        let values = cells.enumerated().map { index, cell -> Double in
            // Media alone matter before the first KPI.
            let isNeeded = role == .exposure || index % panel.dates.count >= panel.historyCount
            guard isNeeded || role == .kpi else { return 0 }
            guard let row = source.row(cell) else {
                if role == .kpi { return .nan }
                if !read.missingIsZero {
                    found.append(
                        Problem(
                            file: source.table.file, column: column, message: "\(Self.words(cell)) is missing.",
                            mend: "add the record, or write `data: {missing: zero}` if absent means 0."))
                }
                return 0
            }
            return number(
                source.table.records[row][place], role, file: source.table.file, line: source.table.lines[row],
                column: column, problems: &found)
        }
        add(found)
        return values
    }

    private func number(
        _ text: String, _ role: Role, file: String, line: Int, column: String, problems: inout [Problem]
    ) -> Double {
        func fail(_ message: String, _ mend: String) -> Double {
            problems.append(Problem(file: file, line: line, column: column, message: message, mend: mend))
            return .nan
        }
        if ["", "na", "nan", "null", "none", "n/a"].contains(text.lowercased()) {
            if role == .kpi { return .nan }
            if read.missingIsZero { return 0 }
            return fail(
                "the value is missing.", "fill it in, or write `data: {missing: zero}` if absent means 0.")
        }
        guard let value = Double(text), value.isFinite, text.first?.isLetter != true else {
            let hint =
                text.contains(",") ? "write numbers with a decimal point and without separators." : "write a number."
            return fail("'\(text)' is not a number.", hint)
        }
        if !role.isNegativeAllowed, value < 0 {
            return fail("\(text) is below 0.", "write 0 or more: media and spend cannot be negative.")
        }
        return value
    }

    // MARK: Calendar

    private mutating func events(_ periods: CalendarPeriods) -> [Regressor] {
        zip(read.specification.events, read.eventLines).map { event, line in
            let values = periods.shares(of: [event.date])
            if values.allSatisfy({ $0 == 0 }) {
                problems.append(
                    Problem(
                        file: modelFile, line: line,
                        message: "event '\(event.name)' on \(event.date) lies outside the data.",
                        mend: "remove it, or correct its date."))
            }
            return Regressor(name: event.name, values: values)
        }
    }

    private mutating func holidays(_ periods: CalendarPeriods) -> [Regressor] {
        guard let country = read.specification.holidayCountry else { return [] }
        guard let days = HolidayCalendar.days(of: country) else {
            problems.append(
                Problem(
                    file: modelFile, line: read.holidayLine, message: "there are no holidays for '\(country)'.",
                    mend: NearestKey.mend(for: country, among: HolidayCalendar.countries)))
            return []
        }
        let years = HolidayCalendar.years
        if periods.first.civil.year < years.lowerBound || periods.last.civil.year > years.upperBound {
            problems.append(
                Problem(
                    file: modelFile, line: read.holidayLine,
                    message: "holidays are known for \(years.lowerBound) to \(years.upperBound), the data runs from "
                        + "\(periods.first) to \(periods.last).",
                    mend: "remove `holidays`, and give the days as events."))
            return []
        }
        return days.map { Regressor(name: $0.name, values: periods.shares(of: $0.dates)) }
            .filter { $0.values.contains { $0 != 0 } }
    }
}
