import ModelDefinition

/// The order in which the periods of one geo lie in memory; geos follow each other.
///
/// With few channels, lanes that no channel needs work on other stretches of the series: the T periods are cut into
/// `segments` stretches of `rows` periods, and row i holds period i of every stretch. Rows past the end are padding, and
/// the number of values is a multiple of eight. Where eight channels fill the lanes there is one stretch, and the order
/// is that of time.
struct PeriodOrder: Sendable, Hashable {
    let periods: Int
    /// 1, 2, 4 or 8.
    let segments: Int
    let rows: Int

    /// - Parameter channels: the largest number of channels that share a vector, at most eight.
    init(periods: Int, channels: Int) {
        self.periods = periods
        segments = channels > 4 ? 1 : (channels > 2 ? 2 : (channels > 1 ? 4 : 8))
        let unit = 8 / segments
        let rows = (periods + segments - 1) / segments
        self.rows = (rows + unit - 1) / unit * unit
    }

    /// Number of values, padding counted.
    var count: Int { rows * segments }

    /// Number of vectors of eight consecutive values.
    var vectorCount: Int { count / 8 }

    /// The vectors of a geo's cells among those of the panel, or of all `cellCount` cells where it is nil.
    func vectors(ofGeo geo: Int?, cellCount: Int) -> Range<Int> {
        let start = (geo ?? 0) * vectorCount
        return start..<start + cellCount / periods * vectorCount
    }

    /// Where period `period` lies.
    func index(of period: Int) -> Int {
        period % rows * segments + period / rows
    }

    /// One value a period, in this order, with zeros as padding.
    func arranged(_ values: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (period, value) in values.enumerated() { result[index(of: period)] = value }
        return result
    }

    /// The same in vectors of eight, for one series of periods after another.
    func vectors(_ values: [Double]) -> [SIMD8<Double>] {
        stride(from: 0, to: values.count, by: periods).flatMap { start in
            let arranged = arranged(Array(values[start..<start + periods]))
            return (0..<vectorCount).map { vector in
                SIMD8(arranged[8 * vector..<8 * vector + 8])
            }
        }
    }
}
