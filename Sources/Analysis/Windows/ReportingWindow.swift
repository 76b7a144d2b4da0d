import ModelDefinition

/// A year, quarter or month of the company, and the periods of the data that lie in it.
package struct ReportingWindow: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case year
        case quarter
        case month

        /// Windows of the kind that a year has.
        var countPerYear: Int {
            switch self {
            case .year: 1
            case .quarter: 4
            case .month: 12
            }
        }
    }

    package let kind: Kind
    /// `2024`, `2024-Q1`, `2024-01`; with years that are not the calendar's `FY2024`, `FY2024-Q1`, `FY2024-P01`, by the
    /// year in which they begin.
    package let name: String
    package let days: ClosedRange<CalendarDate>
    /// Periods with a day in the window.
    package let periods: Range<Int>
    /// By one of `periods`: the share of its days that lie in the window. Of a period in two windows each has its part.
    package let shares: [Double]
    /// Whether the data has every day of it.
    package let isComplete: Bool

    /// The windows of the data's first `count` periods: years, then quarters, then months, ascending.
    package static func all(
        _ calendar: ReportingCalendar, frequency: Frequency, dates: [CalendarDate], count: Int
    ) -> [ReportingWindow] {
        guard let first = dates.first, count > 0 else { return [] }
        let end = count < dates.count ? dates[count] : frequency.next(after: dates[count - 1])
        let years = FiscalYear.all(
            calendar, from: first, to: end.advanced(by: -1), weekday: first, frequency: frequency)
        return Kind.allCases.flatMap { kind in
            years.flatMap { $0.parts(kind) }.compactMap { part in
                ReportingWindow(
                    kind: kind, name: part.name, days: part.days, frequency: frequency, dates: dates, count: count,
                    known: first...end.advanced(by: -1))
            }
        }
    }

    /// Nil where the data has no day of it.
    private init?(
        kind: Kind, name: String, days: ClosedRange<CalendarDate>, frequency: Frequency, dates: [CalendarDate],
        count: Int, known: ClosedRange<CalendarDate>
    ) {
        let shares = frequency.shares(beginningOn: dates, of: days).prefix(count)
        guard let first = shares.firstIndex(where: { $0 > 0 }), let last = shares.lastIndex(where: { $0 > 0 })
        else { return nil }
        self.kind = kind
        self.name = name
        self.days = days
        periods = first..<last + 1
        self.shares = Array(shares[first...last])
        isComplete = known.lowerBound <= days.lowerBound && days.upperBound <= known.upperBound
    }

    /// The window of its kind that is a year earlier; nil where the data does not have every day of both.
    package func yearBefore(among windows: [ReportingWindow]) -> Int? {
        guard isComplete, let own = windows.firstIndex(of: self) else { return nil }
        let earlier = own - kind.countPerYear
        guard windows.indices.contains(earlier), windows[earlier].kind == kind, windows[earlier].isComplete else {
            return nil
        }
        return earlier
    }
}
