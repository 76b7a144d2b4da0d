import ModelDefinition

/// What new data have that the accepted fit's had not: more periods, and values that are other ones than they were.
package struct DataChange: Sendable, Hashable {
    /// A value that was restated.
    package struct Restatement: Sendable, Hashable {
        package var date: CalendarDate
        /// Empty in a single series.
        package var geo: String
        /// As reports call it: the KPI, a channel's spend, exposure or frequency, a control.
        package var column: String
        package var old: Double
        package var new: Double
    }

    /// First days of periods that are new at the end.
    package let newDates: [CalendarDate]
    /// First days of periods that the accepted fit had and the new data have not.
    package let lostDates: [CalendarDate]
    /// By date, then geo, then column.
    package let restatements: [Restatement]
    /// The share of the KPI, in absolute value, of the periods that both have, by which it was restated.
    package let restatedKPIShare: Double
    /// The same of all media's spend.
    package let restatedSpendShare: Double

    package init(
        from old: Dataset, of oldSpecification: ModelSpecification, to new: Dataset,
        of specification: ModelSpecification
    ) {
        let oldPeriods = Self.places(old.dates)
        let oldGeos = Self.places(old.geos.isEmpty ? [""] : old.geos)
        let geos = new.geos.isEmpty ? [""] : new.geos
        newDates = new.dates.filter { oldPeriods[$0] == nil }
        let known = Set(new.dates)
        lostDates = old.dates.filter { !known.contains($0) }

        let oldColumns = Dictionary(
            Self.columns(old, oldSpecification).map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
        var restatements: [Restatement] = []
        var sums: [String: (change: Double, total: Double)] = [:]
        for column in Self.columns(new, specification) {
            guard let before = oldColumns[column.name] else { continue }
            for (geoPlace, geo) in geos.enumerated() {
                guard let oldGeo = oldGeos[geo] else { continue }
                for (place, date) in new.dates.enumerated() {
                    guard let oldPlace = oldPeriods[date] else { continue }
                    let value = column.values[geoPlace * new.periodCount + place]
                    let earlier = before[oldGeo * old.periodCount + oldPlace]
                    sums[column.kind, default: (0, 0)].total += earlier.isNaN ? 0 : abs(earlier)
                    guard value != earlier, !(value.isNaN && earlier.isNaN) else { continue }
                    sums[column.kind, default: (0, 0)].change +=
                        abs((value.isNaN ? 0 : value) - (earlier.isNaN ? 0 : earlier))
                    restatements.append(
                        Restatement(date: date, geo: geo, column: column.name, old: earlier, new: value))
                }
            }
        }
        self.restatements = restatements.sorted {
            ($0.date.dayNumber, $0.geo, $0.column) < ($1.date.dayNumber, $1.geo, $1.column)
        }
        func share(_ kind: String) -> Double {
            guard let sum = sums[kind], sum.change > 0 else { return 0 }
            return sum.total > 0 ? sum.change / sum.total : 1
        }
        restatedKPIShare = share("KPI")
        restatedSpendShare = share("spend")
    }

    /// Whether anything is other than it was.
    package var isEmpty: Bool { newDates.isEmpty && lostDates.isEmpty && restatements.isEmpty }

    private static func places<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
        Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func columns(
        _ data: Dataset, _ specification: ModelSpecification
    ) -> [(kind: String, name: String, values: [Double])] {
        var columns = [("KPI", "the KPI", data.actualKPI), ("price", "revenue per KPI", data.revenuePerKPI)]
        if !data.margins.isEmpty { columns.append(("margin", "margin", data.margins)) }
        for (index, channel) in specification.channels.enumerated() {
            columns.append(("spend", "spend of \(channel.name)", data.spend[index]))
            if data.exposure[index] != data.spend[index] {
                columns.append(("exposure", "exposure of \(channel.name)", data.exposure[index]))
            }
            if !data.contactFrequency[index].isEmpty {
                columns.append(("frequency", "frequency of \(channel.name)", data.contactFrequency[index]))
            }
        }
        columns += data.controls.map { ("control", $0.name, $0.values) }
        columns += data.treatments.map { ("treatment", $0.name, $0.values) }
        return columns
    }
}
