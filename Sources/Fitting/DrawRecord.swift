import Posterior
import Sampling

/// The bytes of one kept draw: the position in the sampler's coordinates, then eight statistics, all as
/// little-endian bit patterns of doubles. A task's result is its records one after another.
package struct DrawRecord: Sendable, Hashable {
    package var position: [Double]
    package var statistics: SampleStatistics

    private static let statisticsCount = 8

    package static func byteCount(dimension: Int) -> Int {
        (dimension + statisticsCount) * 8
    }

    static func append(position: [Double], statistics: TransitionStatistics, to bytes: inout [UInt8]) {
        for coordinate in position { LittleEndianWords.append(coordinate.bitPattern, to: &bytes) }
        let values: [Double] = [
            statistics.logDensity, statistics.acceptanceRate, statistics.stepSize, statistics.energy,
            Double(statistics.treeDepth), Double(statistics.leapfrogs), statistics.diverging ? 1 : 0,
            statistics.termination == .maximumDepth ? 1 : 0,
        ]
        for value in values { LittleEndianWords.append(value.bitPattern, to: &bytes) }
    }

    /// Nil when `bytes` are not `count` whole records.
    package static func decode(_ bytes: [UInt8], dimension: Int, count: Int) -> [DrawRecord]? {
        let length = byteCount(dimension: dimension)
        guard bytes.count == count * length else { return nil }
        return (0..<count).map { record in
            let values = (0..<dimension + statisticsCount).map { index in
                Double(bitPattern: LittleEndianWords.word(of: bytes, at: record * length + index * 8))
            }
            let statistics = values[dimension...]
            let first = statistics.startIndex
            return DrawRecord(
                position: Array(values[..<dimension]),
                statistics: SampleStatistics(
                    logDensity: statistics[first], acceptanceRate: statistics[first + 1],
                    stepSize: statistics[first + 2], energy: statistics[first + 3],
                    treeDepth: Int(statistics[first + 4]), leapfrogs: Int(statistics[first + 5]),
                    diverging: statistics[first + 6] != 0, reachedMaximumDepth: statistics[first + 7] != 0))
        }
    }
}
