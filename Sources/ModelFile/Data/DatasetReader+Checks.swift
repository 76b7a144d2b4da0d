import ModelDefinition
import Wording

/// What must hold of the data for the model to be made of them.
extension DatasetReader {
    /// A return over a calibration window needs spend in it.
    func checkWindow(of channel: Channel, spend: [Double], dates: [CalendarDate], line: Int?) {
        guard let window = channel.calibrationWindow else { return }
        let isInside = read.frequency.periods(beginningOn: dates, with: window)
        guard !spend.indices.contains(where: { isInside[$0 % dates.count] && spend[$0] > 0 }) else { return }
        context.add(
            Problem(
                file: context.modelFile, line: line,
                message: "channel '\(channel.name)' spends nothing between \(window.lowerBound) and "
                    + "\(window.upperBound), its calibration window.",
                mend: "correct the dates, or remove `calibration_window`."))
    }

    /// What a calibration window holds beyond the data is not counted, which is said.
    func checkWindowEnds(_ periods: CalendarPeriods) {
        let channels = read.specification.channels
        for window in Set(channels.compactMap(\.calibrationWindow)).sorted(by: { $0.lowerBound < $1.lowerBound })
        where window.lowerBound < periods.first || window.upperBound > periods.last {
            guard let first = channels.firstIndex(where: { $0.calibrationWindow == window }) else { continue }
            let names = channels.filter { $0.calibrationWindow == window && $0.longTermOf == nil }.map {
                $0.name
            }
            let quoted = names.map { "'\($0)'" }.joined(separator: ", ")
            context.warn(
                Problem(
                    file: context.modelFile, line: read.channels[first].line,
                    message: "the calibration window of \(quoted), \(window.lowerBound) to "
                        + "\(window.upperBound), reaches beyond the data, which run from \(periods.first) to "
                        + "\(periods.last): the return is about the days inside alone.",
                    mend: "give the days of the window that lie in the data, and the return of these.",
                    french: """
                        la fenêtre de calibration de \(code: names.map { "« \($0) »" }.joined(separator: ", ")), du \
                        \(window.lowerBound) au \(window.upperBound), dépasse les données, qui vont du \
                        \(periods.first) au \(periods.last) : le retour ne porte que sur les jours qu’elles \
                        contiennent. Donnez les jours de la fenêtre qui sont dans les données, et leur retour.
                        """
                ))
        }
    }

    /// Enough periods must be left to fit.
    func checkHoldout(_ kpi: [Double], _ panel: Panel) {
        checkHeldOutKPI(kpi, panel)
        let rest = panel.dates.count - panel.historyCount - read.specification.holdout
        guard read.specification.holdout > 0, rest < ReadingContext.periodsMin else { return }
        context.add(
            Problem(
                file: context.modelFile,
                message: "'holdout.last: \(read.specification.holdout)' leaves \(max(0, rest)) of \(panel.dates.count) "
                    + "periods to fit; \(ReadingContext.periodsMin) are the least.",
                mend: "hold out fewer."))
    }

    /// What is held out is compared with what was, which must be known to the end.
    private func checkHeldOutKPI(_ kpi: [Double], _ panel: Panel) {
        let periods = panel.dates.count
        let isKnown = (0..<periods).map { period in
            panel.geos.indices.contains { !kpi[$0 * periods + period].isNaN }
        }
        guard read.specification.holdout > 0, let last = isKnown.lastIndex(of: true), last + 1 < periods else { return }
        context.add(
            Problem(
                file: context.modelFile, line: read.kpi.line, column: read.kpi.column,
                message: "'holdout.last: \(read.specification.holdout)' holds out periods without a KPI, as on "
                    + "\(panel.dates[last + 1]): there is nothing to compare their prediction with.",
                mend: "remove the records after \(panel.dates[last]), or the holdout."))
    }

    /// What a unit of the KPI is worth is another column than the KPI.
    func checkPrice(_ price: [Double], kpi: [Double]) {
        let isKPI = kpi.indices.allSatisfy { kpi[$0].isNaN || price[$0] == kpi[$0] }
        guard read.kpi.revenuePerKPIColumn == read.kpi.column || isKPI else { return }
        context.add(
            Problem(
                file: context.modelFile, line: read.kpi.line, column: read.kpi.revenuePerKPIColumn,
                message: "'kpi.revenue_per_kpi' is the KPI itself.",
                mend: "name the column of what one unit of the KPI is worth, or write `kind: revenue`."))
    }

    /// An experiment needs exposure of its channels on its days, in geos that exist.
    func checkExperiments(_ exposure: [[Double]], _ panel: Panel, _ periods: CalendarPeriods) {
        for stated in read.experimentsInData {
            let (experiment, isPrior) = (stated.experiment, stated.use == .prior)
            let money = "give the money that it changed, `spend`."
            func fail(_ message: String, _ mend: String) {
                context.add(Problem(file: context.modelFile, line: stated.line, message: message, mend: mend))
            }
            for geo in experiment.geos where panel.geos != [""] && !panel.geos.contains(geo) {
                fail(
                    "experiment '\(experiment.name)' names the geo '\(geo)', which the data do not have.",
                    NearestKey.mend(for: geo, among: panel.geos))
            }
            let days = experiment.days
            if days.lowerBound < periods.first || days.upperBound > periods.last {
                fail(
                    "experiment '\(experiment.name)' lies outside the data, which run from \(periods.first) to "
                        + "\(periods.last).", "correct its dates, or \(isPrior ? money : "remove it.")")
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
                        + "otherwise \(isPrior ? money : "leave it out.")")
            }
        }
    }

    /// Cells without a KPI are left out of the likelihood, which is said; a geo without any is refused.
    func checkHoles(_ kpi: [Double], _ panel: Panel) {
        let cells = panel.cells
        var holes = kpi.indices.filter { kpi[$0].isNaN }
        let periods = panel.dates.count
        for (geo, name) in panel.geos.enumerated() {
            let knownCount = periods - holes.count { $0 / periods == geo }
            guard knownCount < ReadingContext.periodsMin, periods >= ReadingContext.periodsMin else { continue }
            context.add(
                Problem(
                    file: context.modelFile, line: read.kpi.line, column: read.kpi.column,
                    message: "\(knownCount) known values\(name.isEmpty ? "" : " of '\(name)'") are too few to fit "
                        + "anything; \(ReadingContext.periodsMin) are the least.",
                    mend: name.isEmpty ? "fill in the KPI." : "fill in the KPI, or leave out the geo.",
                    french: """
                        \(knownCount) valeurs connues\(code: name.isEmpty ? "" : " de « \(name) »") ne suffisent pas \
                        à un ajustement ; il en faut au moins \(ReadingContext.periodsMin). Complétez \
                        l’indicateur\(name.isEmpty ? "" : ", ou retirez la zone").
                        """))
        }
        holes.removeAll { $0 % periods < panel.historyCount || context.masked.contains(panel.dates[$0 % periods]) }
        let last = kpi.indices.filter { !kpi[$0].isNaN }.map { $0 % periods }.max()
        // What follows the last KPI is a plan, of which `leaveOutPlan` speaks.
        if let last, read.specification.holdout == 0 { holes.removeAll { $0 % periods > last } }
        guard !holes.isEmpty else { return }
        let named = holes.prefix(3).map { cells[$0] }
        let (rest, frenchRest) = holes.count > named.count ? ("; …", " ; …") : ("", "")
        context.warn(
            Problem(
                file: context.modelFile, line: read.kpi.line, column: read.kpi.column,
                message: "\(holes.count) of \(kpi.count) periods have no KPI and are left out of the likelihood: "
                    + "\(named.map(\.words).joined(separator: "; "))\(rest).",
                mend: "fill them in where they are known; nothing is imputed.",
                french: """
                    \(holes.count) périodes sur \(kpi.count) n’ont pas d’indicateur et sont laissées hors de la \
                    vraisemblance : \(code: named.map(\.frenchWords.text).joined(separator: " ; "))\(frenchRest). \
                    Complétez-les si vous les connaissez ; rien n’est imputé.
                    """
            ))
    }

    /// There must be something to explain, and a scale for it.
    func checkRange(_ kpi: [Double], _ panel: Panel) {
        let known = kpi.filter { !$0.isNaN }
        func fail(_ message: String, mend: String) {
            context.add(
                Problem(
                    file: context.modelFile, line: read.kpi.line, column: read.kpi.column, message: message, mend: mend)
            )
        }
        if let first = known.first, known.allSatisfy({ $0 == first }) {
            fail("the KPI is the same in every period: there is nothing to explain.", mend: "name the right column.")
        }
        let periods = panel.dates.count
        let isOfAllGeos = kpi.indices.allSatisfy { kpi[$0] == kpi[$0 % periods] || kpi[$0].isNaN }
        let names = Set(read.specification.channels.map { Spelling.folded($0.name) })
        let looksLikeChannels =
            LongTable.headers.contains(Spelling.folded(read.geoColumn ?? ""))
            || panel.geos.contains { names.contains(Spelling.folded($0)) }
        if panel.geos.count > 1, looksLikeChannels, isOfAllGeos, Set(known).count > 1 {
            fail(
                "the KPI is the same in all \(panel.geos.count) geos, as if each had all of it: it would count "
                    + "\(panel.geos.count) times.",
                mend: "give each geo its own; where the records are of channels, write one record a period instead.")
        }
        if read.specification.preset == .pymcMarketing, let largest = known.max(), largest <= 0 {
            fail(
                "this preset divides the KPI by its maximum, which is not above 0.", mend: "write `preset: tutti`.")
        }
    }
}
