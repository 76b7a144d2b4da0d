/// The factorisation A = L Lᵀ of symmetric positive definite matrices, row-major.
package enum Cholesky {
    /// The lower triangle L, zero above the diagonal, of the n × n matrix whose lower triangle is given. Nil where
    /// the matrix is not positive definite, or not finite.
    package static func factor(_ matrix: [Double], dimension n: Int) -> [Double]? {
        precondition(matrix.count == n * n, "a factor needs a square matrix")
        var lower = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                let rest = matrix[i * n + j] - dotOfRows(lower, i, j, n)
                if j < i {
                    lower[i * n + j] = rest / lower[j * n + j]
                } else {
                    // Written so that NaN fails.
                    guard rest > 0, rest < .infinity else { return nil }
                    lower[i * n + i] = rest.squareRoot()
                }
            }
        }
        return lower
    }

    /// The sum of L_ik L_jk over k < j.
    private static func dotOfRows(_ lower: [Double], _ i: Int, _ j: Int, _ n: Int) -> Double {
        let rows = lower.span
        return Reductions.dot(rows.extracting((i * n)..<(i * n + j)), rows.extracting((j * n)..<(j * n + j)))
    }

    /// A⁻¹ y for the factor of A.
    package static func solve(_ factor: [Double], _ y: [Double]) -> [Double] {
        let n = y.count
        precondition(factor.count == n * n, "a solution needs a factor of its dimension")
        var x = y
        for i in 0..<n {
            for j in 0..<i { x[i] -= factor[i * n + j] * x[j] }
            x[i] /= factor[i * n + i]
        }
        var solution = x.mutableSpan
        solveTransposed(factor.span, &solution)
        return x
    }

    /// x ← L⁻ᵀ x for the lower triangle `factor`.
    package static func solveTransposed(_ factor: Span<Double>, _ x: inout MutableSpan<Double>) {
        let n = x.count
        precondition(factor.count == n * n, "a solution needs a factor of its dimension")
        for i in stride(from: n - 1, through: 0, by: -1) {
            let value = x[i] / factor[i * n + i]
            x[i] = value
            for j in 0..<i {
                x[j] -= value * factor[i * n + j]
            }
        }
    }
}
