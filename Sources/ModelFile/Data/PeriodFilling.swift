import ModelDefinition

/// Which periods the records of a transaction file fill: of days before the first and after the last, nothing is known.
struct PeriodFilling {
    /// Share of the periods of the records that have a gap of some length from which one as long at either end says nothing:
    /// where nothing is sold on Sundays, the records of a whole week end on Saturday.
    private static let usualShare = 0.25

    /// Indices of periods that the records fill in part, and of those that lie outside them.
    let partial: [Int]
    let outside: [Int]

    /// - Parameters:
    ///   - days: those with records, ascending, at least one.
    ///   - starts: first days of the periods, ascending.
    ///   - end: the day after the last period.
    init(days: [Int], starts: [CalendarDate], end: CalendarDate) {
        let (first, last) = (days[0], days[days.count - 1])
        let ends = starts.dropFirst().map(\.dayNumber) + [end.dayNumber]
        let periods = zip(starts.map(\.dayNumber), ends)
        let covered = periods.count { $0 <= last && $1 > first }
        func isUsual(_ length: Int) -> Bool {
            let gaps = zip(days, days.dropFirst()).count { $1 - $0 - 1 >= length }
            return Double(gaps) >= Self.usualShare * Double(covered)
        }
        var partial: [Int] = []
        var outside: [Int] = []
        for (index, (start, next)) in periods.enumerated() {
            if next <= first || start > last {
                outside.append(index)
            } else if start < first && !isUsual(first - start) || next > last + 1 && !isUsual(next - last - 1) {
                partial.append(index)
            }
        }
        self.partial = partial
        self.outside = outside
    }
}
