/// Values at some ranks of the ascending order of many, found without sorting them all: the values fall into buckets of
/// equal width, and only buckets that hold a rank that is asked for are sorted (as in Tibshirani 2008, "Fast computation of
/// the median by successive binning").
///
/// What comes out does not depend on how it is found, since equal numbers have one rank after the other.
struct OrderStatistics {
    private let ranks: [Int]
    /// By rank that is asked for.
    private let values: [Double]

    /// Fewer values than that are sorted.
    private static let sortedCountMax = 128
    /// Values of a bucket if all hold as many.
    private static let bucketLength = 16

    /// - Parameters:
    ///   - ranks: from 0, in ascending order.
    ///   - all: without NaN.
    init(ranks: [Int], of all: [Double]) {
        self.ranks = ranks
        precondition(ranks.allSatisfy(all.indices.contains), "an order statistic of a value that there is not")
        var (least, greatest) = (Double.infinity, -Double.infinity)
        for value in all {
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        let bucketCount = all.count / Self.bucketLength
        let scale = Double(bucketCount - 1) / (greatest - least)
        guard all.count > Self.sortedCountMax, scale.isFinite, scale > 0 else {
            let sorted = least == greatest ? all : all.sorted()
            values = ranks.map { sorted[$0] }
            return
        }
        // Subtracting, multiplying and rounding down keep the order, so buckets are in the order of their values.
        var counts = [Int](repeating: 0, count: bucketCount)
        for value in all { counts[Int((value - least) * scale)] += 1 }
        let wanted = Buckets(ranks: ranks, counts: counts)
        var gathered = [Double](repeating: 0, count: wanted.valueCount)
        var next = wanted.starts
        for value in all {
            let place = next[Int((value - least) * scale)]
            guard place >= 0 else { continue }
            gathered[place] = value
            next[Int((value - least) * scale)] = place + 1
        }
        for places in wanted.occupied { gathered[places].sort() }
        values = wanted.places.map { gathered[$0] }
    }

    /// The value at a rank that was asked for.
    subscript(rank: Int) -> Double {
        for (own, value) in zip(ranks, values) where own == rank { return value }
        preconditionFailure("a rank that was not asked for")
    }

    /// The buckets that hold the ranks.
    private struct Buckets {
        /// Where the values of each of them lie, one bucket after the other.
        var occupied: [Range<Int>] = []
        /// By bucket, where its values begin; −1 where no rank is in it.
        var starts: [Int]
        /// By rank.
        var places: [Int] = []
        var valueCount = 0

        init(ranks: [Int], counts: [Int]) {
            starts = [Int](repeating: -1, count: counts.count)
            var (bucket, before) = (0, 0)
            for rank in ranks {
                while rank >= before + counts[bucket] {
                    before += counts[bucket]
                    bucket += 1
                }
                if starts[bucket] < 0 {
                    starts[bucket] = valueCount
                    occupied.append(valueCount..<valueCount + counts[bucket])
                    valueCount += counts[bucket]
                }
                places.append(starts[bucket] + rank - before)
            }
        }
    }
}
