import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// How many such runs of zeros chance would make, below which a run is asked about.
    private static let expectedRunsMax = 0.02
    /// A single zero needs a KPI so many standard deviations above it.
    private static let singleDeviationsMin = 6.0
    /// Days of a closed shop: holidays beside Sundays make three.
    private static let dailyRunMin = 4
    /// Share of zeros from which a day of the week is one on which the shop is closed.
    private static let closedShareMin = 0.8
    /// Share of the days a year before or after that are zero as well where zeros are a season.
    private static let seasonShareMin = 0.6
    private static let valuesMin = 12

    /// Runs of zeros in the KPI that look like periods of which nothing is known.
    var zeroRuns: [Problem] {
        let found = (0..<data.geoCount).flatMap { geo in zeroRuns(geo: geo).map { (geo: geo, run: $0) } }
        let groups = Dictionary(grouping: found) { $0.run.place }
        return ZeroRun.Place.allCases.compactMap { place in
            guard let group = groups[place], let first = group.first else { return nil }
            let when = Self.words(first.run, data)
            let dates = "\(when.english)\(group.count > 1 ? " (and others)" : "")"
            let geos = words(geos: group.map(\.geo))
            let elsewhere = first.run.isAlone ? ", and nowhere else" : ""
            return kpiProblem(
                "the KPI\(geos) is 0 \(dates)\(elsewhere): these look like periods \(place.meaning).",
                mend: "leave the cells empty, and they are left out of the likelihood.",
                french: """
                    l’indicateur\(frenchWords(geos: group.map(\.geo))) vaut 0 \(code: when.french)\
                    \(group.count > 1 ? " (entre autres)" : "")\(first.run.isAlone ? ", et nulle part ailleurs" : "") : \
                    cela ressemble à des périodes \(place.frenchMeaning). Laissez ces cellules vides, et elles seront \
                    laissées hors de la vraisemblance.
                    """
            )
        }
    }

    fileprivate struct ZeroRun {
        enum Place: CaseIterable {
            case start
            case middle
            case end

            var meaning: String {
                switch self {
                case .start: "before it began"
                case .middle: "whose records are missing"
                case .end: "not yet known"
                }
            }

            var frenchMeaning: String {
                switch self {
                case .start: "d’avant son début"
                case .middle: "dont les enregistrements manquent"
                case .end: "pas encore connues"
                }
            }
        }

        var place: Place
        /// First and last cell.
        var cells: ClosedRange<Int>
        var isAlone: Bool
    }

    private static func words(_ run: ZeroRun, _ data: Dataset) -> Sentence {
        let first = data.dates[run.cells.lowerBound % data.periodCount]
        let last = data.dates[run.cells.upperBound % data.periodCount]
        return switch run.place {
        case .start: Sentence("until \(last)", french: "jusqu’au \(last)")
        case .middle where first == last: Sentence("on \(first)", french: "le \(first)")
        case .middle: Sentence("from \(first) to \(last)", french: "du \(first) au \(last)")
        case .end: Sentence("from \(first) to the end", french: "du \(first) à la fin")
        }
    }

    private func zeroRuns(geo: Int) -> [ZeroRun] {
        let own = openCells(of: geo)
        guard own.count >= Self.valuesMin, own.contains(where: { data.kpi[$0] != 0 }) else { return [] }
        let runs = Self.runs(own.map { data.kpi[$0] == 0 })
        let zeros = runs.reduce(0) { $0 + $1.count }
        return runs.filter { run in
            let others = runs.reduce(0) { $0 + (2 * $1.count < run.count ? $1.count : 0) }
            return isUnlikely(run.count, others: others, cells: own) && !isSeason(run, runs, own)
        }.map { run in
            let place: ZeroRun.Place =
                run.upperBound == own.count ? .end : run.lowerBound == 0 ? .start : .middle
            return ZeroRun(
                place: place, cells: own[run.lowerBound]...own[run.upperBound - 1], isAlone: zeros == run.count)
        }
    }

    private func isUnlikely(_ length: Int, others: Int, cells: [Int]) -> Bool {
        if length == 1 {
            let zeros = cells.count(where: { data.kpi[$0] == 0 })
            guard data.frequency != .day, others == 0, zeros == 1 else { return false }
            let sorted = SortedValues(cells.map { data.kpi[$0] })
            return sorted.median > Self.singleDeviationsMin * sorted.robustDeviation
        }
        guard data.frequency != .day || length >= Self.dailyRunMin else { return false }
        let share = (Double(others) + 0.5) / Double(cells.count - length + 1)
        return (0..<length).reduce(Double(cells.count)) { product, _ in product * share } < Self.expectedRunsMax
    }

    /// Whether the KPI is zero at the same time of other years, as that of a ski lift is.
    private func isSeason(_ run: Range<Int>, _ runs: [Range<Int>], _ cells: [Int]) -> Bool {
        func day(_ position: Int) -> Int { data.dates[cells[position] % data.periodCount].dayNumber }
        let others = Set(runs.filter { $0 != run }.flatMap { $0.map(day) })
        guard !others.isEmpty else { return false }
        return [-365, 365].contains { year in
            let met = run.count { position in (-20...20).contains { others.contains(day(position) + year + $0) } }
            return Double(met) >= Self.seasonShareMin * Double(run.count)
        }
    }

    /// Known cells of a geo, without the days of the week on which it is closed.
    private func openCells(of geo: Int) -> [Int] {
        let own = knownCells(of: geo)
        guard data.frequency == .day else { return own }
        func weekday(_ cell: Int) -> Int { data.dates[cell % data.periodCount].dayNumber % 7 }
        let closed = Set(
            (-6...6).filter { day in
                let days = own.filter { weekday($0) == day }
                return Double(days.count { data.kpi[$0] == 0 }) >= Self.closedShareMin * Double(max(1, days.count))
            })
        return closed.count == 13 ? own : own.filter { !closed.contains(weekday($0)) }
    }

    private static func runs(_ isZero: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for index in isZero.indices where isZero[index] {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs
    }
}
