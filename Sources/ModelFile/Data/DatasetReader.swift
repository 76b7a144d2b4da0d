import ModelDefinition
import Wording

/// Joins the data files on their dates and geos and takes the model's columns out of them.
struct DatasetReader {
    let context: ReadingContext

    var read: ReadSpecification { context.read }

    init(_ read: ReadSpecification, modelFile: String) {
        context = ReadingContext(read, modelFile: modelFile)
    }

    /// The dataset; nil after problems, which the context holds.
    func dataset(_ files: [(path: String, bytes: [UInt8])]) -> Dataset? {
        guard let sources = sources(files) else { return nil }
        guard let panel = PanelJoin(context: context, sources: sources).panel() else { return nil }
        let dataset = dataset(sources, panel: panel)
        return context.problems.isEmpty ? dataset : nil
    }

    // MARK: Sources

    /// The tables of all sources, transaction files last: they take the periods of the others.
    private func sources(_ files: [(path: String, bytes: [UInt8])]) -> [SourceTable]? {
        var sources: [SourceTable] = []
        var transactions: [(source: Located<ReadSource>, aggregation: Aggregation, daily: DailyAggregate)] = []
        for (index, source) in read.sources.enumerated() {
            guard let bytes = files.first(where: { $0.path == source.value.bundlePath(index: index) })?.bytes else {
                context.add(
                    Problem(
                        file: context.modelFile, line: source.line,
                        message: "the data file '\(source.path)' cannot be read.",
                        mend: "give its path relative to the model file.",
                        french: """
                            le fichier de données « \(code: source.path) » ne peut pas être lu. Donnez son chemin à \
                            partir du fichier du modèle.
                            """))
                continue
            }
            if let aggregation = source.aggregation {
                if let daily = DailyAggregate(bytes: bytes) { transactions.append((source, aggregation, daily)) }
                continue
            }
            var found: [Problem] = []
            if let table = CSVTable(bytes, file: source.path, problems: &found) {
                SourceTable(table, read, problems: &found).map { sources.append($0) }
            }
            context.add(found)
        }
        guard sources.count + transactions.count == read.sources.count else { return nil }
        let calendar = PanelJoin(context: context, sources: sources).calendar(transactions.map(\.daily))
        for (source, aggregation, daily) in transactions {
            table(of: daily, aggregation, file: source.path, calendar: calendar).map { sources.append($0) }
        }
        return sources
    }

    /// The records of a transaction file by the model's periods. Where they end, knowledge does: the KPI is not known, and
    /// what else the model takes from the file must be.
    private func table(
        of daily: DailyAggregate, _ aggregation: Aggregation, file: String,
        calendar: (starts: [CalendarDate], end: CalendarDate)
    ) -> SourceTable? {
        let days = daily.days
        guard let first = days.first, let last = days.last else { return nil }
        let filling = PeriodFilling(days: days, starts: calendar.starts, end: calendar.end)
        let unknown = Set(filling.partial + filling.outside)
        var outside = 0
        let table = CSVTable(
            daily, aggregation, file: file, dateColumn: read.dateColumn, geoColumn: read.geoColumn,
            calendar: calendar, unknown: unknown, blank: [read.kpi.column], outside: &outside)
        if outside > 0, read.sources.contains(where: { $0.aggregation == nil }) {
            context.warn(
                Problem(
                    file: file, column: aggregation.date,
                    message: "\(outside) records lie outside the model's periods, which run from "
                        + "\(calendar.starts[0]) to \(calendar.end.advanced(by: -1)).",
                    mend: "nothing, if they are not meant to count.",
                    french: """
                        \(outside) enregistrements sont hors des périodes du modèle, qui vont du \(calendar.starts[0]) \
                        au \(calendar.end.advanced(by: -1)). Rien à faire s’ils ne doivent pas compter.
                        """
                ))
        }
        let (begin, end) = (CalendarDate(dayNumber: first), CalendarDate(dayNumber: last))
        let run = "the records run from \(begin) to \(end)"
        let names = aggregation.columns.map(\.name)
        if names.contains(read.kpi.column), !filling.partial.isEmpty {
            let partial = filling.partial.map { calendar.starts[$0] }
            context.mask(partial)
            context.warn(
                Problem(
                    file: file, column: read.kpi.column,
                    message: "\(run) and do not fill the periods that begin on "
                        + "\(partial.map(\.description).joined(separator: " and ")), whose KPI is left out of the likelihood.",
                    mend: "none is needed; add the missing days to have them counted.",
                    french: """
                        les enregistrements vont du \(begin) au \(end) et ne remplissent pas \
                        \(partial.count == 1 ? "la période qui commence" : "les périodes qui commencent") le \
                        \(partial.map { FrenchText.day($0.description) ?? "" }.joined(separator: " et le ")), dont \
                        l’indicateur est laissé hors de la vraisemblance. Rien à faire ; ajoutez les jours manquants \
                        pour \(partial.count == 1 ? "qu’elle compte" : "qu’elles comptent").
                        """
                ))
        }
        let needed = names.filter { $0 != read.kpi.column && read.usedColumns.contains($0) }
        if !needed.isEmpty, !unknown.isEmpty, !read.missingIsZero {
            let lacking = unknown.sorted()
            context.add(
                Problem(
                    file: file, column: needed[0],
                    message: "\(run), and \(lacking.count) of the model's periods, as that of "
                        + "\(calendar.starts[lacking[0]]), reach beyond: what \(needed.map { "'\($0)'" }.joined(separator: ", ")) "
                        + "was there is not known.",
                    mend:
                        "add the records, leave these periods out of the other files, or write `data: {missing: zero}` if "
                        + "there were none."))
        }
        var found: [Problem] = []
        let source = SourceTable(table, read, problems: &found)
        context.add(found)
        return source
    }

    // MARK: Columns

    private func dataset(_ sources: [SourceTable], panel joined: Panel) -> Dataset {
        let specification = read.specification
        var columns = ColumnReader(context: context, sources: sources, panel: joined)
        let kpi = columns.numbers(read.kpi.column, .kpi, line: read.kpi.line)
        columns.panel.historyCount = historyCount(kpi, joined)
        let panel = columns.panel
        // Of values that are no numbers, that alone is said.
        if sources.contains(where: { $0.has(read.kpi.column) }),
            !context.problems.contains(where: { $0.column == read.kpi.column })
        {
            checkHoles(kpi, panel)
        }
        checkHoldout(kpi, panel)
        checkRange(kpi, panel)
        let revenue = read.kpi.revenuePerKPIColumn.map { columns.numbers($0, .price, line: read.kpi.line) }
        if let revenue { checkPrice(revenue, kpi: kpi) }
        let price: Double = if case .constant(let value)? = read.kpi.price { value } else { 1 }
        let media = media(columns)
        let controls = read.controls.map { control in
            Regressor(
                name: control.value, values: columns.numbers(control.value, .control, line: control.line))
        }
        let treatments = read.treatments.map { stated in
            Regressor(
                name: stated.treatment.name, values: columns.numbers(stated.column, .control, line: stated.line))
        }
        let calendar = CalendarColumns(
            context: context, periods: CalendarPeriods(frequency: read.frequency, dates: panel.dates))
        func inEveryGeo(_ regressors: [Regressor]) -> [Regressor] {
            regressors.map { regressor in
                Regressor(
                    name: regressor.name,
                    values: Array(repeatElement(regressor.values, count: panel.geos.count).joined()))
            }
        }
        var dataset = Dataset(
            frequency: read.frequency, dates: panel.dates, kpi: kpi,
            revenuePerKPI: revenue ?? kpi.map { _ in price }, spend: media.spend, exposure: media.exposure,
            controls: controls, events: inEveryGeo(calendar.events()), holidays: inEveryGeo(calendar.holidays()),
            geos: panel.geos == [""] ? [] : panel.geos, population: columns.population())
        dataset.contactFrequency = media.frequency
        dataset.treatments = treatments
        dataset.margins = margins(columns)
        dataset.setHistory(first: panel.historyCount)
        leaveOutPlan(&dataset)
        dataset.holdOut(last: min(specification.holdout, dataset.periodCount))
        for (index, stated) in read.channels.enumerated() {
            checkWindow(
                of: stated.channel, spend: dataset.spend[index], dates: dataset.dates, line: stated.line)
        }
        checkWindowEnds(CalendarPeriods(frequency: read.frequency, dates: dataset.dates))
        checkExperiments(
            dataset.exposure, Panel(dates: dataset.dates, geos: panel.geos),
            CalendarPeriods(frequency: read.frequency, dates: dataset.dates))
        return dataset
    }

    /// Media planned after the last KPI are no part of the fit: no figure, no constant and no total is of them.
    private func leaveOutPlan(_ dataset: inout Dataset) {
        let count = dataset.trainingPeriodCount
        guard read.specification.holdout == 0, count < dataset.periodCount else { return }
        let whole = dataset
        let plan = whole.dates[count...]
        dataset = whole.first(count)
        guard !context.masked.isSuperset(of: plan) else { return }
        context.warn(
            Problem(
                file: context.modelFile, line: read.kpi.line, column: read.kpi.column,
                message:
                    "the \(plan.count) periods from \(plan[count]) on have no KPI yet: they "
                    + "are a plan, and no part of the fit and its figures.",
                mend: "nothing, if they are one; otherwise fill in the KPI.",
                french: """
                    les \(plan.count) périodes à partir du \(plan[count]) n’ont pas encore d’indicateur : elles sont \
                    un plan, hors de l’ajustement et de ses chiffres. Rien à faire si c’en est un ; sinon complétez \
                    l’indicateur.
                    """
            ))
        for (index, stated) in read.channels.enumerated() where stated.channel.longTermOf == nil {
            let earlier = whole.history?.exposure[index] ?? []
            guard (earlier + dataset.exposure[index]).allSatisfy({ $0 == 0 }),
                let cell = whole.exposure[index].firstIndex(where: { $0 != 0 })
            else { continue }
            context.warn(
                Problem(
                    file: context.modelFile, line: stated.line, column: stated.exposure ?? stated.spend,
                    message: "channel '\(stated.channel.name)' ran only in periods without a KPI, as on "
                        + "\(whole.dates[cell % whole.periodCount]).",
                    mend: "fill in the KPI of these periods, or remove the channel.",
                    french: """
                        le canal « \(code: stated.channel.name) » n’a été diffusé que dans des périodes sans \
                        indicateur, par exemple le \(whole.dates[cell % whole.periodCount]). Complétez l’indicateur \
                        de ces périodes, ou retirez le canal.
                        """
                ))
        }
    }

    /// The margin of every cell; empty where it is one number, or none.
    private func margins(_ columns: ColumnReader) -> [Double] {
        switch read.kpi.margin {
        case .none, .constant: return []
        case .column(let column): return columns.numbers(column, .margin, line: read.kpi.line)
        case .dated(let margins):
            let panel = columns.panel
            let (first, needed) = (margins[0].from, panel.dates[panel.historyCount])
            if first > needed {
                context.add(
                    Problem(
                        file: context.modelFile, line: read.kpi.line,
                        message: "'kpi.margin' begins on \(first), the data on \(needed).",
                        mend: "give the margin from \(needed) on, or from an earlier day."))
            }
            return Array(repeatElement(byPeriod(margins, panel.dates), count: panel.geos.count).joined())
        }
    }

    /// Each period's mean of the margins of its days.
    private func byPeriod(_ margins: [DatedMargin], _ dates: [CalendarDate]) -> [Double] {
        var means = [Double](repeating: 0, count: dates.count)
        let end = read.frequency.next(after: dates[dates.count - 1]).advanced(by: -1)
        for (index, dated) in margins.enumerated() {
            let last = index + 1 < margins.count ? margins[index + 1].from.advanced(by: -1) : max(end, dated.from)
            guard dated.from <= last else { continue }
            for (period, share) in read.frequency.shares(beginningOn: dates, of: dated.from...last).enumerated() {
                means[period] += share * dated.margin
            }
        }
        return means
    }

    /// Spend, exposure and frequency by channel, one value a cell.
    private func media(
        _ reader: ColumnReader
    ) -> (spend: [[Double]], exposure: [[Double]], frequency: [[Double]]) {
        var spend: [[Double]] = []
        var exposure: [[Double]] = []
        var frequency: [[Double]] = []
        let zeros = reader.panel.cells.map { _ in 0.0 }
        for stated in read.channels {
            let spendRole: ColumnReader.Role = stated.exposure == nil ? .exposure : .spend
            let spent = stated.spend.map { reader.numbers($0, spendRole, line: stated.line) }
            let exposed = stated.exposure.map { reader.numbers($0, .exposure, line: stated.line) }
            frequency.append(
                stated.frequency.map { reader.frequencies($0, reach: exposed ?? zeros, line: stated.line) } ?? [])
            spend.append(spent ?? zeros)
            exposure.append(exposed ?? spent ?? zeros)
            let active = (exposed ?? spent ?? zeros)
            if active.allSatisfy({ $0 == 0 }) {
                context.warn(
                    Problem(
                        file: context.modelFile, line: stated.line, column: stated.exposure ?? stated.spend,
                        message: "channel '\(stated.channel.name)' never ran: its figures are its prior alone.",
                        mend: "remove it, or check its column.",
                        french: """
                            le canal « \(code: stated.channel.name) » n’a jamais été diffusé : ses chiffres sont \
                            son seul a priori. Retirez-le, ou vérifiez sa colonne.
                            """
                    ))
            }
            if let spent, let exposed, zip(spent, exposed).contains(where: { $0 > 0 && $1 == 0 }) {
                context.warn(
                    Problem(
                        file: context.modelFile, line: stated.line, column: stated.exposure,
                        message: "channel '\(stated.channel.name)' has periods with spend and no exposure.",
                        mend: "check the two columns.",
                        french: """
                            le canal « \(code: stated.channel.name) » a des périodes avec dépense et sans \
                            exposition. Vérifiez les deux colonnes.
                            """
                    ))
            }
        }
        return (spend, exposure, frequency)
    }

    /// The number of first periods that are media history: those without a KPI anywhere, and with `history: burn_in` those
    /// into which media from before the data would carry over. Enough periods remain, or there is a problem.
    private func historyCount(_ kpi: [Double], _ panel: Panel) -> Int {
        let periods = panel.dates.count
        let blank = (0..<periods).first { period in
            panel.geos.indices.contains { !kpi[$0 * periods + period].isNaN }
        }
        let lags = read.burnsIn ? read.specification.channels.map(\.adstock.maximumLag).max() ?? 0 : 0
        return max(0, min(max(blank ?? 0, lags), periods - ReadingContext.periodsMin))
    }
}
