import ModelDefinition
import ModelFile

extension DataChecks {
    /// Changes of a column that say how it changes.
    private static let changesMin = 5
    /// Share of its changes that must lie where calendar spans begin.
    private static let atBoundariesMin = 0.9
    /// Share of the beginnings of spans in which it is not 0 at which it must change: a budget that is set once a quarter
    /// changes at fewer.
    private static let changingMin = 0.6
    /// Equal values in a row, of a KPI that otherwise never repeats itself, which look as if they had been filled in.
    private static let repeatsMin = 3
    /// As many runs as long as the one found, and no more, are what chance may bring without a word.
    private static let expectedRunsMax = 0.05

    private enum Span: String, CaseIterable {
        case week
        case month
        case quarter

        var french: String {
            switch self {
            case .week: "semaine"
            case .month: "mois"
            case .quarter: "trimestre"
            }
        }

        func number(of date: CalendarDate) -> Int {
            let civil = date.civil
            switch self {
            case .week: return date.monday.dayNumber
            case .month: return 12 * civil.year + civil.month
            case .quarter: return 4 * civil.year + (civil.month - 1) / 3
            }
        }

        /// How many periods it holds, at least, to be one.
        func holds(_ frequency: Frequency) -> Bool {
            switch frequency {
            case .day: true
            case .week: self != .week
            case .month: self == .quarter
            }
        }
    }

    /// Columns of media and KPI that hold one value for all of a month, where the periods are shorter.
    var repeatedValues: [Problem] {
        let kpi = (0..<data.geoCount).compactMap { span(data.kpi, geo: $0) }.first.map { span in
            kpiProblem(
                "the KPI has one value in every \(span.rawValue): the \(span.rawValue)'s figure stands in each \(data.frequency).",
                mend: "give the KPI of each \(data.frequency), or model \(span.rawValue)s.",
                french: """
                    l’indicateur n’a qu’une valeur par \(span.french) : le chiffre de chaque \(span.french) se répète à \
                    chaque période. Donnez l’indicateur de chaque période, ou modélisez par \(span.french).
                    """
            )
        }
        let media = mediaColumns.compactMap { column in
            (0..<data.geoCount).compactMap { span(column.values, geo: $0) }.first.map { span in
                problem(
                    column,
                    "\(column.words) has one value in all \(data.frequency)s of each \(span.rawValue): if that is the "
                        + "\(span.rawValue)'s sum, it counts several times; if it was divided evenly, the timing is not known.",
                    mend:
                        "give what ran in each \(data.frequency); at the least divide the \(span.rawValue)'s figure by its days.",
                    french: """
                        a une même valeur à toutes les périodes de chaque \(span.french) : si c’est la somme de \
                        la période longue, elle compte plusieurs fois ; si elle a été divisée également, le calendrier \
                        n’est pas connu. Donnez ce qui a été diffusé à chaque période ; au moins, divisez le chiffre \
                        de chaque \(span.french) par ses jours.
                        """
                )
            }
        }
        return [kpi].compactMap(\.self) + media + [filledKPI].compactMap(\.self)
    }

    /// The calendar span within which a column never changes, though it changes from one to the next.
    private func span(_ values: [Double], geo: Int) -> Span? {
        let cells = Array(data.cells(of: geo))
        let changes = Set(cells.indices.dropFirst().filter { values[cells[$0]] != values[cells[$0 - 1]] })
        guard changes.count >= Self.changesMin else { return nil }
        // A week belongs to the month of its first day, its middle or its last.
        let shifts = data.frequency == .week ? [0, 3, 6] : [0]
        for span in Span.allCases.reversed() where span.holds(data.frequency) {
            for shift in shifts {
                let numbers = data.dates.map { span.number(of: $0.advanced(by: shift)) }
                let boundaries = Set(
                    numbers.indices.dropFirst().filter { index in
                        numbers[index] != numbers[index - 1] && (values[cells[index]] != 0 || changes.contains(index))
                    })
                let both = Double(changes.intersection(boundaries).count)
                if both >= Self.atBoundariesMin * Double(changes.count),
                    both >= Self.changingMin * Double(boundaries.count)
                {
                    return span
                }
            }
        }
        return nil
    }

    /// A KPI that stands still for some periods, and never otherwise in its geo nor, by chance, in any.
    private var filledKPI: Problem? {
        let repeats = (0..<data.geoCount).map { repeatedKPI(geo: $0) }
        let pairCount = (0..<data.geoCount).reduce(0) { $0 + max(0, knownCells(of: $1).count - 1) }
        let equalCount = repeats.joined().reduce(0) { $0 + $1.count - 1 }
        for (geo, own) in repeats.enumerated() where own.count == 1 {
            let (cell, count) = own[0]
            guard count >= Self.repeatsMin, count < knownCells(of: geo).count / 2 else { continue }
            // A KPI in whole units repeats itself now and then, and in thousands of geos and days three times in a row: so
            // many such runs would be expected where the other pairs of neighbours are equal as often as they are.
            let equalShare = Double(equalCount - (count - 1) + 1) / Double(pairCount + 1)
            let expectedRuns = repeatElement(equalShare, count: count - 1).reduce(Double(pairCount), *)
            guard expectedRuns < Self.expectedRunsMax else { continue }
            return kpiProblem(
                "the KPI is \(Self.words(data.kpi[cell])) in \(count) periods in a row, first \(words(cell: cell)), and "
                    + "never stands still otherwise: it looks filled in.",
                mend: "leave cells empty whose KPI is not known.",
                french: """
                    l’indicateur vaut \(Self.words(data.kpi[cell])) pendant \(count) périodes de suite, et ne \
                    s’arrête jamais autrement : il semble avoir été complété. Laissez vides les cellules dont \
                    l’indicateur n’est pas connu.
                    """
            )
        }
        return nil
    }

    /// The runs of equal figures other than 0 of a geo's KPI, each by its first cell.
    private func repeatedKPI(geo: Int) -> [(cell: Int, count: Int)] {
        var runs: [(cell: Int, count: Int)] = []
        var previous: Double?
        for cell in knownCells(of: geo) where data.kpi[cell] != 0 {
            if data.kpi[cell] == previous { runs[runs.count - 1].count += 1 } else { runs.append((cell, 1)) }
            previous = data.kpi[cell]
        }
        return runs.filter { $0.count > 1 }
    }
}
