/// Running mean and covariance of the coordinates (Welford 1962).
package struct CovarianceEstimator: Sendable, Hashable {
    package var count: Int
    package var means: [Double]
    /// Sums of products of deviations from the running mean: the lower triangle, row after row.
    package var products: [Double]

    package init(dimension: Int) {
        count = 0
        means = [Double](repeating: 0, count: dimension)
        products = [Double](repeating: 0, count: Self.productCount(dimension: dimension))
    }

    /// Elements of a lower triangle.
    static func productCount(dimension: Int) -> Int {
        dimension * (dimension + 1) / 2
    }

    package mutating func add(_ position: Span<Double>) {
        count += 1
        // (x - old mean)(x - new mean)ᵀ = (n - 1)/n (x - old mean)(x - old mean)ᵀ, which is symmetric.
        let n = Double(count)
        let weight = (n - 1) / n
        var k = 0
        for i in 0..<means.count {
            let deviation = weight * (position[i] - means[i])
            for j in 0...i {
                products[k] += deviation * (position[j] - means[j])
                k += 1
            }
        }
        for i in 0..<means.count {
            means[i] += (position[i] - means[i]) / n
        }
    }

    package mutating func restart() {
        self = CovarianceEstimator(dimension: means.count)
    }

    /// The covariance matrix, row-major, its upper triangle 0, shrunk towards its own diagonal with the weight of
    /// five draws: n/(n+5) S + 5/(n+5) diag(S). Only after at least two draws.
    ///
    /// Stan shrinks towards 1e-3 I, which is harmless at one scale of the coordinates only. The diagonal goes with
    /// the scale, and makes the matrix positive definite from two draws on.
    package var regularizedCovariance: [Double] {
        let (n, dimension) = (Double(count), means.count)
        var covariance = [Double](repeating: 0, count: dimension * dimension)
        var k = 0
        for i in 0..<dimension {
            for j in 0...i {
                let value = products[k] / (n - 1)
                covariance[i * dimension + j] = i == j ? value : n / (n + 5) * value
                k += 1
            }
        }
        return covariance
    }
}
