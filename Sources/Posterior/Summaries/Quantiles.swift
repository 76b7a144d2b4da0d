/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
public enum Quantiles {
    /// - Parameters:
    ///   - probability: in [0, 1].
    ///   - sorted: ascending, not empty.
    public static func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
        let (lower, fraction) = position(of: probability, count: sorted.count)
        return interpolate(sorted[lower], fraction == 0 ? sorted[lower] : sorted[lower + 1], fraction)
    }

    /// Index of the order statistic at or below a quantile, and the way to the next.
    private static func position(of probability: Double, count: Int) -> (lower: Int, fraction: Double) {
        precondition(count > 0, "a quantile of no values")
        precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
        let position = probability * Double(count - 1)
        let lower = Int(position.rounded(.down))
        return (lower, position - Double(lower))
    }

    private static func interpolate(_ lower: Double, _ upper: Double, _ fraction: Double) -> Double {
        // Between equal values, infinite ones too, nothing is interpolated.
        lower == upper ? lower : lower + fraction * (upper - lower)
    }

    /// Quantiles of values in any order, not empty; NaN where any value is NaN.
    public static func quantiles(_ probabilities: [Double], of values: [Double]) -> [Double] {
        guard !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
        var partitioned = values
        return probabilities.map { probability in
            let (lower, fraction) = position(of: probability, count: values.count)
            let value = select(lower, in: &partitioned)
            guard fraction > 0, var next = partitioned.last else { return value }
            for index in lower + 1..<partitioned.count { next = min(next, partitioned[index]) }
            return interpolate(value, next, fraction)
        }
    }

    /// The value at an index of the ascending order of values without NaN.
    package static func orderStatistic(_ rank: Int, of values: [Double]) -> Double {
        precondition(values.indices.contains(rank), "an order statistic of a value that there is not")
        var partitioned = values
        return select(rank, in: &partitioned)
    }

    /// The order statistic of an index, with smaller values before it and larger ones behind it (Hoare 1961, "Algorithm
    /// 65: Find", with the median of three as pivot).
    private static func select(_ rank: Int, in values: inout [Double]) -> Double {
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = low + (high - low) / 2
            if values[middle] < values[low] { values.swapAt(middle, low) }
            if values[high] < values[low] { values.swapAt(high, low) }
            if values[high] < values[middle] { values.swapAt(high, middle) }
            let pivot = values[middle]
            var left = low
            var right = high
            while left <= right {
                while values[left] < pivot { left += 1 }
                while pivot < values[right] { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if rank <= right {
                high = right
            } else if rank >= left {
                low = left
            } else {
                break
            }
        }
        return values[rank]
    }
}
