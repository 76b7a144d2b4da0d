import ModelDefinition

/// Regressors that the calendar gives, one value a period.
struct CalendarColumns {
    let context: ReadingContext
    let periods: CalendarPeriods

    private var read: ReadSpecification { context.read }

    func events() -> [Regressor] {
        read.events.map { event in
            let values = periods.shares(of: [event.date])
            if values.allSatisfy({ $0 == 0 }) {
                context.add(
                    Problem(
                        file: context.modelFile, line: event.line,
                        message: "event '\(event.name)' on \(event.date) lies outside the data.",
                        mend: "remove it, or correct its date."))
            }
            return Regressor(name: event.name, values: values)
        }
    }

    func holidays() -> [Regressor] {
        guard let stated = read.holidayCountry else { return [] }
        let country = stated.value
        guard let days = HolidayCalendar.days(of: country) else {
            context.add(
                Problem(
                    file: context.modelFile, line: stated.line,
                    message: "there are no holidays for '\(country)'\(Self.norway(country)).", mend: Self.mend(country))
            )
            return []
        }
        let years = HolidayCalendar.years
        if periods.first.civil.year < years.lowerBound || periods.last.civil.year > years.upperBound {
            context.add(
                Problem(
                    file: context.modelFile, line: stated.line,
                    message: "holidays are known for \(years.lowerBound) to \(years.upperBound), the data runs from "
                        + "\(periods.first) to \(periods.last).",
                    mend: "remove `holidays`, and give the days as events."))
            return []
        }
        return days.map { Regressor(name: $0.name, values: periods.shares(of: $0.dates)) }
            .filter { $0.values.contains { $0 != 0 } }
    }

    /// What other programs make of Norway's code where it is not quoted.
    private static let falsehoods: Set = ["NO", "no", "No", "false", "False", "FALSE"]

    private static func norway(_ country: String) -> String {
        falsehoods.contains(country) ? ", which YAML takes for false, or for Norway where it is quoted" : ""
    }

    /// A misspelt code has a neighbour; a code of another country has none.
    private static func mend(_ country: String) -> String {
        let known = HolidayCalendar.countries
        if falsehoods.contains(country) {
            return "give Norway's days as `events`, and quote its code, 'NO', wherever it is read; known are "
                + "\(known.joined(separator: ", "))."
        }
        if known.contains(country.uppercased()) { return "write '\(country.uppercased())'." }
        if country.count != 2, let meant = NearestKey.suggestion(for: country, among: known) {
            return "write '\(meant)'."
        }
        return "write one of \(known.joined(separator: ", ")), or give the days as `events`."
    }
}
