import Kernels
import ModelDefinition

/// What slips do to the model file, with the columns that it names.
extension SlipWorld {
    mutating func append(_ line: String) { model += "\n\(line)\n" }

    /// Adds keys beside the KPI's column.
    mutating func addToKPI(_ keys: String) {
        let column = "column: \(kpi)"
        guard let place = model.firstRange(of: column) else { preconditionFailure("the model names its KPI's column") }
        let isBlock = model[place.upperBound...].first == "\n"
        model.replaceSubrange(
            place, with: isBlock ? "\(column)\n  \(keys.replacing(", ", with: "\n  "))" : "\(column), \(keys)")
    }

    /// Adds keys beside the first channel's spend, which all shipped models write in one line.
    mutating func addToFirstChannel(_ keys: String) {
        let spend = "spend: \(spendColumns[0])"
        guard let place = model.firstRange(of: spend) else {
            preconditionFailure("the model names its channels' spend")
        }
        model.replaceSubrange(place, with: "\(spend), \(keys)")
    }

    mutating func takeMissingAsZero() {
        let isBlock = model.contains("\n  frequency: week")
        model = model.replacing("frequency: week", with: "missing: zero\(isBlock ? "\n  " : ", ")frequency: week")
    }

    /// Adds a column to the data, and to the controls of the model.
    mutating func addControl(_ name: String, _ values: [Double]) {
        if !columns.contains(name) { add(name, values.map { "\($0)" }) }
        guard let place = model.firstRange(of: "controls: [") else {
            append("controls: [\(name)]")
            return
        }
        model.replaceSubrange(place, with: "controls: [\(name), ")
    }

    /// A price of a unit of the KPI, with a fault.
    mutating func addPrice(_ stream: inout RandomStream, fault: (inout SlipWorld, Int) -> Void) {
        add("price", records.map { _ in "\(9 + 2 * stream.uniform())" })
        let keys = "kind: units, revenue_per_kpi: price"
        addToKPI(keys)
        fault(&self, stream.whole(records.count))
    }

    /// Reach and frequency in place of the first channel's exposure.
    mutating func addReach(_ stream: inout RandomStream, fault: (inout [String], inout [String], Int) -> Void) {
        let spend = numbers(spendColumns[0])
        let scale = 1e5 / (spend.max() ?? 1)
        var reach = spend.map { "\(($0 * scale).rounded(.up))" }
        var frequency = spend.map { $0 > 0 ? "\(1 + 3 * stream.uniform())" : "0" }
        fault(&reach, &frequency, stream.pick(spend.indices.filter { spend[$0] > 0 }))
        add("reach", reach)
        add("contacts", frequency)
        addToFirstChannel("reach: reach, frequency: contacts")
    }

    /// Queries of which media make the larger part, with carry-over, beside noise.
    mutating func addQueries(_ stream: inout RandomStream) -> Bool {
        guard let brand = read.specification.channels.firstIndex(where: { $0.kind == .brand }) else { return false }
        let values = numbers(spendColumns[brand])
        var carried = values
        for geo in geos {
            for (before, record) in zip(geo, geo.dropFirst()) {
                carried[record] = 0.5 * values[record] + 0.5 * carried[before]
            }
        }
        let mean = carried.reduce(0, +) / Double(carried.count)
        let spread = (carried.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(carried.count)).squareRoot()
        addControl(
            "brand_queries", carried.map { (1000 + 100 * ($0 - mean) / spread + 50 * stream.normal()).rounded() })
        return true
    }

    // MARK: Lift tests

    /// A channel and four weeks in which it ran in all geos.
    struct TestPlace {
        var spendColumn: String
        var records: [Int]
        var days: ClosedRange<CalendarDate>
        var spend: Double
        var kpi: Double
    }

    func testPlace(_ stream: inout RandomStream) -> TestPlace? {
        let length = 4
        let dates = dates
        var places: [(column: String, start: Int)] = []
        for column in spendColumns {
            let spend = numbers(column)
            places += (0..<geos[0].count - length).filter { start in
                geos.allSatisfy { geo in geo[start..<start + length].allSatisfy { spend[$0] > 0 } }
            }.map { (column, $0) }
        }
        guard !places.isEmpty else { return nil }
        let (column, start) = stream.pick(places)
        let tested = geos.flatMap { $0[start..<start + length] }
        let (spend, sales) = (numbers(column), numbers(kpi))
        return TestPlace(
            spendColumn: column, records: tested,
            days: dates[geos[0][start]]...dates[geos[0][start + length - 1]].advanced(by: 6),
            spend: tested.reduce(0) { $0 + spend[$1] }, kpi: tested.reduce(0) { $0 + sales[$1] })
    }

    mutating func addTest(_ place: TestPlace, design: String, lift: Double, _ stream: inout RandomStream) {
        let use = hasReturns && stream.bit() ? "prior" : "likelihood"
        append(
            "experiments: [{name: test, channels: [\(channelName(ofSpend: place.spendColumn))], "
                + "start: \(place.days.lowerBound), end: \(place.days.upperBound), \(design), lift: \(lift), "
                + "se: \(abs(lift) * 0.1), use: \(use)}]")
    }
}
