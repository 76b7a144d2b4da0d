/// What a task hands in of each draw, and so how the bytes of its draws lie.
package enum RecordLayout: Sendable, Hashable {
    /// A `DrawRecord` each: chains, whose draws many things are asked of.
    case draws(dimension: Int)
    /// A `QuantityRecord` each: resamples, whose draws were folded where they were made.
    case quantities(count: Int)

    /// Where in `bytes` each record lies; nil when they are not whole records.
    package func ranges(in bytes: [UInt8]) -> [Range<Int>]? {
        switch self {
        case .draws(let dimension): DrawRecord.ranges(in: bytes, dimension: dimension)
        case .quantities(let count): QuantityRecord.ranges(in: bytes, quantityCount: count)
        }
    }

    /// Where in `bytes` each record lies; nil when they are not whole records of finite numbers: whoever sent them may be
    /// broken.
    package func soundRanges(in bytes: [UInt8]) -> [Range<Int>]? {
        guard let ranges = ranges(in: bytes) else { return nil }
        let isSound =
            switch self {
            case .draws(let dimension):
                DrawRecord.decode(bytes, dimension: dimension, count: ranges.count) != nil
            case .quantities(let count):
                QuantityRecord.decode(bytes, quantityCount: count, drawCount: ranges.count) != nil
            }
        return isSound ? ranges : nil
    }
}
