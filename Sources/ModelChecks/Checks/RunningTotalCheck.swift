import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    private static let valuesMin = 12
    /// Rises that a total needs to be seen as one, and their share of all periods: a budget that is set once a quarter
    /// rises in one week of thirteen.
    private static let risesMin = 6
    private static let riseShareMin = 0.1
    /// Standard deviation ÷ mean of the rises, above which they look like what ran in each period: a budget that grows by
    /// plan rises evenly.
    private static let unevenMin = 0.15
    /// Largest value ÷ largest rise from which on evenness says nothing: no plan grows to so many times its first step, or
    /// so far each year anew.
    private static let growthMin = 12.0
    private static let growthOfYearMin = 6.0
    /// First value ÷ largest rise, up to which a column begins like a total; more where it never falls for a year.
    private static let startMax = 2.0
    private static let longCount = 52
    private static let longUnevenMin = 0.5
    /// Years of a KPI that never falls from which on its errors tell growth from a total, and the changes of its errors,
    /// relative to these, from which on it is growth: of 2 where errors are independent, and near 0 where each sums up
    /// all before, as those of a total do.
    private static let growthYearsMin = 1.9
    private static let growthChangesMin = 1.1
    /// Waves of a year that are no errors of growth.
    private static let growthHarmonics = 2
    /// Share of what went before that is left after a total begins anew.
    private static let resetMax = 0.5

    /// Columns that never fall, or only where a calendar span begins: totals up to the date.
    var runningTotals: [Problem] {
        let mend = "give what belongs to each period: the difference from the one before."
        func geos(_ values: (Int) -> [(date: CalendarDate, value: Double)]) -> (
            words: String, french: FrenchText, span: Sentence
        )? {
            let found = (0..<data.geoCount).compactMap { geo in totalSpan(values(geo)).map { (geo, $0) } }
            return found.first.map {
                (words(geos: found.map(\.0)), frenchWords(geos: found.map(\.0)), $0.1)
            }
        }
        let kpi = geos { geo in
            let own = knownCells(of: geo)
            guard !isGrowth(own.map { data.kpi[$0] }) else { return [] }
            return own.map { (data.dates[$0 % data.periodCount], data.kpi[$0]) }
        }.map {
            kpiProblem(
                "the KPI\($0.words) \($0.span.english): it looks like a running total.", mend: mend,
                french: """
                    l’indicateur\($0.french) \(code: $0.span.french) : il ressemble à un cumul. Donnez ce qui revient à \
                    chaque période, la différence avec la précédente.
                    """
            )
        }
        return [kpi].compactMap(\.self)
            + mediaColumns.compactMap { column in
                geos { geo in
                    data.cells(of: geo).map { (data.dates[$0 % data.periodCount], column.values[$0]) }
                }.map {
                    problem(
                        column, "\(column.words)\($0.words) \($0.span.english): it looks like a running total.",
                        mend: mend,
                        french: """
                            la série\($0.french) \(code: $0.span.french) : cela ressemble à un cumul. Donnez ce qui \
                            revient à chaque période, la différence avec la précédente.
                            """
                    )
                }
            }
    }

    /// Whether what a line and the year's waves leave of a series is the errors of its periods, and no sum of them.
    private func isGrowth(_ values: [Double]) -> Bool {
        let days = data.frequency.meanDays
        guard Double(values.count) * days > 365.25 * Self.growthYearsMin else { return false }
        var columns = [values.map { _ in 1.0 }, values.indices.map(Double.init)]
        for harmonic in 1...Self.growthHarmonics {
            let waves = values.indices.map { index in
                let turns = Double(harmonic * index) * days / 365.25
                return Elementary.sinCosTwoPi(turns - turns.rounded())
            }
            columns += [waves.map(\.sin), waves.map(\.cos)]
        }
        var directions: [[Double]] = []
        for column in columns {
            let rest = Self.rest(of: column, without: directions)
            let length = Reductions.squaredNorm(rest).squareRoot()
            directions.append(rest.map { $0 / length })
        }
        let errors = Self.rest(of: values, without: directions)
        return Reductions.squaredNorm(Self.differences(errors)) > Self.growthChangesMin * Reductions.squaredNorm(errors)
    }

    /// A series less its parts along directions of length 1, orthogonal to each other.
    private static func rest(of series: [Double], without directions: [[Double]]) -> [Double] {
        directions.reduce(series) { rest, direction in
            let share = Reductions.dot(rest, direction)
            return zip(rest, direction).map { $0 - share * $1 }
        }
    }

    private func totalSpan(_ series: [(date: CalendarDate, value: Double)]) -> Sentence? {
        let began = series.drop { $0.value == 0 }
        let values = began.map(\.value)
        guard values.count >= Self.valuesMin, values.allSatisfy({ $0 >= 0 }) else { return nil }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        let falls = Set(steps.indices.filter { steps[$0] < 0 })
        // A total that began shortly before falls to what the first period of the next holds.
        let greatest = steps.max() ?? 0
        guard falls.allSatisfy({ values[$0 + 1] <= max(Self.resetMax * values[$0], greatest) }) else { return nil }
        let dates = began.map(\.date)
        guard let span = resets(falls, dates: dates) else { return nil }
        let rises = steps.filter { $0 > 0 }
        guard rises.count >= Self.risesMin, Double(rises.count) >= Self.riseShareMin * Double(values.count) else {
            return nil
        }
        let mean = rises.reduce(0, +) / Double(rises.count)
        let variance = rises.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rises.count)
        let largest = rises.max() ?? 0
        let begins = values[0] <= Self.startMax * largest
        let growth = falls.isEmpty ? Self.growthMin : Self.growthOfYearMin
        guard
            variance.squareRoot() > Self.unevenMin * mean || begins && (values.max() ?? 0) >= growth * largest
        else { return nil }
        let isUneven = variance.squareRoot() > Self.longUnevenMin * mean
        guard begins || !falls.isEmpty || values.count >= Self.longCount && isUneven else { return nil }
        return span
    }

    /// In words when the column falls: never, or where each year, quarter or month begins. Nil where it falls otherwise.
    private func resets(_ falls: Set<Int>, dates: [CalendarDate]) -> Sentence? {
        guard !falls.isEmpty else { return Sentence("never falls", french: "ne baisse jamais") }
        let spans: [(words: Sentence, number: (CalendarDate) -> Int, isShort: Bool)] = [
            (
                Sentence("falls only where a year begins", french: "ne baisse qu’en début d’année"), { $0.civil.year },
                false
            ),
            (
                Sentence("falls only where a quarter begins", french: "ne baisse qu’en début de trimestre"),
                { 4 * $0.civil.year + ($0.civil.month - 1) / 3 }, false
            ),
            (
                Sentence("falls only where a month begins", french: "ne baisse qu’en début de mois"),
                { 12 * $0.civil.year + $0.civil.month }, true
            ),
        ]
        // A week belongs to the span of its first day or of its last.
        for span in spans where !(span.isShort && data.frequency == .month) {
            for shift in data.frequency == .week ? [0, 3, 6] : [0] {
                let numbers = dates.map { span.number($0.advanced(by: shift)) }
                let begins = Set(numbers.indices.dropLast().filter { numbers[$0] != numbers[$0 + 1] })
                if falls.isSubset(of: begins), 5 * falls.count >= 4 * begins.count { return span.words }
            }
        }
        let months = Set(falls.map { dates[$0 + 1].civil.month })
        let days = falls.sorted().map { dates[$0 + 1].dayNumber }
        let isYearly = zip(days.dropFirst(), days).allSatisfy { $0 - $1 > 300 }
        return months.count == 1 && isYearly && falls.count > 1
            ? Sentence("falls only once a year", french: "ne baisse qu’une fois par an") : nil
    }
}
