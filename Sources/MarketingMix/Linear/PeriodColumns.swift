import Kernels

/// Columns of one value a period, eight periods in a vector, with the two products that a linear model needs.
///
/// Four columns are read at a time, so that their sums do not wait for each other. The order of every sum is fixed:
/// periods ascending in memory, columns ascending in groups of four.
struct PeriodColumns: Sendable {
    /// Number of columns.
    let count: Int
    /// Column j from j · `vectorCount` on; columns of zeros fill the last group of four.
    private let values: [SIMD8<Double>]
    private let vectorCount: Int

    init(_ columns: [[Double]], order: PeriodOrder) {
        count = columns.count
        vectorCount = order.vectorCount
        let padding = [SIMD8<Double>](repeating: .zero, count: (Self.paddedCount(count) - count) * vectorCount)
        values = columns.flatMap { order.vectors($0) } + padding
    }

    /// Number of coefficients with those of the padding.
    static func paddedCount(_ count: Int) -> Int { (count + 3) / 4 * 4 }

    /// r_t −= Σ_j c_j z_tj; `coefficients` are padded with zeros.
    func subtract(_ coefficients: [Double], from residuals: inout [SIMD8<Double>]) {
        Self.subtract(values, vectorCount: vectorCount, coefficients, from: &residuals)
    }

    private static func subtract(
        _ columns: [SIMD8<Double>], vectorCount: Int, _ coefficients: [Double], from residuals: inout [SIMD8<Double>]
    ) {
        let z = columns.span
        var r = residuals.mutableSpan
        for group in stride(from: 0, to: coefficients.count, by: 4) {
            let c0 = SIMD8<Double>(repeating: coefficients[group])
            let c1 = SIMD8<Double>(repeating: coefficients[group + 1])
            let c2 = SIMD8<Double>(repeating: coefficients[group + 2])
            let c3 = SIMD8<Double>(repeating: coefficients[group + 3])
            let first = group * vectorCount
            let second = first + vectorCount
            let third = second + vectorCount
            let fourth = third + vectorCount
            for v in 0..<vectorCount {
                let early = c0 * z[first + v] + c1 * z[second + v]
                let late = c2 * z[third + v] + c3 * z[fourth + v]
                r[v] -= early + late
            }
        }
    }

    /// Σ_t z_tj g_t for every column j, those of the padding counted.
    func products(with weights: [SIMD8<Double>], into result: inout [Double]) {
        Self.products(values, vectorCount: vectorCount, weights, into: &result)
    }

    private static func products(
        _ columns: [SIMD8<Double>], vectorCount: Int, _ weights: [SIMD8<Double>], into result: inout [Double]
    ) {
        let z = columns.span
        let g = weights.span
        for group in stride(from: 0, to: result.count, by: 4) {
            var s0 = SIMD8<Double>.zero
            var s1 = s0
            var s2 = s0
            var s3 = s0
            let first = group * vectorCount
            let second = first + vectorCount
            let third = second + vectorCount
            let fourth = third + vectorCount
            for v in 0..<vectorCount {
                let weight = g[v]
                s0 += weight * z[first + v]
                s1 += weight * z[second + v]
                s2 += weight * z[third + v]
                s3 += weight * z[fourth + v]
            }
            result[group] = Reductions.horizontalSum(s0)
            result[group + 1] = Reductions.horizontalSum(s1)
            result[group + 2] = Reductions.horizontalSum(s2)
            result[group + 3] = Reductions.horizontalSum(s3)
        }
    }
}
