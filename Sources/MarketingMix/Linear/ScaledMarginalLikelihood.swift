import Kernels
import ModelDefinition

/// The likelihood with the Gaussian linear part integrated out, where some prior standard deviations are parameters.
///
/// As `MarginalLikelihood`, with w_k ~ N(m_k, (ρ_k s_k)²), ρ_k a parameter for some columns and 1 for the others. With
/// Z diag(s) = U D Vᵀ and h_k = D Vᵀ e_k, all happens in the space of U: for b = Uᵀ r, e = r − U b and
///
///     C = σ² I + Σ_k ρ_k² h_k h_kᵀ = L Lᵀ,   a = C⁻¹ b,
///     log p = −½ log |C| − ½ (n − q) log σ² − ½ n log 2π − ½ ‖e‖²/σ² − ½ bᵀ a,
///
/// g = K⁻¹ r = e/σ² + U a, d log p/dσ² = ½ ‖g‖² − ½ tr C⁻¹ − ½ (n − q)/σ², and
/// d log p/dρ = ρ Σ_k [(h_kᵀ a)² − h_kᵀ C⁻¹ h_k] over the columns that share ρ. One factorisation of q³/3 products an
/// evaluation.
struct ScaledMarginalLikelihood: Sendable {
    private let columns: MarginalizedColumns
    /// Number of columns of U, q.
    private let rank: Int
    /// h_k by column of Z, q numbers each.
    private let spreads: [[Double]]
    /// By column of Z: which of the learned scales multiplies its deviation, −1 for none.
    private let scaleIndices: [Int]
    /// Σ h_k h_kᵀ over the columns without a learned scale, then over those of each scale; lower triangles, row-major.
    private let products: [[Double]]

    /// Of the last evaluation: b and a, ρ by scale, L, then its inverse.
    private var projections: [Double]
    private var solution: [Double]
    private var scales: [Double]
    private var lower: [Double]
    private var inverse: [Double]
    private var coefficients: [Double]
    /// d log p/dρ by scale.
    private(set) var scaleSlopes: [Double]

    /// - Parameter scaleIndices: by column, from 0 on; −1 for none.
    init(_ columns: MarginalizedColumns, scaleIndices: [Int]) {
        self.columns = columns
        self.scaleIndices = scaleIndices
        let decomposition = columns.decomposition
        let rank = decomposition.values.count
        self.rank = rank
        let spreads = scaleIndices.indices.map { column in
            (0..<rank).map { decomposition.values[$0] * decomposition.right[$0][column] }
        }
        self.spreads = spreads
        let scaleCount = (scaleIndices.max() ?? -1) + 1
        products = (-1..<scaleCount).map { scale in
            var sum = [Double](repeating: 0, count: rank * rank)
            for column in scaleIndices.indices where scaleIndices[column] == scale {
                for row in 0..<rank {
                    for other in 0...row { sum[row * rank + other] += spreads[column][row] * spreads[column][other] }
                }
            }
            return sum
        }
        projections = [Double](repeating: 0, count: columns.basis.coefficientCount)
        coefficients = projections
        solution = [Double](repeating: 0, count: rank)
        scales = [Double](repeating: 1, count: scaleCount)
        scaleSlopes = scales
        lower = [Double](repeating: 0, count: rank * rank)
        inverse = lower
    }

    mutating func setScale(_ index: Int, to value: Double) { scales[index] = value }

    /// Turns √v r into √v-scaled g, in place, and returns the log-likelihood and its derivative in σ.
    mutating func evaluate(_ residuals: inout [SIMD8<Double>], sigma: Double) -> (value: Double, derivative: Double) {
        columns.basis.products(with: residuals, into: &projections)
        let variance = sigma * sigma
        factor(variance)
        invert()
        // z = L⁻¹ b, then a = L⁻ᵀ z.
        for row in 0..<rank { coefficients[row] = 0 }
        var logDeterminant = 0.0
        var quadratic = 0.0
        var trace = 0.0
        for row in 0..<rank {
            logDeterminant += Elementary.log(lower[row * rank + row])
            var z = 0.0
            for column in 0...row {
                let value = inverse[row * rank + column]
                z += value * projections[column]
                trace += value * value
            }
            quadratic += z * z
            for column in 0...row { coefficients[column] += inverse[row * rank + column] * z }
        }
        for row in 0..<rank { solution[row] = coefficients[row] }
        setScaleSlopes()
        // g = (r − U (b − σ² a))/σ².
        for row in 0..<rank { coefficients[row] = projections[row] - variance * solution[row] }
        columns.basis.subtract(coefficients, from: &residuals)
        let norm = MarginalLikelihood.scale(&residuals, columns.vectors, by: 1 / variance)
        var length = 0.0
        for row in 0..<rank { length += solution[row] * solution[row] }
        // ‖g‖² = ‖e‖²/σ⁴ + ‖a‖².
        let remainder = (norm - length) * variance
        let rest = columns.weightSum - Double(rank)
        let value =
            -logDeterminant - 0.5 * (remainder + quadratic) - rest * Elementary.log(sigma)
            - columns.weightSum * SpecialFunctions.halfLogTwoPi
        return (value, sigma * (norm - trace - rest / variance))
    }

    /// L of C, lower triangle row-major.
    private mutating func factor(_ variance: Double) {
        for row in 0..<rank {
            for column in 0...row {
                let index = row * rank + column
                var sum = products[0][index]
                for scale in scales.indices { sum += scales[scale] * scales[scale] * products[scale + 1][index] }
                if row == column { sum += variance }
                for k in 0..<column { sum -= lower[row * rank + k] * lower[column * rank + k] }
                // σ² keeps C positive definite; rounding may not, far out in the tails.
                lower[index] =
                    row == column ? max(sum, .leastNormalMagnitude).squareRoot() : sum / lower[column * rank + column]
            }
        }
    }

    /// L⁻¹, column after column.
    private mutating func invert() {
        for column in 0..<rank {
            for row in column..<rank {
                var sum = row == column ? 1.0 : 0.0
                for k in column..<row { sum -= lower[row * rank + k] * inverse[k * rank + column] }
                inverse[row * rank + column] = sum / lower[row * rank + row]
            }
        }
    }

    private mutating func setScaleSlopes() {
        for scale in scales.indices { scaleSlopes[scale] = 0 }
        for column in scaleIndices.indices where scaleIndices[column] >= 0 {
            var projection = 0.0
            var norm = 0.0
            for row in 0..<rank {
                projection += spreads[column][row] * solution[row]
                var z = 0.0
                for k in 0...row { z += inverse[row * rank + k] * spreads[column][k] }
                norm += z * z
            }
            scaleSlopes[scaleIndices[column]] +=
                scales[scaleIndices[column]] * (projection * projection - norm)
        }
    }

    /// One draw of w given everything else, at the point of the last evaluation: a draw of the prior and of noise, moved
    /// by what it lacks of b (Matheron's rule; Doucet 2010, "A note on efficient conditional simulation of Gaussian
    /// distributions"). One normal a coefficient and one a column of U is asked for; with zeros for all it is the mean of w.
    func draw(sigma: Double, normal: () -> Double) -> [Double] {
        func ratio(_ column: Int) -> Double { scaleIndices[column] < 0 ? 1 : scales[scaleIndices[column]] }
        let prior = columns.means.indices.map { ratio($0) * normal() }
        var missing = (0..<rank).map { projections[$0] - sigma * normal() }
        for (column, value) in prior.enumerated() {
            for row in 0..<rank { missing[row] -= spreads[column][row] * value }
        }
        // C⁻¹ missing.
        var solved = [Double](repeating: 0, count: rank)
        for row in 0..<rank {
            var z = 0.0
            for column in 0...row { z += inverse[row * rank + column] * missing[column] }
            for column in 0...row { solved[column] += inverse[row * rank + column] * z }
        }
        return columns.means.indices.map { column in
            let shift = ratio(column) * ratio(column) * Reductions.dot(spreads[column], solved)
            return columns.means[column] + columns.deviations[column] * (prior[column] + shift)
        }
    }
}
