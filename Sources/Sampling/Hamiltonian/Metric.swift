import Kernels

/// A Euclidean metric: kinetic energy ½ pᵀ M⁻¹ p, with M⁻¹ at its best the posterior covariance.
///
/// Vectors are held in blocks of eight lanes. The lanes past the dimension have variance 1 and always
/// momentum 0, so they add nothing to any sum.
package struct Metric: Sendable, Hashable {
    /// How M⁻¹ is given. The values are those of a checkpoint.
    package enum Form: UInt64, Sendable, Hashable {
        /// M⁻¹ = S, diagonal.
        case diagonal = 0
        /// M⁻¹ = L Lᵀ, any positive definite matrix.
        case dense = 1
        /// M⁻¹ = S^½ (I + U (Λ - I) Uᵀ) S^½ with S diagonal and the columns of U orthonormal: S^½ U and the
        /// diagonal of Λ are kept, so that M⁻¹ p costs 4 d k operations for k columns.
        case lowRank = 2
    }

    package let form: Form
    package let dimension: Int
    /// Eigenvalues Λ of a low-rank metric; otherwise none.
    package let eigenvalues: [Double]
    let blocks: Int
    /// The row of S (of the diagonal of M⁻¹, if dense), that of S^(-½), the standard deviations of
    /// the momenta, and then: of a dense metric the rows of M⁻¹ and of L; of a low-rank metric a row for each
    /// column of S^½ U.
    private(set) var rows: [SIMD8<Double>]

    /// The unit metric.
    package init(dimension: Int) {
        self.init(.diagonal, dimension: dimension, eigenvalues: [], matrixRows: 0)
    }

    /// The diagonal metric with these variances, all positive.
    package init(variances: [Double]) {
        self.init(dimension: variances.count)
        set(variances: variances)
    }

    /// The dense metric with this covariance as M⁻¹, row-major, of which the lower triangle is read. Nil where it
    /// is not positive definite.
    package init?(covariance: [Double], dimension: Int) {
        guard let factor = Cholesky.factor(covariance, dimension: dimension) else { return nil }
        self.init(.dense, dimension: dimension, eigenvalues: [], matrixRows: 2 * dimension)
        set(variances: (0..<dimension).map { covariance[$0 * dimension + $0] })
        for i in 0..<dimension {
            for j in 0...i {
                setLane(2 + i, j, to: covariance[i * dimension + j])
                setLane(2 + j, i, to: covariance[i * dimension + j])
                setLane(2 + dimension + i, j, to: factor[i * dimension + j])
            }
        }
    }

    /// The low-rank metric with S = diag(variances) and, one after another, the columns of S^½ U.
    package init(variances: [Double], eigenvalues: [Double], scaledVectors: [Double]) {
        let dimension = variances.count
        self.init(.lowRank, dimension: dimension, eigenvalues: eigenvalues, matrixRows: eigenvalues.count)
        set(variances: variances)
        for j in 0..<eigenvalues.count {
            for i in 0..<dimension {
                setLane(2 + j, i, to: scaledVectors[j * dimension + i])
            }
        }
    }

    private init(_ form: Form, dimension: Int, eigenvalues: [Double], matrixRows: Int) {
        self.form = form
        self.dimension = dimension
        self.eigenvalues = eigenvalues
        blocks = blockCount(dimension: dimension)
        rows = [SIMD8<Double>](repeating: .zero, count: (2 + matrixRows) * blocks)
        for b in 0..<(2 * blocks) {
            rows[b] = .one
        }
    }

    // MARK: Values

    /// Whether all numbers are finite and the variances are above 0, so that it can stand in a checkpoint.
    var isUsable: Bool {
        eigenvalues.allSatisfy { $0 > 0 && $0.isFinite } && (0..<dimension).allSatisfy { scale($0) > 0 }
            && rows.allSatisfy { block in (0..<8).allSatisfy { block[$0].isFinite } }
    }

    private mutating func set(variances: [Double]) {
        for i in 0..<dimension {
            set(i, variance: variances[i])
        }
    }

    /// Sets an element of S; a diagonal metric is changed so.
    mutating func set(_ i: Int, variance: Double) {
        setLane(0, i, to: variance)
        setLane(1, i, to: 1 / variance.squareRoot())
    }

    private mutating func setLane(_ row: Int, _ i: Int, to value: Double) {
        rows[row * blocks + i >> 3][i & 7] = value
    }

    /// Element `i` of S, or of the diagonal of M⁻¹ if dense.
    func scale(_ i: Int) -> Double {
        matrix(-2, i)
    }

    /// Element `i` of a row after those of S.
    func matrix(_ row: Int, _ i: Int) -> Double {
        rows[(2 + row) * blocks + i >> 3][i & 7]
    }

    /// An element of M⁻¹, the covariance that is expected of two coordinates.
    package func inverse(_ i: Int, _ j: Int) -> Double {
        if form == .dense { return matrix(i, j) }
        var covariance = i == j ? scale(i) : 0
        for k in 0..<eigenvalues.count {
            covariance += (eigenvalues[k] - 1) * (matrix(k, i) * matrix(k, j))
        }
        return covariance
    }

    /// Element `i` of the diagonal of M⁻¹, the variance that is expected of the coordinate.
    package func variance(_ i: Int) -> Double {
        inverse(i, i)
    }
}

// MARK: Products

extension Metric {
    /// v = M⁻¹ p for rows of blocks that begin at `p` and `v` of `pool`.
    func setVelocity(_ v: Int, of p: Int, in pool: UnsafeMutableBufferPointer<SIMD8<Double>>) {
        rows.withUnsafeBufferPointer { rows in
            switch form {
            case .diagonal:
                for b in 0..<blocks {
                    pool[v + b] = rows[b] * pool[p + b]
                }
            case .dense:
                for b in 0..<blocks {
                    var sum = SIMD8<Double>.zero
                    for i in 0..<dimension {
                        let momentum: Double = pool[p + i >> 3][i & 7]
                        sum += momentum * rows[(2 + i) * blocks + b]
                    }
                    pool[v + b] = sum
                }
            case .lowRank:
                for b in 0..<blocks {
                    pool[v + b] = rows[b] * pool[p + b]
                }
                for j in 0..<eigenvalues.count {
                    let row = (2 + j) * blocks
                    let weight = SIMD8(repeating: (eigenvalues[j] - 1) * dot(rows, row, pool, p))
                    for b in 0..<blocks {
                        pool[v + b] += weight * rows[row + b]
                    }
                }
            }
        }
    }

    /// M⁻¹ times a vector.
    package func inverseProduct(_ vector: [Double]) -> [Double] {
        precondition(vector.count == dimension, "a vector of another dimension")
        var pool = [SIMD8<Double>](repeating: .zero, count: 2 * blocks)
        for i in 0..<dimension { pool[i >> 3][i & 7] = vector[i] }
        pool.withUnsafeMutableBufferPointer { setVelocity(blocks, of: 0, in: $0) }
        return (0..<dimension).map { pool[blocks + $0 >> 3][$0 & 7] }
    }

    /// Makes a momentum of N(0, M) of the standard normals in row `p`. Row `scratch` is overwritten.
    ///
    /// Dense: p = L⁻ᵀ z. Low rank: p = S^(-½) (I + U (Λ^(-½) - I) Uᵀ) z.
    func shapeMomentum(_ p: Int, scratch s: Int, in pool: UnsafeMutableBufferPointer<SIMD8<Double>>) {
        rows.withUnsafeBufferPointer { rows in
            switch form {
            case .diagonal:
                for b in 0..<blocks {
                    pool[p + b] = pool[p + b] * rows[blocks + b]
                }
            case .dense:
                for i in stride(from: dimension - 1, through: 0, by: -1) {
                    let row = (2 + dimension + i) * blocks
                    let (block, lane) = (i >> 3, i & 7)
                    let value = pool[p + block][lane] / rows[row + block][lane]
                    let weight = SIMD8(repeating: value)
                    for b in 0...block {
                        pool[p + b] -= weight * rows[row + b]
                    }
                    pool[p + block][lane] = value
                }
            case .lowRank:
                for b in 0..<blocks {
                    let scaled = pool[p + b] * rows[blocks + b]
                    pool[p + b] = scaled
                    pool[s + b] = .zero
                }
                for j in 0..<eigenvalues.count {
                    let row = (2 + j) * blocks
                    let factor = 1 / eigenvalues[j].squareRoot() - 1
                    let weight = SIMD8(repeating: factor * dot(rows, row, pool, p))
                    for b in 0..<blocks {
                        pool[s + b] += weight * rows[row + b]
                    }
                }
                for b in 0..<blocks {
                    let inverse = rows[blocks + b] * rows[blocks + b]
                    pool[p + b] += inverse * pool[s + b]
                }
            }
        }
    }

    @inline(__always)
    private func dot(
        _ rows: UnsafeBufferPointer<SIMD8<Double>>, _ row: Int, _ pool: UnsafeMutableBufferPointer<SIMD8<Double>>,
        _ p: Int
    ) -> Double {
        var sum = SIMD8<Double>.zero
        for b in 0..<blocks {
            sum += rows[row + b] * pool[p + b]
        }
        return Reductions.horizontalSum(sum)
    }
}

/// Number of blocks of eight lanes that hold `dimension` numbers.
func blockCount(dimension: Int) -> Int {
    (dimension + 7) >> 3
}
