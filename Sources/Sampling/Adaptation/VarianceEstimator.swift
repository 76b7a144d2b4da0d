/// Running mean and variance of each coordinate (Welford 1962).
package struct VarianceEstimator: Sendable, Hashable {
    package var count: Int
    package var means: [Double]
    /// Sums of squared deviations from the running mean.
    package var squares: [Double]

    package init(dimension: Int) {
        count = 0
        means = [Double](repeating: 0, count: dimension)
        squares = [Double](repeating: 0, count: dimension)
    }

    package mutating func add(_ position: Span<Double>) {
        count += 1
        let n = Double(count)
        for i in 0..<means.count {
            let deviation = position[i] - means[i]
            means[i] += deviation / n
            squares[i] += deviation * (position[i] - means[i])
        }
    }

    package mutating func restart() {
        count = 0
        for i in 0..<means.count {
            means[i] = 0
            squares[i] = 0
        }
    }

    /// The variance of coordinate `i`, shrunk towards 1e-3 with the weight of five draws:
    /// n/(n+5) S + 1e-3 · 5/(n+5), as Stan has it.
    ///
    /// Only after at least two draws.
    ///
    /// The 1e-3 is absolute. It does no harm only because densities come with coordinates of about
    /// unit scale, as the models of this package standardise theirs; where a posterior sd is far
    /// below 0.03 it makes the metric too wide in that direction and trajectories long.
    package func regularizedVariance(_ i: Int) -> Double {
        let n = Double(count)
        return n / (n + 5) * (squares[i] / (n - 1)) + 1e-3 * (5 / (n + 5))
    }
}
