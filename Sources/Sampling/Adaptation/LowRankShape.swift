import Kernels

/// The directions in which a scaled posterior is far from round, and the variances there.
///
/// Of draws X and gradients A, a column each, the symmetric Σ with Σ C_a Σ = C_x minimises the Fisher divergence
/// between the posterior and N(0, Σ): the geometric mean of C_a⁻¹ and C_x (Seyboldt, Carlson & Carpenter 2026). With
/// C_x = X Xᵀ + γ I and C_a = A Aᵀ + γ I, Σ is the identity on whatever neither draws nor gradients reach, so all is
/// done in the subspace that both span.
package struct LowRankShape: Sendable {
    /// The median eigenvalue of Σ, those of 1 outside the subspace counted: the variance of most directions.
    package var level: Double
    /// Eigenvalues of Σ / level outside [1/2, 2], ascending.
    package var eigenvalues: [Double]
    /// An orthonormal eigenvector for each, one after another.
    package var vectors: [Double]

    /// Regularisation γ of the two covariances, as scaled draws are of unit size.
    static let regularization = 1e-5
    /// Eigenvalues nearer to the level than this factor are not worth their cost.
    static let cutoff = 2.0

    /// `positions` and `gradients` are deviations from their means, draw after draw. Nil where they are not finite.
    package init?(positions: [Double], gradients: [Double], count: Int, dimension: Int) {
        // Centred draws span at most n - 1 directions.
        let basis =
            2 * (count - 1) < dimension
            ? Self.orthonormalBasis(of: positions + gradients, dimension: dimension) : nil
        let rank = basis.map { $0.count / dimension } ?? dimension
        func secondMoments(_ rows: [Double]) -> [Double] {
            let projected = basis.map { Self.project(rows, on: $0, dimension: dimension) } ?? rows
            return Self.secondMoments(projected, dimension: rank)
        }
        guard
            let (values, rotated) = Self.geometricMean(
                secondMoments(positions), secondMoments(gradients), dimension: rank)
        else { return nil }
        let all = (values + [Double](repeating: 1, count: dimension - rank)).sorted()
        level = all[dimension / 2]
        guard all[0] > 0, level < .infinity else { return nil }
        eigenvalues = []
        vectors = []
        for j in 0..<rank {
            let eigenvalue = values[j] / level
            guard eigenvalue > Self.cutoff || eigenvalue < 1 / Self.cutoff else { continue }
            eigenvalues.append(eigenvalue)
            let vector = Array(rotated[(j * rank)..<((j + 1) * rank)])
            vectors += basis.map { Self.combine(vector, of: $0, dimension: dimension) } ?? vector
        }
    }

    /// Eigenvalues, ascending, and eigenvectors, one after another, of Σ = L⁻ᵀ (Lᵀ C_x L)^½ L⁻¹ with C_a = L Lᵀ.
    private static func geometricMean(
        _ positions: [Double], _ gradients: [Double], dimension: Int
    ) -> (values: [Double], vectors: [Double])? {
        guard let factor = Cholesky.factor(gradients, dimension: dimension) else { return nil }
        let transposed = SymmetricEigen.transpose(factor, dimension: dimension)
        // Lᵀ C_x L: rows of Lᵀ on both sides.
        let inner = SymmetricEigen.congruence(transposed, positions, dimension: dimension)
        guard let root = SymmetricEigen(inner, dimension: dimension) else { return nil }
        // Σ = Y Yᵀ with Y = L⁻ᵀ Q D^¼, whose columns are the rows of `columns`.
        var columns: [Double] = []
        columns.reserveCapacity(dimension * dimension)
        for j in 0..<dimension {
            let weight = max(root.values[j], 0).squareRoot().squareRoot()
            var column = root.vectors[(j * dimension)..<((j + 1) * dimension)].map { weight * $0 }
            var target = column.mutableSpan
            Cholesky.solveTransposed(factor.span, &target)
            columns += column
        }
        let mean = secondMoments(columns, dimension: dimension, ridge: 0)
        return SymmetricEigen(mean, dimension: dimension).map { ($0.values, $0.vectors) }
    }

    /// Σ_n r_n r_nᵀ + ridge I over rows r_n, all of the matrix.
    private static func secondMoments(
        _ rows: [Double], dimension: Int, ridge: Double = regularization
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: dimension * dimension)
        let rows = rows.span
        var target = sums.mutableSpan
        for start in stride(from: 0, to: rows.count, by: max(1, dimension)) {
            let row = rows.extracting(start..<(start + dimension))
            for i in 0..<dimension {
                VectorAlgebra.axpy(row[i], row, into: &target, at: i * dimension)
            }
        }
        for i in 0..<dimension { target[i * dimension + i] += ridge }
        return sums
    }

    /// Gram and Schmidt, each row twice, by which the basis is orthogonal to rounding. Rows that depend on earlier
    /// ones are left out.
    private static func orthonormalBasis(of rows: [Double], dimension: Int) -> [Double] {
        /// A rest below this, of a row of length 1, is rounding.
        let smallestRest = 1e-8
        var basis: [Double] = []
        for start in stride(from: 0, to: rows.count, by: dimension) {
            var row = Array(rows[start..<(start + dimension)])
            let length = Reductions.squaredNorm(row).squareRoot()
            for _ in 0..<2 {
                for known in stride(from: 0, to: basis.count, by: dimension) {
                    let direction = basis.span.extracting(known..<(known + dimension))
                    let component = Reductions.dot(direction, row.span)
                    var rest = row.mutableSpan
                    VectorAlgebra.axpy(-component, direction, into: &rest)
                }
            }
            let rest = Reductions.squaredNorm(row).squareRoot()
            guard rest > smallestRest * length else { continue }
            basis += row.map { $0 / rest }
        }
        return basis
    }

    /// Coordinates of each row in the basis.
    private static func project(_ rows: [Double], on basis: [Double], dimension: Int) -> [Double] {
        var projected: [Double] = []
        for start in stride(from: 0, to: rows.count, by: dimension) {
            let row = rows.span.extracting(start..<(start + dimension))
            for known in stride(from: 0, to: basis.count, by: dimension) {
                projected.append(Reductions.dot(basis.span.extracting(known..<(known + dimension)), row))
            }
        }
        return projected
    }

    /// The vector with these coordinates in the basis.
    private static func combine(_ coordinates: [Double], of basis: [Double], dimension: Int) -> [Double] {
        var vector = [Double](repeating: 0, count: dimension)
        var target = vector.mutableSpan
        for (j, coordinate) in coordinates.enumerated() {
            VectorAlgebra.axpy(
                coordinate, basis.span.extracting((j * dimension)..<((j + 1) * dimension)), into: &target)
        }
        return vector
    }
}
