import ModelDefinition

/// The days of every period.
struct CalendarPeriods {
    private let starts: [CalendarDate]
    private let end: CalendarDate

    init(frequency: Frequency, dates: [CalendarDate]) {
        starts = dates
        end = frequency.next(after: dates[dates.count - 1])
    }

    var first: CalendarDate { starts[0] }
    /// The last day of the last period.
    var last: CalendarDate { end.advanced(by: -1) }

    /// For every period, how many of `days` fall into it ÷ its number of days.
    func shares(of days: [CalendarDate]) -> [Double] {
        starts.indices.map { period in
            let start = starts[period]
            let next = period + 1 < starts.count ? starts[period + 1] : end
            let count = days.count { $0 >= start && $0 < next }
            return Double(count) / Double(next.dayNumber - start.dayNumber)
        }
    }
}
