import ModelDefinition

/// Regressors that the calendar gives, one value a period.
struct CalendarColumns {
    let context: ReadingContext
    let periods: CalendarPeriods

    private var read: ReadSpecification { context.read }

    func events() -> [Regressor] {
        zip(read.specification.events, read.eventLines).map { event, line in
            let values = periods.shares(of: [event.date])
            if values.allSatisfy({ $0 == 0 }) {
                context.add(
                    Problem(
                        file: context.modelFile, line: line,
                        message: "event '\(event.name)' on \(event.date) lies outside the data.",
                        mend: "remove it, or correct its date."))
            }
            return Regressor(name: event.name, values: values)
        }
    }

    func holidays() -> [Regressor] {
        guard let country = read.specification.holidayCountry else { return [] }
        guard let days = HolidayCalendar.days(of: country) else {
            context.add(
                Problem(
                    file: context.modelFile, line: read.holidayLine, message: "there are no holidays for '\(country)'.",
                    mend: NearestKey.mend(for: country, among: HolidayCalendar.countries)))
            return []
        }
        let years = HolidayCalendar.years
        if periods.first.civil.year < years.lowerBound || periods.last.civil.year > years.upperBound {
            context.add(
                Problem(
                    file: context.modelFile, line: read.holidayLine,
                    message: "holidays are known for \(years.lowerBound) to \(years.upperBound), the data runs from "
                        + "\(periods.first) to \(periods.last).",
                    mend: "remove `holidays`, and give the days as events."))
            return []
        }
        return days.map { Regressor(name: $0.name, values: periods.shares(of: $0.dates)) }
            .filter { $0.values.contains { $0 != 0 } }
    }
}
