import ModelDefinition

extension CSVTable {
    /// The records of a transaction file as a table of the model's periods.
    ///
    /// Periods without records have 0 where the rule counts or adds up, and no value otherwise.
    ///
    /// - Parameters:
    ///   - calendar: first days of the periods, ascending, and the day after the last.
    ///   - unknown: periods of which the columns `blank` have no value, whatever the rule.
    ///   - outside: set to the number of records that lie in no period.
    init(
        _ daily: DailyAggregate, _ aggregation: Aggregation, file: String, dateColumn: String, geoColumn: String?,
        calendar: (starts: [CalendarDate], end: CalendarDate), unknown: Set<Int>, blank: Set<String>,
        outside: inout Int
    ) {
        var cells: [String: [DailyAggregate.Entry?]] = [:]
        outside = 0
        for (key, entry) in daily.entries.sorted(by: { ($0.key.geo, $0.key.day) < ($1.key.geo, $1.key.day) }) {
            let after = Self.firstIndex(after: key.day, in: calendar.starts)
            guard after > 0, key.day < calendar.end.dayNumber else {
                outside += entry.records
                continue
            }
            let blank = [DailyAggregate.Entry?](repeating: nil, count: calendar.starts.count)
            var periods = cells[key.geo] ?? blank
            periods[after - 1] = periods[after - 1].map { Self.join($0, entry, aggregation) } ?? entry
            cells[key.geo] = periods
        }
        let geos = Set(daily.entries.keys.map(\.geo)).sorted()
        let none = [DailyAggregate.Entry?](repeating: nil, count: calendar.starts.count)
        let records = geos.flatMap { geo in
            zip(calendar.starts, cells[geo] ?? none).enumerated().map { period, pair -> [String] in
                let (date, entry) = pair
                let values = aggregation.columns.enumerated().map { index, column in
                    unknown.contains(period) && blank.contains(column.name)
                        ? "" : Self.value(entry, index, column.rule)
                }
                return [date.description] + (geoColumn == nil ? [] : [geo]) + values
            }
        }
        self.init(
            file: file,
            columns: [dateColumn] + (geoColumn.map { [$0] } ?? []) + aggregation.columns.map(\.name), records: records,
            lines: records.map { _ in 1 })
    }

    /// The first of ascending dates that lies after a day, or their count.
    private static func firstIndex(after day: Int, in dates: [CalendarDate]) -> Int {
        var (low, high) = (0, dates.count)
        while low < high {
            let middle = (low + high) / 2
            if dates[middle].dayNumber > day { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func join(
        _ first: DailyAggregate.Entry, _ second: DailyAggregate.Entry, _ aggregation: Aggregation
    ) -> DailyAggregate.Entry {
        var result = first
        result.records += second.records
        for (index, column) in aggregation.columns.enumerated() where second.counts[index] > 0 {
            let isFirst = first.counts[index] == 0
            switch column.rule {
            case .count, .sum, .mean: result.values[index] += second.values[index]
            case .min:
                result.values[index] = isFirst ? second.values[index] : min(first.values[index], second.values[index])
            case .max:
                result.values[index] = isFirst ? second.values[index] : max(first.values[index], second.values[index])
            }
            result.counts[index] += second.counts[index]
        }
        return result
    }

    private static func value(_ entry: DailyAggregate.Entry?, _ index: Int, _ rule: Aggregation.Rule) -> String {
        guard let entry, entry.counts[index] > 0 else { return rule.isZeroWithoutRecords ? "0" : "" }
        return rule == .mean ? "\(entry.values[index] / Double(entry.counts[index]))" : "\(entry.values[index])"
    }
}

extension Frequency {
    /// The periods that cover these days: weeks from Monday, months from their first day.
    func calendar(from first: CalendarDate, to last: CalendarDate) -> [CalendarDate] {
        var start = first
        switch self {
        case .day: break
        case .week: start = first.monday
        case .month:
            let (year, month, _) = first.civil
            start = CalendarDate(year: year, month: month, day: 1) ?? first
        }
        var starts: [CalendarDate] = []
        while start <= last {
            starts.append(start)
            start = next(after: start)
        }
        return starts
    }
}
