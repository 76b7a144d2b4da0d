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

    /// The covariance matrix, row-major, its upper triangle 0: n/(n+5) S as Stan has it, and on the diagonal S
    /// 5/(n+5) min(1, d/n)² more. Only after at least two draws.
    ///
    /// Where Stan adds 1e-3 · 5/(n+5), which is harmless at one scale of the coordinates only, this goes with their
    /// scale. It makes the matrix positive definite when draws are fewer than coordinates, and is gone when they are
    /// many more, since a strongly correlated posterior has directions far narrower than any coordinate.
    package var regularizedCovariance: [Double] {
        let (n, dimension) = (Double(count), means.count)
        let weight = n / (n + 5)
        let scarcity = min(1, Double(dimension) / n)
        let diagonalWeight = weight + 5 / (n + 5) * (scarcity * scarcity)
        var covariance = [Double](repeating: 0, count: dimension * dimension)
        var k = 0
        for i in 0..<dimension {
            for j in 0...i {
                covariance[i * dimension + j] = (i == j ? diagonalWeight : weight) * (products[k] / (n - 1))
                k += 1
            }
        }
        return covariance
    }
}
