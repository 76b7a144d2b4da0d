import Kernels

/// Rank-normalised draws (Vehtari, Gelman, Simpson, Carpenter & Bürkner 2021, "Rank-normalization, folding, and
/// localization"): z = Φ⁻¹((r − 3/8) ÷ (S + 1/4)) with average ranks r over all S draws.
struct RankNormalization {
    /// z of the ranks 1 … S.
    private let scores: [Double]

    init(count: Int) {
        var scores = [Double](repeating: 0, count: count)
        for index in 0..<(count + 1) / 2 {
            let score = Self.score(rank: Double(index + 1), count: count)
            scores[index] = score
            scores[count - 1 - index] = -score
        }
        self.scores = scores
    }

    /// z of the values in their original positions.
    func normalized(_ order: ValueOrder) -> [Double] {
        let count = scores.count
        precondition(order.sorted.count == count, "ranks for another number of values")
        var result = [Double](repeating: 0, count: count)
        var first = 0
        while first < count {
            var last = first
            while last + 1 < count, order.sorted[last + 1] == order.sorted[first] { last += 1 }
            // Ranks count from 1.
            let score =
                first == last ? scores[first] : Self.score(rank: Double(first + last) / 2 + 1, count: count)
            for index in first...last { result[Int(order.positions[index])] = score }
            first = last + 1
        }
        return result
    }

    /// The order of |x − median|, merged from the values below the median, downwards, and those above, upwards.
    /// Nil where the median is infinite.
    static func folded(_ order: ValueOrder) -> ValueOrder? {
        let median = Quantiles.quantile(0.5, ofSorted: order.sorted)
        guard median.isFinite else { return nil }
        let count = order.sorted.count
        var above = order.sorted.firstIndex { $0 >= median } ?? count
        var below = above - 1
        var sorted = [Double](repeating: 0, count: count)
        var positions = [Int32](repeating: 0, count: count)
        for index in 0..<count {
            let down = below >= 0 ? median - order.sorted[below] : .infinity
            let up = above < count ? order.sorted[above] - median : .infinity
            let takesDown = above == count || (below >= 0 && down < up)
            sorted[index] = takesDown ? down : up
            positions[index] = order.positions[takesDown ? below : above]
            if takesDown { below -= 1 } else { above += 1 }
        }
        return ValueOrder(sorted: sorted, positions: positions)
    }

    private static func score(rank: Double, count: Int) -> Double {
        SpecialFunctions.normalQuantile((rank - 0.375) / (Double(count) + 0.25))
    }
}
