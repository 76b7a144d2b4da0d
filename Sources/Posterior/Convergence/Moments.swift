import Kernels

/// Mean and variance of some values by two passes, of which the second corrects the first for rounding (Chan, Golub &
/// LeVeque 1983), in the order of `Reductions`. Values that are all equal have exactly their value as mean and a
/// variance of 0. Infinite values leave an infinite or NaN mean and a NaN variance.
package struct Moments {
    package let mean: Double
    /// Divisor n − 1.
    package let variance: Double

    init(_ values: Span<Double>) {
        let count = Double(values.count)
        let first = Reductions.sum(values) / count
        guard first.isFinite else {
            mean = first
            variance = .nan
            return
        }
        var lanes = SIMD8<Double>.zero
        var squareLanes = SIMD8<Double>.zero
        let body = values.count & ~7
        var index = 0
        while index < body {
            let deviation = Reductions.lanes(values, at: index) - first
            lanes += deviation
            squareLanes += deviation * deviation
            index += 8
        }
        var sum = Reductions.horizontalSum(lanes)
        var squares = Reductions.horizontalSum(squareLanes)
        while index < values.count {
            let deviation = values[index] - first
            sum += deviation
            squares += deviation * deviation
            index += 1
        }
        let correction = sum / count
        mean = first + correction
        // Equal values each deviate by the same rounding error of `first`; the difference below would not be quite 0.
        let equal = squares <= count * correction * correction * (1 + 0x1p-40)
        variance = equal ? 0 : (squares - sum * correction) / (count - 1)
    }

    package init(_ values: [Double]) {
        self.init(values.span)
    }
}
