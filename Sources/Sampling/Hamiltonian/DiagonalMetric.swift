import Kernels

/// The diagonal Euclidean metric: kinetic energy ½ pᵀ M⁻¹ p with M⁻¹ = diag(variances).
///
/// Vectors are held in blocks of eight lanes. The lanes past the dimension have variance 1 and always
/// momentum 0, so they add nothing to any sum.
package struct DiagonalMetric: Sendable {
    package let dimension: Int
    /// Diagonal of M⁻¹; at its best the posterior variances.
    private(set) var variances: [SIMD8<Double>]
    /// Diagonal of M^½, the standard deviations of the momenta.
    private(set) var momentumScales: [SIMD8<Double>]

    /// The unit metric.
    package init(dimension: Int) {
        self.dimension = dimension
        variances = [SIMD8<Double>](repeating: .one, count: blockCount(dimension: dimension))
        momentumScales = variances
    }

    package init(variances values: [Double]) {
        self.init(dimension: values.count)
        for i in 0..<values.count {
            set(i, variance: values[i])
        }
    }

    mutating func set(_ i: Int, variance: Double) {
        variances[i >> 3][i & 7] = variance
        momentumScales[i >> 3][i & 7] = 1 / variance.squareRoot()
    }

    func variance(_ i: Int) -> Double {
        variances[i >> 3][i & 7]
    }
}

/// Number of blocks of eight lanes that hold `dimension` numbers.
func blockCount(dimension: Int) -> Int {
    (dimension + 7) >> 3
}
