import Kernels
import ModelDefinition

/// What slips do to files and to the calendar.
extension SlipWorld {
    /// The source of the shipped model and more of them.
    private mutating func addSource(_ source: String) {
        let own = "{file: \(Self.dataFile)}"
        model = model.replacing(own, with: "\(own), \(source)")
    }

    private mutating func take(_ column: String) -> [String] {
        guard let index = columns.firstIndex(of: column) else { preconditionFailure("there is no column \(column)") }
        columns.remove(at: index)
        let values = records.map { $0[index] }
        for record in records.indices { records[record].remove(at: index) }
        return values
    }

    private var geoPrefix: String { read.stated.geoColumn.map { "\($0)," } ?? "" }

    private func place(_ record: Int) -> String { read.stated.geoColumn == nil ? "" : "\(geoName(record))," }

    /// A column as records of single days, which begin so many days late or end so many days early.
    mutating func makeTransactions(of column: String, late: Int, early: Int) {
        let (dates, taken) = (dates, take(column))
        let first = (dates.min() ?? CalendarDate(dayNumber: 0)).advanced(by: late)
        let last = (dates.max() ?? CalendarDate(dayNumber: 0)).advanced(by: 6 - early)
        var text = "day,\(geoPrefix)amount\n"
        for (record, value) in taken.enumerated() {
            let part = (Double(value) ?? 0) / 7
            for day in 0..<7 where (first...last).contains(dates[record].advanced(by: day)) {
                text += "\(dates[record].advanced(by: day)),\(place(record))\(part)\n"
            }
        }
        others["transactions.csv"] = text
        addSource("{file: transactions.csv, aggregate: {date: day, columns: {\(column): {sum: amount}}}}")
    }

    /// The KPI in a file of its own that begins so many weeks late, which leaves media history before it, without one of
    /// the weeks of that.
    mutating func makeHistory(weeks: Int, _ stream: inout RandomStream) {
        let (dates, taken) = (dates, take(kpi))
        let starts = Set(dates).sorted()
        others["sales.csv"] =
            "\(read.stated.dateColumn),\(geoPrefix)\(kpi)\n"
            + taken.indices.filter { dates[$0] >= starts[weeks] }
            .map { "\(dates[$0]),\(place($0))\(taken[$0])\n" }.joined()
        addSource("{file: sales.csv}")
        let hole = starts[1 + stream.whole(weeks - 1)]
        records = records.indices.filter { dates[$0] != hole }.map { records[$0] }
    }

    mutating func removeWeek(_ stream: inout RandomStream) {
        let dates = dates
        let starts = Set(dates).sorted()
        let hole = starts[1 + stream.whole(starts.count - 2)]
        records = records.indices.filter { dates[$0] != hole }.map { records[$0] }
    }

    /// Weeks after the data whose media are planned, and whose KPI is not known.
    mutating func addPlan(weeks: Int) {
        guard let date = columns.firstIndex(of: read.stated.dateColumn), let sales = columns.firstIndex(of: kpi) else {
            return
        }
        let dates = dates
        let added = geos.flatMap { geo in
            geo.suffix(weeks).map { record in
                var planned = records[record]
                planned[date] = "\(dates[record].advanced(by: 7 * weeks))"
                planned[sales] = ""
                return planned
            }
        }
        records += added
    }

    /// One of the spellings that people take for the same, in some records of one geo.
    mutating func misspellGeo(_ stream: inout RandomStream) -> Bool {
        guard let column = read.stated.geoColumn.flatMap(columns.firstIndex) else { return false }
        let geo = stream.pick(geos)
        let name = records[geo[0]][column]
        let other = stream.pick([
            name.uppercased(), name.prefix(1).uppercased() + name.dropFirst(), name + "\u{200B}",
        ])
        for record in geo.shuffled(&stream).prefix(1 + stream.whole(geo.count / 2)) { records[record][column] = other }
        return true
    }

    /// A record for each channel, with the KPI once more in each.
    mutating func makeLong() {
        let names = read.specification.channels.map(\.name)
        guard names.count == spendColumns.count else { return }
        let spend = spendColumns.map { numbers($0) }
        columns += ["channel", "amount"]
        records = records.enumerated().flatMap { index, record in
            names.indices.map { record + [names[$0], "\(spend[$0][index])"] }
        }
    }

    /// The same records by months from the beginning of 2011, written as their first or last days or working days; the
    /// world that is meant has their first days.
    mutating func makeMonths(_ stream: inout RandomStream) -> Bool {
        guard let date = columns.firstIndex(of: read.stated.dateColumn), model.contains("frequency: week") else {
            return false
        }
        model = model.replacing("frequency: week", with: "frequency: month")
        var firsts = self
        let day = stream.pick([MonthDay.last, .lastWorking, .firstWorking])
        for geo in geos {
            for (index, record) in geo.enumerated() {
                let (year, month) = (2011 + index / 12, index % 12 + 1)
                guard let first = CalendarDate(year: year, month: month, day: 1) else { return false }
                firsts.records[record][date] = "\(first)"
                records[record][date] = "\(day.date(inMonthFrom: first))"
            }
        }
        meant = [firsts]
        return true
    }
}

/// By which day a month is named.
private enum MonthDay {
    case last
    case lastWorking
    case firstWorking

    func date(inMonthFrom first: CalendarDate) -> CalendarDate {
        let civil = first.advanced(by: 31).civil
        let next = CalendarDate(year: civil.year, month: civil.month, day: 1) ?? first
        var date = self == .firstWorking ? first : next.advanced(by: -1)
        // The Monday of a weekend's week lies five days or six before it.
        while self != .last, date.dayNumber - date.monday.dayNumber > 4 {
            date = date.advanced(by: self == .firstWorking ? 1 : -1)
        }
        return date
    }
}

extension Array {
    /// In an order drawn from a stream.
    fileprivate func shuffled(_ stream: inout RandomStream) -> [Element] {
        var result = self
        for index in result.indices.dropFirst() { result.swapAt(index, stream.whole(index + 1)) }
        return result
    }
}
