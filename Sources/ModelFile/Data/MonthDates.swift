import ModelDefinition

extension Frequency {
    /// Days by which the last or the first working day of a month may lie within it.
    private static let marginDays = 3

    /// The first days of the periods that these dates name.
    ///
    /// Months may be named by their first or last day, or by the first or last working day: they are then those of the
    /// calendar. Where all dates are one day of the month, periods begin on that day.
    func periodStarts(_ dates: [CalendarDate]) -> [CalendarDate] {
        guard self == .month, let first = dates.first?.civil.day else { return dates }
        let days = dates.map { date in (day: date.civil.day, next: date.advanced(by: Self.marginDays + 1).civil) }
        let isOneDay = days.allSatisfy { $0.day == first } && first <= 28
        let isEnd = zip(dates, days).allSatisfy { $1.next.month != $0.civil.month }
        let isStart = days.allSatisfy { $0.day <= Self.marginDays + 1 }
        guard !isOneDay, isEnd || isStart else { return dates }
        return dates.map { $0.advanced(by: 1 - $0.civil.day) }
    }
}
