/// The thin singular value decomposition A = U diag(d) Vᵀ of a matrix with few columns.
///
/// One-sided Jacobi rotations (Hestenes 1958; Golub & Van Loan, "Matrix Computations", 4th ed., 8.6.3): pairs of columns
/// are made orthogonal in a fixed cyclic order until none needs it, which finds small singular values to full relative
/// accuracy. Columns whose singular value is lost in rounding are left out.
package struct SingularValues: Sendable {
    /// Orthonormal columns, one array of m values each, in the order of the columns of A that they grew from.
    package let left: [[Double]]
    /// d_j > 0.
    package let values: [Double]
    /// Column j of V, of as many values as A has columns.
    package let right: [[Double]]

    /// - Parameter columns: of A, all of one length.
    package init(columns: [[Double]]) {
        var work = columns
        var squares = columns.map { Reductions.squaredNorm($0) }
        let count = columns.count
        var vectors = (0..<count).map { column in (0..<count).map { $0 == column ? 1.0 : 0.0 } }
        let sweepsMax = 60
        for _ in 0..<sweepsMax {
            var hasRotated = false
            for p in 0..<count {
                for q in p + 1..<max(count, p + 1) {
                    let product = Reductions.dot(work[p], work[q])
                    guard let (cosine, sine) = Self.rotation(squares[p], squares[q], product) else { continue }
                    hasRotated = true
                    (squares[p], squares[q]) = Self.rotate(&work, p, q, cosine, sine)
                    _ = Self.rotate(&vectors, p, q, cosine, sine)
                }
            }
            if !hasRotated { break }
        }
        let norms = squares.map { $0.squareRoot() }
        let floor = (norms.max() ?? 0) * 0x1p-48
        let kept = norms.indices.filter { norms[$0] > floor }
        left = kept.map { column in work[column].map { $0 / norms[column] } }
        values = kept.map { norms[$0] }
        right = kept.map { vectors[$0] }
    }

    /// Cosine and sine that make two columns orthogonal, from their squared norms and their product; nil where they are.
    private static func rotation(_ xx: Double, _ yy: Double, _ xy: Double) -> (Double, Double)? {
        guard abs(xy) > 0x1p-52 * (xx * yy).squareRoot() else { return nil }
        let zeta = (yy - xx) / (2 * xy)
        let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        return (cosine, cosine * tangent)
    }

    /// Turns two columns; returns their squared norms afterwards.
    private static func rotate(
        _ columns: inout [[Double]], _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double
    ) -> (Double, Double) {
        // Taken out while they turn: two elements of one array cannot be held at once.
        var (first, second): ([Double], [Double]) = ([], [])
        swap(&first, &columns[p])
        swap(&second, &columns[q])
        var x = first.mutableSpan
        var y = second.mutableSpan
        let squares = VectorAlgebra.rotate(&x, &y, cosine: cosine, sine: sine)
        swap(&first, &columns[p])
        swap(&second, &columns[q])
        return squares
    }
}
