import Kernels
import ModelDefinition

/// What slips do to the numbers of columns.
extension SlipWorld {
    mutating func change(_ column: String, at record: Int, by factor: Double) {
        var values = numbers(column)
        values[record] *= factor
        set(column, values)
    }

    mutating func scale(_ column: String, by factor: Double) { set(column, numbers(column).map { factor * $0 }) }

    /// Another unit from a date on, which leaves 15 % of the records on either side.
    mutating func changeUnit(_ column: String, by factor: Double, _ stream: inout RandomStream) {
        var values = numbers(column)
        let share = 0.15 + 0.7 * stream.uniform()
        for geo in geos {
            for record in geo.dropFirst(Int(share * Double(geo.count))) { values[record] *= factor }
        }
        set(column, values)
    }

    /// Another unit in one of the weeks in which a column is no less than a quarter of what is usual when it is not 0: a
    /// multiple of almost nothing is nothing unusual.
    mutating func changeWeek(_ column: String, by factor: Double, _ stream: inout RandomStream) {
        let values = numbers(column)
        let active = values.filter { $0 > 0 }.sorted()
        change(
            column, at: stream.pick(values.indices.filter { 4 * values[$0] > active[active.count / 2] }), by: factor)
    }

    /// A total up to the date, since the beginning or since that of the year.
    mutating func accumulate(_ column: String, _ stream: inout RandomStream) {
        var values = numbers(column)
        let (dates, isYearly) = (dates, stream.bit())
        for geo in geos {
            for (before, record) in zip(geo, geo.dropFirst())
            where !isYearly || dates[before].civil.year == dates[record].civil.year {
                values[record] += values[before]
            }
        }
        set(column, values)
    }

    /// Means over a window that ends so many records before; of fewer at the ends.
    func means(_ column: String, window: Int, lag: Int) -> [Double] {
        let values = numbers(column)
        var means = values
        for geo in geos {
            for (index, record) in geo.enumerated() {
                let last = min(geo.count - 1, max(0, index - lag))
                let near = geo[max(0, last - window + 1)...last]
                means[record] = near.reduce(0) { $0 + values[$1] } / Double(near.count)
            }
        }
        return means
    }

    /// The usual change from one week to the next, of the week's value.
    func weeklyChange(_ column: String) -> Double {
        let values = numbers(column)
        let changes = geos.flatMap { geo in zip(geo, geo.dropFirst()).map { abs(values[$1] / values[$0] - 1) } }
            .sorted()
        return changes[changes.count / 2]
    }

    /// The sum of a month in each of its weeks, or an even part of it.
    mutating func repeatMonths(_ column: String, divided: Bool) {
        let values = numbers(column)
        var repeated = values
        let dates = dates
        for geo in geos {
            let months = Dictionary(grouping: geo) { record in
                let civil = dates[record].civil
                return 12 * civil.year + civil.month
            }
            for records in months.values {
                let sum = records.reduce(0) { $0 + values[$1] }
                for record in records { repeated[record] = divided ? sum / Double(records.count) : sum }
            }
        }
        set(column, repeated)
    }

    /// Little amounts in the weeks in which a channel did not run; of channels that ran in less than half of the weeks, in
    /// models whose scale is that of the usual active week.
    mutating func addResidue(_ stream: inout RandomStream) -> Bool {
        guard read.specification.preset != .pymcMarketing, geos.count == 1 else { return false }
        let pulsed = mediaColumns.filter { column in 2 * numbers(column).count { $0 > 0 } < records.count }
        guard !pulsed.isEmpty else { return false }
        let column = stream.pick(pulsed)
        let values = numbers(column)
        let active = values.filter { $0 > 0 }.sorted()
        let residue = active[active.count / 2] * 0.002
        set(column, values.map { $0 > 0 ? $0 : residue * (0.5 + stream.uniform()) })
        return true
    }

    /// A further geo, of all others joined.
    ///
    /// - Parameter joining: what the numbers of all others come to.
    mutating func addGeo(_ name: String, joining: ([Double]) -> Double) -> Bool {
        guard geos.count > 1, let geoColumn = read.stated.geoColumn.flatMap(columns.firstIndex) else { return false }
        let summed = [kpi] + spendColumns
        let sums = summed.map { column in
            let values = numbers(column)
            return geos[0].indices.map { index in joining(geos.map { values[$0[index]] }) }
        }
        let places = summed.compactMap(columns.firstIndex)
        for (index, first) in geos[0].enumerated() {
            var record = records[first]
            record[geoColumn] = name
            for (place, sum) in zip(places, sums) { record[place] = "\(sum[index])" }
            records.append(record)
        }
        return true
    }

    /// A run of records of one geo: at the beginning, at the end, or between.
    func run(of count: Int, _ stream: inout RandomStream) -> ArraySlice<Int> {
        let geo = stream.pick(geos)
        let start = stream.pick([0, geo.count - count, 1 + stream.whole(geo.count - count - 1)])
        return geo[start..<start + count]
    }

    /// Whole numbers of which those of a thousand and more have a mark of thousands, that is a decimal point, and whose
    /// usual size is somewhere from 500 to 20,000.
    mutating func writeThousandsWithDots(_ column: String, _ stream: inout RandomStream) -> Bool {
        let values = numbers(column)
        let active = values.filter { $0 > 0 }.sorted()
        guard !active.isEmpty else { return false }
        let usual = 500 * Elementary.exp(Elementary.log(40) * stream.uniform())
        let whole = values.map { Int(($0 * usual / active[active.count / 2]).rounded()) }
        guard whole.contains(where: { $0 >= 1000 }), whole.contains(where: { (1..<1000).contains($0) }),
            whole.allSatisfy({ $0 < 1_000_000 })
        else { return false }
        for (record, value) in whole.enumerated() {
            let rest = "\(value % 1000)"
            let zeros = String(repeating: "0", count: 3 - rest.count)
            write(value < 1000 ? "\(value)" : "\(value / 1000).\(zeros)\(rest)", in: column, at: record)
        }
        return true
    }
}
