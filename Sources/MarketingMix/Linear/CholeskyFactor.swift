import Kernels
import ModelDefinition

/// A symmetric positive definite matrix M = L Lᵀ with L⁻¹ and M⁻¹, its memory made once.
///
/// Rows lie in vectors of eight, zeros behind, so that every sum is one of products of two rows: of L for the
/// factorisation, of L and of columns of L⁻¹ for the inverse, of two columns of L⁻¹ for M⁻¹.
struct CholeskyFactor: Sendable {
    let count: Int
    /// Vectors a row.
    let stride: Int
    /// L by row, and L⁻¹ by column.
    private var lower: [SIMD8<Double>]
    private var inverseColumns: [SIMD8<Double>]
    /// M⁻¹ by row.
    private(set) var inverse: [SIMD8<Double>]

    init(count: Int) {
        self.count = count
        stride = (count + 7) / 8
        lower = [SIMD8<Double>](repeating: .zero, count: count * stride)
        inverseColumns = lower
        inverse = lower
    }

    /// L_jj.
    func diagonal(_ index: Int) -> Double { lower[index * stride + index / 8][index % 8] }

    /// (M⁻¹)_jj.
    func inverseDiagonal(_ index: Int) -> Double { inverse[index * stride + index / 8][index % 8] }

    /// Σ_r (L⁻¹)_rj x_r, element j of L⁻ᵀ x.
    func transposedInverse(_ index: Int, times values: [SIMD8<Double>]) -> Double {
        Self.dot(inverseColumns, index * stride, values, 0, 0..<stride)
    }

    /// Sets L, L⁻¹ and M⁻¹ of a matrix by row, whose eigenvalues are not below 1.
    mutating func factor(_ matrix: [SIMD8<Double>]) {
        for row in 0..<count {
            let start = row * stride
            for vector in 0..<stride { (lower[start + vector], inverseColumns[start + vector]) = (.zero, .zero) }
            for column in 0...row {
                let known = Self.dot(lower, start, lower, column * stride, 0..<(column + 7) / 8)
                let rest = matrix[start + column / 8][column % 8] - known
                lower[start + column / 8][column % 8] =
                    row == column ? max(rest, 1).squareRoot() : rest / diagonal(column)
            }
        }
        for column in 0..<count {
            let start = column * stride
            for row in column..<count {
                let known = Self.dot(lower, row * stride, inverseColumns, start, column / 8..<(row + 7) / 8)
                inverseColumns[start + row / 8][row % 8] = ((row == column ? 1 : 0) - known) / diagonal(row)
            }
        }
        for row in 0..<count {
            for column in 0...row {
                let value = Self.dot(inverseColumns, row * stride, inverseColumns, column * stride, row / 8..<stride)
                inverse[row * stride + column / 8][column % 8] = value
                inverse[column * stride + row / 8][row % 8] = value
            }
        }
    }

    /// The product of two rows over some of their vectors.
    static func dot(
        _ left: [SIMD8<Double>], _ leftStart: Int, _ right: [SIMD8<Double>], _ rightStart: Int, _ vectors: Range<Int>
    ) -> Double {
        let left = left.span
        let right = right.span
        var sum = SIMD8<Double>.zero
        for vector in vectors { sum += left[leftStart + vector] * right[rightStart + vector] }
        return Reductions.horizontalSum(sum)
    }
}
