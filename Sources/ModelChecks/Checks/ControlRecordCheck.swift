import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Distance of a record from all others ÷ their range, from which on it is not of their kind: a slip of the decimal
    /// point, another unit, or a number that stands for "unknown", as -9999.
    private static let distanceMin = 10.0
    /// So many records at most are slips; more of them are how the column is.
    private static let oddRecordsMax = 3
    /// Different values among the others from which on they have a range: marks of events have two.
    private static let differentValuesMin = 5
    /// Largest value ÷ median of the values that are not 0: a slip of units (cents, thousands) is a factor of 100 to
    /// 1000, and real media stay well below it.
    private static let peakMax = 1000.0
    /// Values that a median needs to mean something.
    private static let peakValuesMin = 8

    /// Single records of controls and treatments that lie far outside of all others, or else far above the usual value; the
    /// KPI and media have limits of their own.
    var oddControlRecords: [Problem] {
        columns.filter(\.isLinear).compactMap { column in
            oddRecords(of: column)
                ?? peak(column.values).map {
                    problem(
                        column, "\(column.words) \($0.english)",
                        mend: "check the units of that record against the others.",
                        french: "\(code: $0.french) Comparez l’unité de cet enregistrement à celle des autres.")
                }
        }
    }

    private func oddRecords(of column: CheckedColumn) -> Problem? {
        let order = column.values.indices.sorted { column.values[$0] < column.values[$1] }
        guard let (odd, others) = Self.parted(order.map { column.values[$0] }) else { return nil }
        let places = order[odd].map { "\(Self.words(column.values[$0])) \(words(cell: $0))" }
        let frenchPlaces = order[odd].map { cell -> FrenchText in
            "\(Self.words(column.values[cell])) \(frenchWords(cell: cell))"
        }
        return problem(
            column,
            "\(column.words) is \(Self.elided(places)), and from \(Self.words(others.lowerBound)) to "
                + "\(Self.words(others.upperBound)) otherwise.",
            mend: "correct that record; where the value is not known, fill it in from the records around it.",
            french: """
                vaut \(Self.elided(frenchPlaces)), loin de toutes les autres valeurs, qui vont de \(Self.words(others.lowerBound)) à \
                \(Self.words(others.upperBound)). Corrigez cet enregistrement ; si la valeur n’est pas connue, \
                reprenez celle des enregistrements voisins.
                """
        )
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
                guard gap > distanceMin * (range.upperBound - range.lowerBound) else { continue }
                if Set(values[others]).count >= differentValuesMin { return (odd, range) }
            }
        }
        return nil
    }

    /// Where a column rises far above itself, in words.
    private func peak(_ values: [Double]) -> Sentence? {
        for geo in 0..<data.geoCount {
            let active = data.cells(of: geo).filter { values[$0] != 0 && !values[$0].isNaN }
            guard active.count >= Self.peakValuesMin,
                let largest = active.max(by: { abs(values[$0]) < abs(values[$1]) })
            else { continue }
            let median = active.map { abs(values[$0]) }.sorted()[active.count / 2]
            if abs(values[largest]) > Self.peakMax * median {
                let (value, times) = (Self.words(values[largest]), Self.words(abs(values[largest]) / median))
                return Sentence(
                    "is \(value) \(words(cell: largest)), \(times) times its usual value.",
                    french: "vaut \(value) \(frenchWords(cell: largest)), soit \(times) fois sa valeur usuelle.")
            }
        }
        return nil
    }
}
