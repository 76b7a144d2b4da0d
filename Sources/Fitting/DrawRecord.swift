import Posterior
import Sampling

/// The bytes of one kept draw: the position in the sampler's coordinates, eight statistics and, of a divergence whose
/// place is kept, that place, all as little-endian bit patterns of doubles. A task's result is its records one after
/// another.
package struct DrawRecord: Sendable, Hashable {
    package var position: [Double]
    package var statistics: SampleStatistics
    /// Where the diverging step began, in the sampler's coordinates; nil where there was none, or it was not kept.
    package var divergence: [Double]?

    private static let statisticsCount = 8
    /// Which of the statistics says 0 without a divergence, 1 with one, and 2 with one whose place follows.
    private static let divergenceIndex = 6

    /// Of a record without the place of a divergence.
    package static func byteCount(dimension: Int) -> Int {
        (dimension + statisticsCount) * 8
    }

    static func append(
        position: [Double], statistics: TransitionStatistics, divergence: [Double]?, to bytes: inout [UInt8]
    ) {
        for coordinate in position { LittleEndianWords.append(coordinate.bitPattern, to: &bytes) }
        let divergences: Double = statistics.diverging ? divergence == nil ? 1 : 2 : 0
        let values: [Double] = [
            statistics.logDensity, statistics.acceptanceRate, statistics.stepSize, statistics.energy,
            Double(statistics.treeDepth), Double(statistics.leapfrogs), divergences,
            statistics.termination == .maximumDepth ? 1 : 0,
        ]
        for value in values { LittleEndianWords.append(value.bitPattern, to: &bytes) }
        for coordinate in divergence ?? [] { LittleEndianWords.append(coordinate.bitPattern, to: &bytes) }
    }

    /// Where in `bytes` each record lies; nil when they are not whole records.
    package static func ranges(in bytes: [UInt8], dimension: Int) -> [Range<Int>]? {
        let length = byteCount(dimension: dimension)
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            guard start + length <= bytes.count else { return nil }
            let word = LittleEndianWords.word(of: bytes, at: start + (dimension + divergenceIndex) * 8)
            let end = start + length + (Double(bitPattern: word) == 2 ? dimension * 8 : 0)
            guard end <= bytes.count else { return nil }
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }

    /// Nil when `bytes` are not `count` whole records of numbers: whoever sent them may be broken.
    package static func decode(_ bytes: [UInt8], dimension: Int, count: Int) -> [DrawRecord]? {
        guard let ranges = ranges(in: bytes, dimension: dimension), ranges.count == count else { return nil }
        let records = ranges.compactMap { range -> DrawRecord? in
            let values = (0..<range.count / 8).map { index in
                Double(bitPattern: LittleEndianWords.word(of: bytes, at: range.lowerBound + index * 8))
            }
            let statistics = values[dimension...]
            let first = statistics.startIndex
            guard values.allSatisfy(\.isFinite), let treeDepth = Int(exactly: statistics[first + 4]),
                let leapfrogs = Int(exactly: statistics[first + 5])
            else { return nil }
            return DrawRecord(
                position: Array(values[..<dimension]),
                statistics: SampleStatistics(
                    logDensity: statistics[first], acceptanceRate: statistics[first + 1],
                    stepSize: statistics[first + 2], energy: statistics[first + 3],
                    treeDepth: treeDepth, leapfrogs: leapfrogs,
                    diverging: statistics[first + divergenceIndex] != 0,
                    reachedMaximumDepth: statistics[first + 7] != 0),
                divergence: statistics.count > statisticsCount ? Array(statistics[(first + statisticsCount)...]) : nil)
        }
        return records.count == count ? records : nil
    }
}
