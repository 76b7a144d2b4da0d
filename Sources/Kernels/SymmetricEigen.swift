/// Eigenvalues and eigenvectors of a symmetric matrix: reduced to tridiagonal form by Householder reflections, then
/// diagonalised by implicit QR steps with Wilkinson's shift (Golub & Van Loan, Matrix Computations, sections 8.3.1
/// and 8.3.3).
package struct SymmetricEigen: Sendable {
    /// The eigenvalues, ascending.
    package private(set) var values: [Double]
    /// The orthonormal eigenvectors in the order of the values, each a row.
    package private(set) var vectors: [Double]

    /// Decomposes the n × n row-major `matrix`, all of whose elements are given. Nil where it is not finite.
    package init?(_ matrix: [Double], dimension n: Int) {
        precondition(matrix.count == n * n, "eigenvalues are those of a square matrix")
        guard matrix.allSatisfy(\.isFinite) else { return nil }
        var form = Tridiagonal(matrix, dimension: n)
        guard form.diagonalize() else { return nil }
        let order = (0..<n).sorted { (form.diagonal[$0], $0) < (form.diagonal[$1], $1) }
        values = order.map { form.diagonal[$0] }
        vectors = []
        vectors.reserveCapacity(n * n)
        for i in order { vectors += form.rotation[(i * n)..<((i + 1) * n)] }
    }

    /// The transpose of an n × n matrix.
    package static func transpose(_ matrix: [Double], dimension n: Int) -> [Double] {
        var transposed = matrix
        for i in 0..<n {
            for j in 0..<n { transposed[j * n + i] = matrix[i * n + j] }
        }
        return transposed
    }

    /// B A Bᵀ for n × n matrices of which A is symmetric.
    package static func congruence(_ b: [Double], _ a: [Double], dimension n: Int) -> [Double] {
        // Row i of B A is Σ_k B_ik A_k, which is column i of A Bᵀ.
        func product(_ left: [Double], _ right: [Double]) -> [Double] {
            var result = [Double](repeating: 0, count: n * n)
            let rows = right.span
            var target = result.mutableSpan
            for i in 0..<n {
                for k in 0..<n where left[i * n + k] != 0 {
                    let row = rows.extracting((k * n)..<((k + 1) * n))
                    VectorAlgebra.axpy(left[i * n + k], row, into: &target, at: i * n)
                }
            }
            return result
        }
        // B (B A)ᵀ = B Aᵀ Bᵀ = B A Bᵀ, whose two triangles differ by rounding: the lower one is kept.
        var result = product(b, transpose(product(b, a), dimension: n))
        for i in 0..<n {
            for j in 0..<i { result[j * n + i] = result[i * n + j] }
        }
        return result
    }
}

/// R A Rᵀ = T with T tridiagonal and R orthogonal.
private struct Tridiagonal {
    let n: Int
    var diagonal: [Double]
    /// Elements (i, i + 1) of T.
    var offDiagonal: [Double]
    /// R, row-major.
    var rotation: [Double]

    init(_ matrix: [Double], dimension: Int) {
        n = dimension
        diagonal = [Double](repeating: 0, count: n)
        offDiagonal = [Double](repeating: 0, count: max(0, n - 1))
        rotation = [Double](repeating: 0, count: n * n)
        var matrix = matrix
        // Reflection k is I - 2 v vᵀ with v of length 1, zero up to element k; it stands in row k of `reflections`.
        var reflections = [Double](repeating: 0, count: n * n)
        for k in 0..<max(0, n - 2) {
            Self.reflect(&matrix, k, n, &reflections)
        }
        for i in 0..<n { diagonal[i] = matrix[i * n + i] }
        for i in offDiagonal.indices { offDiagonal[i] = matrix[(i + 1) * n + i] }
        // Rᵀ is the product of the reflections in their order, here from the last to the first.
        var columns = [Double](repeating: 0, count: n * n)
        for i in 0..<n { columns[i * n + i] = 1 }
        var target = columns.mutableSpan
        var weights = [Double](repeating: 0, count: n)
        for k in stride(from: n - 3, through: 0, by: -1) {
            let v = reflections.span.extracting((k * n)..<((k + 1) * n))
            var sums = weights.mutableSpan
            VectorAlgebra.fill(&sums, with: 0)
            for i in (k + 1)..<n {
                let row = target.span.extracting((i * n)..<((i + 1) * n))
                VectorAlgebra.axpy(v[i], row, into: &sums)
            }
            for i in (k + 1)..<n {
                VectorAlgebra.axpy(-2 * v[i], sums.span, into: &target, at: i * n)
            }
        }
        rotation = SymmetricEigen.transpose(columns, dimension: n)
    }

    /// Makes column k zero below its subdiagonal, A ← H A H, and keeps the reflection.
    private static func reflect(_ matrix: inout [Double], _ k: Int, _ n: Int, _ reflections: inout [Double]) {
        var v = [Double](repeating: 0, count: n)
        for i in (k + 1)..<n { v[i] = matrix[i * n + k] }
        let below = Reductions.squaredNorm(v.span.extracting((k + 2)..<n))
        guard below > 0 else { return }
        let norm = (v[k + 1] * v[k + 1] + below).squareRoot()
        let image = v[k + 1] > 0 ? -norm : norm
        v[k + 1] -= image
        let length = (v[k + 1] * v[k + 1] + below).squareRoot()
        for i in (k + 1)..<n { v[i] /= length }
        for i in (k + 1)..<n { reflections[k * n + i] = v[i] }

        // With p = A v and w = p - (vᵀp) v: H A H = A - 2 v wᵀ - 2 w vᵀ on the rest of the matrix.
        let tail = (k + 1)..<n
        let direction = v.span.extracting(tail)
        var w = [Double](repeating: 0, count: n)
        for i in tail {
            w[i] = Reductions.dot(matrix.span.extracting((i * n + k + 1)..<((i + 1) * n)), direction)
        }
        let share = Reductions.dot(w.span.extracting(tail), direction)
        for i in tail { w[i] -= share * v[i] }
        var target = matrix.mutableSpan
        for i in tail {
            VectorAlgebra.axpy(-2 * v[i], w.span.extracting(tail), into: &target, at: i * n + k + 1)
            VectorAlgebra.axpy(-2 * w[i], direction, into: &target, at: i * n + k + 1)
        }
        target[(k + 1) * n + k] = image
    }

    /// Makes T diagonal. Returns false where that takes more steps than any matrix of finite numbers needs.
    mutating func diagonalize() -> Bool {
        let stepsPerValue = 60
        var high = n - 1
        for _ in 0...(stepsPerValue * n) {
            while high > 0, isNegligible(high - 1) {
                offDiagonal[high - 1] = 0
                high -= 1
            }
            if high <= 0 { return true }
            var low = high - 1
            while low > 0, !isNegligible(low - 1) { low -= 1 }
            step(low, high)
        }
        return false
    }

    private func isNegligible(_ i: Int) -> Bool {
        abs(offDiagonal[i]) <= 0x1p-52 * (abs(diagonal[i]) + abs(diagonal[i + 1]))
    }

    /// One implicit QR step on rows and columns `low` to `high`, whose off-diagonal elements are not zero.
    private mutating func step(_ low: Int, _ high: Int) {
        // Wilkinson's shift: the eigenvalue of the last 2 × 2 block that is nearer to its last element.
        let last = offDiagonal[high - 1]
        let half = 0.5 * (diagonal[high - 1] - diagonal[high])
        let root = (half * half + last * last).squareRoot()
        let shift = diagonal[high] - last * (last / (half + (half < 0 ? -root : root)))
        var x = diagonal[low] - shift
        var z = offDiagonal[low]
        for k in low..<high {
            let length = (x * x + z * z).squareRoot()
            let (c, s) = length > 0 ? (x / length, z / length) : (1, 0)
            if k > low { offDiagonal[k - 1] = length }
            let (a, b, g) = (diagonal[k], offDiagonal[k], diagonal[k + 1])
            diagonal[k] = (c * c) * a + 2 * (c * s) * b + (s * s) * g
            diagonal[k + 1] = (s * s) * a - 2 * (c * s) * b + (c * c) * g
            offDiagonal[k] = (c * s) * (g - a) + (c * c - s * s) * b
            if k + 1 < high {
                x = offDiagonal[k]
                z = s * offDiagonal[k + 1]
                offDiagonal[k + 1] = c * offDiagonal[k + 1]
            }
            rotateRows(k, c, s)
        }
    }

    /// Rows k and k + 1 of R by the rotation (c, s; -s, c).
    private mutating func rotateRows(_ k: Int, _ c: Double, _ s: Double) {
        let n = n
        var rows = rotation.mutableSpan
        let (upper, lower) = (k * n, (k + 1) * n)
        for i in 0..<n {
            let (first, second) = (rows[upper + i], rows[lower + i])
            rows[upper + i] = c * first + s * second
            rows[lower + i] = c * second - s * first
        }
    }
}
