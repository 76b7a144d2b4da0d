import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Days of the seasons that calendars have: of the sun, and the lunar year of twelve months.
    private static let calendarDays = [365.25, 182.625, 121.75, 91.3125, 60.875, 30.4375, 354.37, 29.53]
    /// So far from them, as a share, are 364, 365 and 366 days, four quarters of 13 weeks, and months of 30 and 31 days.
    private static let calendarTolerance = 0.02
    /// Whole weeks and years up to so many.
    private static let weeksMax = 4
    private static let yearsMax = 6

    /// Periods of seasons that look as if they were not in days.
    var oddSeasons: [Problem] {
        read.seasonality.compactMap { season in
            guard let oddity = oddity(season.periodDays) else { return nil }
            return Problem(
                file: modelFile, line: season.line, message: oddity.english, mend: Self.seasonMend,
                french: """
                    \(code: oddity.french) Écrivez `period: year`, `half_year`, `quarter`, \
                    `month` ou `week`, ou sa durée en jours.
                    """
            )
        }
    }

    private static let seasonMend =
        "write `period: year`, `half_year`, `quarter`, `month` or `week`, or its length in days."

    private func oddity(_ days: Double) -> Sentence? {
        let written = "'seasonality.period' is \(Self.words(days)), in days"
        let frenchWritten: FrenchText = "`seasonality.period` est de \(Self.words(days)), en jours"
        let step = data.frequency.meanDays
        if days < 2 * step * 0.99 {
            return Sentence(
                "\(written): data by \(data.frequency) cannot show a season of less than two \(data.frequency)s.",
                french: "\(frenchWritten) : ces données ne peuvent pas montrer une saison de moins de deux périodes.")
        }
        let candidates =
            Self.calendarDays + (2...Self.yearsMax).map { Self.calendarDays[0] * Double($0) }
            + (data.frequency == .day ? (1...Self.weeksMax).map { 7 * Double($0) } : [])
        guard !candidates.contains(where: { abs(days / $0 - 1) <= Self.calendarTolerance }) else { return nil }
        let years = days * step / Self.calendarDays[0]
        let guess = abs(years - years.rounded()) < 0.03 && years.rounded() >= 1 && data.frequency != .day
        return Sentence(
            "\(written), which no calendar has"
                + (guess ? ": \(Self.words(days)) \(data.frequency)s would be a year." : "."),
            french: "\(frenchWritten), ce qu’aucun calendrier n’a"
                + (guess ? " : \(Self.words(days)) périodes feraient une année." : "."))
    }
}
