import Kernels
import Wording

/// Values in ascending order, for figures that a few wild ones do not move.
struct SortedValues {
    /// Median absolute deviation of a normal distribution, times this, is its standard deviation.
    private static let normalScale = 1.4826

    let values: [Double]

    init(_ values: [Double]) { self.values = values.sorted() }

    /// The upper median; 0 of no values.
    var median: Double { values.isEmpty ? 0 : values[values.count / 2] }

    /// The value below which this share of the values lies; 0 of no values.
    func quantile(_ share: Double) -> Double {
        values.isEmpty ? 0 : values[min(values.count - 1, Int(share * Double(values.count)))]
    }

    /// The standard deviation, as the middle half of the values has it.
    var robustDeviation: Double {
        let middle = median
        return Self.normalScale * SortedValues(values.map { abs($0 - middle) }).median
    }
}

extension DataChecks {
    /// Names or places of which a message says at most this many one by one.
    private static let namedMax = 4

    /// `a, b and 7 more`.
    static func elided(_ parts: [String]) -> String {
        guard parts.count > namedMax else { return parts.joined(separator: ", ") }
        return parts.prefix(namedMax - 1).joined(separator: ", ") + " and \(parts.count - namedMax + 1) more"
    }

    /// The same of French parts.
    static func elided(_ parts: [FrenchText]) -> FrenchText {
        let texts = parts.map(\.text)
        guard texts.count > namedMax else { return "\(code: texts.joined(separator: ", "))" }
        return "\(code: texts.prefix(namedMax - 1).joined(separator: ", ")) et \(texts.count - namedMax + 1) autres"
    }

    /// `« nord », « sud »`.
    func frenchNames(geos: [Int]) -> FrenchText {
        Self.elided(geos.map { geo -> FrenchText in "« \(code: data.geos[geo]) »" })
    }

    /// ` de « nord », « sud »`, or nothing for a single series.
    func frenchWords(geos: [Int]) -> FrenchText { data.geos.isEmpty ? "" : " de \(frenchNames(geos: geos))" }

    /// ` of 'north', 'south'`, or nothing for a single series.
    func words(geos: [Int]) -> String {
        data.geos.isEmpty ? "" : " of " + Self.elided(geos.map { "'\(data.geos[$0])'" })
    }

    /// Every column of media: what drives the responses, and spend where that is another.
    var mediaColumns: [CheckedColumn] {
        let exposures = columns.filter { !$0.isLinear }
        let spend = exposures.compactMap { column -> CheckedColumn? in
            guard case .channel(let index) = column.kind, let name = read.channels[index].spend,
                name != column.column
            else { return nil }
            var other = column
            other.column = name
            other.values = data.spend[index]
            return other
        }
        return exposures + spend
    }
}
