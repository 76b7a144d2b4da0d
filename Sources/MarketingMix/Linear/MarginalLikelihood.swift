import Kernels
import ModelDefinition

/// The likelihood with the Gaussian linear part integrated out.
///
/// y = f + Z w + e, w ~ N(m, diag(s²)), e_t ~ N(0, σ²/v_t) with likelihood weights v_t. Rows times √v_t, and
/// Z diag(s) = U D Vᵀ, λ = D². With r = y − f − Z m and K = σ² I + U diag(λ) Uᵀ,
///
///     log p = −½ Σ_j log(σ² + λ_j) − ½ (n − q) log σ² − ½ n log 2π − ½ rᵀ K⁻¹ r,   n = Σ v_t,
///
/// and everything follows from g = K⁻¹ r and u = Uᵀ r: d log p/df = g, rᵀ K⁻¹ r = σ² ‖g‖² + Σ_j λ_j (u_j/(σ² + λ_j))²,
/// d log p/dσ² = ½ ‖g‖² − ½ Σ_j 1/(σ² + λ_j) − ½ (n − q)/σ². All terms are of one sign, so nothing cancels.
struct MarginalLikelihood: Sendable {
    private let columns: MarginalizedColumns
    /// λ_j = D_j², zeros behind.
    private let spreads: [SIMD8<Double>]

    /// u = Uᵀ r of the last evaluation, and what is made of it.
    private var projections: [Double]
    private var coefficients: [Double]

    init(_ columns: MarginalizedColumns) {
        self.columns = columns
        projections = [Double](repeating: 0, count: columns.basis.coefficientCount)
        coefficients = projections
        var spreads = [SIMD8<Double>](repeating: .zero, count: (projections.count + 7) / 8)
        for (index, value) in columns.decomposition.values.enumerated() {
            spreads[index / 8][index % 8] = value * value
        }
        self.spreads = spreads
    }

    /// Turns √v r into √v-scaled g, in place, and returns the log-likelihood and its derivative in σ.
    mutating func evaluate(_ residuals: inout [SIMD8<Double>], sigma: Double) -> (value: Double, derivative: Double) {
        columns.basis.products(with: residuals, into: &projections)
        let variance = sigma * sigma
        var logSum = SIMD8<Double>.zero
        var reciprocalSum = SIMD8<Double>.zero
        var quadratic = SIMD8<Double>.zero
        for index in spreads.indices {
            let spread = spreads[index]
            let total = spread + variance
            let reciprocal = 1 / total
            var projection = SIMD8<Double>.zero
            for lane in 0..<min(8, projections.count - 8 * index) { projection[lane] = projections[8 * index + lane] }
            let scaled = projection * reciprocal
            logSum += Elementary.log(total)
            reciprocalSum += reciprocal
            quadratic += spread * (scaled * scaled)
            let shrunk = spread * scaled
            for lane in 0..<min(8, projections.count - 8 * index) { coefficients[8 * index + lane] = shrunk[lane] }
        }
        columns.basis.subtract(coefficients, from: &residuals)
        let norm = Self.scale(&residuals, columns.vectors, by: 1 / variance)
        // Lanes behind the last column hold λ = 0 and cancel against the count of all lanes.
        let lanes = Double(8 * spreads.count)
        let rest = columns.weightSum - lanes
        let quadraticForm = variance * norm + Reductions.horizontalSum(quadratic)
        let value =
            -0.5 * (Reductions.horizontalSum(logSum) + quadraticForm) - rest * Elementary.log(sigma)
            - columns.weightSum * SpecialFunctions.halfLogTwoPi
        let slope = norm - Reductions.horizontalSum(reciprocalSum) - rest / variance
        return (value, sigma * slope)
    }

    /// Multiplies a range by a number and returns the sum of squares of the result.
    static func scale(_ vectors: inout [SIMD8<Double>], _ range: Range<Int>, by factor: Double) -> Double {
        var span = vectors.mutableSpan
        var squares = SIMD8<Double>.zero
        for index in range {
            let value = factor * span[index]
            span[index] = value
            squares += value * value
        }
        return Reductions.horizontalSum(squares)
    }

    /// One draw of w given everything else, at the point of the last evaluation.
    ///
    /// Given θ and y, w = m + s ⊙ (V w̃), w̃_j ~ N(D_j u_j/(σ² + λ_j), σ²/(σ² + λ_j)). A standard normal vector in the
    /// coordinates of w is moved and shrunk along the columns of V, so directions that the data do not touch keep
    /// their prior. One normal a coefficient is asked for; with zeros for all it is the mean of w.
    func draw(sigma: Double, normal: () -> Double) -> [Double] {
        let variance = sigma * sigma
        var standard = columns.means.map { _ in normal() }
        let normals = standard
        for (index, singularValue) in columns.decomposition.values.enumerated() {
            let total = variance + singularValue * singularValue
            let direction = columns.decomposition.right[index]
            let normal = Reductions.dot(direction, normals)
            let mean = singularValue * projections[index] / total
            let shift = mean + (variance / total).squareRoot() * normal - normal
            for coefficient in standard.indices { standard[coefficient] += shift * direction[coefficient] }
        }
        return standard.indices.map { columns.means[$0] + columns.deviations[$0] * standard[$0] }
    }
}
