import ModelDefinition

/// One year of the company's calendar.
struct FiscalYear {
    private let calendar: ReportingCalendar
    /// The calendar year in which it begins.
    private let number: Int
    private let first: CalendarDate
    /// The first day of the next.
    private let end: CalendarDate

    /// The years that hold a day from `first` to `last`.
    /// - Parameter weekday: a day on whose weekday weeks begin.
    static func all(
        _ calendar: ReportingCalendar, from first: CalendarDate, to last: CalendarDate, weekday: CalendarDate,
        frequency: Frequency
    ) -> [FiscalYear] {
        let monday = frequency == .week ? weekday : weekday.monday
        func beginning(_ year: Int) -> CalendarDate {
            let day = CalendarDate(dayNumber: 0).advanced(byMonths: (year - 1970) * 12 + calendar.firstMonth - 1)
            guard calendar.months.weeks != nil else { return day }
            // Of the days that begin a week the nearest: three days earlier at the most, three later.
            let offset = ((monday.dayNumber - day.dayNumber) % 7 + 7) % 7
            return day.advanced(by: offset <= 3 ? offset : offset - 7)
        }
        return (first.civil.year - 1...last.civil.year + 1).map { year in
            FiscalYear(calendar: calendar, number: year, first: beginning(year), end: beginning(year + 1))
        }.filter { $0.first <= last && $0.end > first }
    }

    /// Itself, its quarters or its months.
    func parts(_ kind: ReportingWindow.Kind) -> [(name: String, days: ClosedRange<CalendarDate>)] {
        let months = monthBeginnings + [end]
        let prefix = calendar.isCivil ? "\(number)" : "FY\(number)"
        func part(_ name: String, _ from: Int, _ to: Int) -> (name: String, days: ClosedRange<CalendarDate>) {
            (name, months[from]...months[to].advanced(by: -1))
        }
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch kind {
        case .year: return [part(prefix, 0, 12)]
        case .quarter: return (0..<4).map { part("\(prefix)-Q\($0 + 1)", 3 * $0, 3 * $0 + 3) }
        case .month:
            return (0..<12).map {
                part("\(prefix)-\(calendar.isCivil ? "" : "P")\(twoDigits($0 + 1))", $0, $0 + 1)
            }
        }
    }

    private var monthBeginnings: [CalendarDate] {
        guard let weeks = calendar.months.weeks else { return (0..<12).map { first.advanced(byMonths: $0) } }
        var weeksBefore = 0
        return (0..<12).map { month in
            defer { weeksBefore += weeks[month % 3] }
            return first.advanced(by: 7 * weeksBefore)
        }
    }
}
