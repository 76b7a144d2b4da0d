import ModelDefinition
import ModelFile

extension DataChecks {
    /// Distance of a record from all others ÷ their range, from which on it is not of their kind: a slip of the decimal
    /// point, another unit, or a number that stands for "unknown", as -9999.
    private static let distanceMin = 10.0
    /// So many records at most are slips; more of them are how the column is.
    private static let oddRecordsMax = 3
    /// Different values among the others from which on they have a range: marks of events have two.
    private static let differentValuesMin = 5

    /// Single records of controls and treatments that lie far outside of all others.
    var oddControlRecords: [Problem] { columns.filter(\.isLinear).compactMap(oddRecords) }

    func oddRecords(of column: CheckedColumn) -> Problem? {
        let order = column.values.indices.sorted { column.values[$0] < column.values[$1] }
        guard let (odd, others) = Self.parted(order.map { column.values[$0] }) else { return nil }
        let places = order[odd].map { "\(Self.words(column.values[$0])) \(words(cell: $0))" }
        return problem(
            column,
            "\(column.words) is \(Self.elided(places)), and from \(Self.words(others.lowerBound)) to "
                + "\(Self.words(others.upperBound)) otherwise.",
            mend: "correct that record; where the value is not known, fill it in from the records around it.")
    }

    /// The few first or last of ascending values that lie far from all others, and the range of those.
    private static func parted(_ values: [Double]) -> (odd: Range<Int>, others: ClosedRange<Double>)? {
        let count = values.count
        guard count > 2 * oddRecordsMax else { return nil }
        for size in (1...oddRecordsMax).reversed() {
            let parts = [(odd: 0..<size, others: size..<count), (odd: count - size..<count, others: 0..<count - size)]
            for (odd, others) in parts {
                let range = values[others.lowerBound]...values[others.upperBound - 1]
                let gap = max(range.lowerBound - values[odd.upperBound - 1], values[odd.lowerBound] - range.upperBound)
                let isWide = Set(values[others]).count >= differentValuesMin
                if isWide, gap > distanceMin * (range.upperBound - range.lowerBound) { return (odd, range) }
            }
        }
        return nil
    }
}
