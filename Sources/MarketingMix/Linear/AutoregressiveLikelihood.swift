import Kernels
import ModelDefinition

/// The likelihood with first-order autoregressive errors, and with the Gaussian linear part integrated out whose prior
/// standard deviations may be parameters.
///
/// y = f + Z w + ε, ε_t = ρ ε_(t−1) + η_t with η_t ~ N(0, σ²), each geo from the stationary distribution on. Where the k − 1
/// periods before t are not known, ε_t = ρ^k ε_(t−k) + N(0, σ²/c_k) with 1/c_k = Σ_(j<k) ρ^(2j); the first known cell has
/// c_0 = 1 − ρ². A likelihood weight v_t multiplies the term of cell t given those before it. With the innovations
/// u_t = r_t − ρ^k r_(t−k) and Q their quadratic form, rᵀ Q r = Σ v_t c_t u_t², everything happens in the space of w: for
/// w = m + T z, z ~ N(0, I), T the prior standard deviations,
///
///     M = I + T Zᵀ Q Z T/σ²,   M ẑ = T Zᵀ Q r/σ²,   e = r − Z T ẑ,
///     log p = ½ Σ v_t log(c_t/(2π σ²)) − ½ eᵀ Q e/σ² − ½ ‖ẑ‖² − ½ log |M|.
///
/// Nothing cancels, and by the envelope theorem d log p/dr = −Q e/σ². Zᵀ Q Z is a polynomial in ρ whose coefficients are
/// summed once, so that an evaluation costs one factorisation of as many rows as there are columns, whatever the number of
/// learned scales. With ρ = 0 errors are independent.
struct AutoregressiveLikelihood: Sendable {
    /// The distance k in periods from the known cell before, of which there are few; 0 for none before.
    private struct Gap: Sendable {
        let length: Int
        /// Σ v over its cells.
        var weightSum = 0.0
        /// Σ v z_t z_tᵀ, Σ v (z_t z_(t−k)ᵀ + z_(t−k) z_tᵀ) and Σ v z_(t−k) z_(t−k)ᵀ by row, in vectors of eight columns.
        var own: [SIMD8<Double>]
        var cross: [SIMD8<Double>]
        var previous: [SIMD8<Double>]

        init(length: Int, columnCount: Int) {
            self.length = length
            own = [SIMD8<Double>](repeating: .zero, count: columnCount * ((columnCount + 7) / 8))
            cross = own
            previous = own
        }

        /// Adds its part of Zᵀ Q Z and of its derivative in ρ.
        func add(_ factor: Factor, to gram: inout [SIMD8<Double>], _ slopes: inout [SIMD8<Double>]) {
            for index in gram.indices {
                let form =
                    own[index] - factor.power * cross[index] + factor.power * factor.power * previous[index]
                let formSlope = factor.powerSlope * (2 * factor.power * previous[index] - cross[index])
                gram[index] += factor.precision * form
                slopes[index] += factor.precisionSlope * form + factor.precision * formSlope
            }
        }
    }

    /// ρ^k, 0 without a cell before, and c, with their derivatives in ρ.
    private struct Factor: Sendable {
        var power = 0.0
        var powerSlope = 0.0
        var precision = 1.0
        var precisionSlope = 0.0

        init(length: Int, rho: Double) {
            guard length > 0 else {
                (precision, precisionSlope) = ((1 - rho) * (1 + rho), -2 * rho)
                return
            }
            var power = 1.0
            var slope = 0.0
            var variance = 0.0
            var varianceSlope = 0.0
            for _ in 0..<length {
                variance += power * power
                varianceSlope += 2 * power * slope
                slope = slope * rho + power
                power *= rho
            }
            self.power = power
            powerSlope = slope
            precision = 1 / variance
            precisionSlope = -varianceSlope / (variance * variance)
        }
    }

    /// A known cell: where it lies among the values of the vectors, where the one before lies, and the index of its gap.
    private struct Cell: Sendable {
        let index: Int
        let previous: Int
        let gap: Int
        let weight: Double
    }

    private let cells: [Cell]
    private let vectors: Range<Int>
    private let weightSum: Double
    private let columns: PeriodColumns
    private let columnCount: Int
    private let means: [Double]
    private let deviations: [Double]
    /// By column: which of the learned scales multiplies its deviation, −1 for none.
    private let scaleIndices: [Int]

    private let gaps: [Gap]
    /// Of the last evaluation, by gap.
    private var factors: [Factor]
    /// Of the last evaluation, in vectors of eight columns, by row where they are matrices: T, ẑ, what it lacks, Zᵀ Q Z and
    /// its derivative in ρ, and M.
    private var spreads: [SIMD8<Double>]
    private var solution: [SIMD8<Double>]
    private var missing: [SIMD8<Double>]
    private var gram: [SIMD8<Double>]
    private var gramSlope: [SIMD8<Double>]
    private var matrix: [SIMD8<Double>]
    private var factor: CholeskyFactor
    private var scales: [Double]
    /// d log p/d scale.
    private(set) var scaleSlopes: [Double]
    /// By slot of `columns`; and e and Q e by cell in memory.
    private var products: [Double]
    private var coefficients: [Double]
    private var errors: [Double]
    private var weighted: [SIMD8<Double>]

    /// - Parameters:
    ///   - columns: what is integrated out, Z by cell of the part; their prior `means` and `deviations`.
    ///   - scaleIndices: by column, from 0 on; −1 for none.
    ///   - weights: v of the cells of the part, and `isKnown` of them.
    ///   - geo: the geo of the cells; nil for all.
    init(
        columns: [[Double]], means: [Double], deviations: [Double], scaleIndices: [Int], weights: [Double],
        isKnown: [Bool], geo: Int?, order: PeriodOrder
    ) {
        let count = columns.count
        columnCount = count
        self.means = means
        self.deviations = deviations
        self.scaleIndices = scaleIndices
        vectors = order.vectors(ofGeo: geo, cellCount: weights.count)
        weightSum = weights.reduce(0, +)
        self.columns = PeriodColumns(
            columns.map { column in (geo, column.enumerated().map { isKnown[$0] ? $1 : 0 }) }, order: order)
        var gaps: [Gap] = []
        var cells: [Cell] = []
        for start in stride(from: 0, to: weights.count, by: order.periods) {
            let base = ((geo ?? 0) + start / order.periods) * order.count
            var last: Int?
            for period in 0..<order.periods where isKnown[start + period] {
                let length = last.map { period - $0 } ?? 0
                let gap = gaps.firstIndex { $0.length == length } ?? gaps.count
                if gap == gaps.count { gaps.append(Gap(length: length, columnCount: count)) }
                let weight = weights[start + period]
                cells.append(
                    Cell(
                        index: base + order.index(of: period), previous: base + order.index(of: last ?? period),
                        gap: gap, weight: weight))
                gaps[gap].weightSum += weight
                for row in 0..<count {
                    let z = columns[row][start + period]
                    let before = last.map { columns[row][start + $0] } ?? 0
                    for column in 0..<count {
                        let other = columns[column][start + period]
                        let otherBefore = last.map { columns[column][start + $0] } ?? 0
                        let vector = row * ((count + 7) / 8) + column / 8
                        gaps[gap].own[vector][column % 8] += weight * (z * other)
                        gaps[gap].cross[vector][column % 8] += weight * (z * otherBefore + before * other)
                        gaps[gap].previous[vector][column % 8] += weight * (before * otherBefore)
                    }
                }
                last = period
            }
        }
        self.cells = cells
        self.gaps = gaps
        factors = gaps.map { Factor(length: $0.length, rho: 0) }
        factor = CholeskyFactor(count: count)
        spreads = [SIMD8<Double>](repeating: .zero, count: factor.stride)
        (solution, missing) = (spreads, spreads)
        gram = factor.inverse
        (gramSlope, matrix) = (gram, gram)
        scales = [Double](repeating: 1, count: (scaleIndices.max() ?? -1) + 1)
        scaleSlopes = scales
        products = [Double](repeating: 0, count: self.columns.coefficientCount)
        coefficients = products
        errors = [Double](repeating: 0, count: 8 * vectors.upperBound)
        weighted = [SIMD8<Double>](repeating: .zero, count: vectors.upperBound)
    }

    mutating func setScale(_ index: Int, to value: Double) { scales[index] = value }

    /// Turns the residuals y − f − Z m of known cells into d log p/df, in place; the others are 0 and stay so.
    mutating func evaluate(
        _ residuals: inout [SIMD8<Double>], sigma: Double, rho: Double
    ) -> (value: Double, sigma: Double, rho: Double) {
        let variance = sigma * sigma
        for gap in gaps.indices { factors[gap] = Factor(length: gaps[gap].length, rho: rho) }
        for column in 0..<columnCount {
            let index = scaleIndices[column]
            spreads[column / 8][column % 8] = index < 0 ? deviations[column] : deviations[column] * scales[index]
        }
        if columnCount > 0 { factor(variance) }
        for vector in solution.indices { solution[vector] = .zero }
        // The second solution takes away what rounding left of the first.
        for _ in 0..<(columnCount > 0 ? 2 : 0) {
            weigh(residuals)
            refine(&residuals, variance: variance)
        }
        let (quadratic, quadraticSlope) = weigh(residuals)
        var value = -0.5 * quadratic / variance - weightSum * (Elementary.log(sigma) + SpecialFunctions.halfLogTwoPi)
        var rhoSlope = -0.5 * quadraticSlope / variance
        for (gap, factor) in zip(gaps, factors) {
            value += 0.5 * gap.weightSum * Elementary.log(factor.precision)
            rhoSlope += 0.5 * gap.weightSum * (factor.precisionSlope / factor.precision)
        }
        var trace = 0.0
        for row in 0..<columnCount {
            value -= Elementary.log(factor.diagonal(row))
            trace += factor.inverseDiagonal(row)
            rhoSlope -= 0.5 * (spreads[row / 8][row % 8] * shrunkDiagonal(row, of: gramSlope)) / variance
        }
        for vector in solution { value -= 0.5 * Reductions.horizontalSum(vector * vector) }
        setScaleSlopes(variance: variance)
        let sigmaSlope = (quadratic / variance + (Double(columnCount) - trace) - weightSum) / sigma
        for index in vectors { residuals[index] = weighted[index] / variance }
        return (value, sigmaSlope, rhoSlope)
    }

    /// Sets Q r of the residuals; returns rᵀ Q r and its derivative in ρ.
    @discardableResult
    private mutating func weigh(_ residuals: [SIMD8<Double>]) -> (Double, Double) {
        for index in vectors {
            let vector = residuals[index]
            for lane in 0..<8 { errors[8 * index + lane] = vector[lane] }
            weighted[index] = .zero
        }
        var quadratic = 0.0
        var slope = 0.0
        for cell in cells {
            let factor = factors[cell.gap]
            // Without a cell before, the power is 0.
            let previous = errors[cell.previous]
            let innovation = errors[cell.index] - factor.power * previous
            let pull = cell.weight * (factor.precision * innovation)
            quadratic += pull * innovation
            let squares = factor.precisionSlope * (innovation * innovation)
            slope += cell.weight * squares - 2 * pull * (factor.powerSlope * previous)
            weighted[cell.index >> 3][cell.index & 7] += pull
            weighted[cell.previous >> 3][cell.previous & 7] -= factor.power * pull
        }
        return (quadratic, slope)
    }

    /// Adds M⁻¹ (T Zᵀ Q e/σ² − ẑ) to ẑ, and takes its share off the errors.
    private mutating func refine(_ residuals: inout [SIMD8<Double>], variance: Double) {
        columns.products(with: weighted, into: &products)
        for slot in coefficients.indices { coefficients[slot] = 0 }
        // Lanes beyond the columns too: what is no number there would stay for good.
        for vector in missing.indices { missing[vector] = .zero }
        for row in 0..<columnCount {
            missing[row / 8][row % 8] = products[columns.slots[row]]
        }
        for vector in 0..<factor.stride {
            missing[vector] = spreads[vector] * missing[vector] / variance - solution[vector]
        }
        for row in 0..<columnCount {
            let change = CholeskyFactor.dot(factor.inverse, row * factor.stride, missing, 0, 0..<factor.stride)
            solution[row / 8][row % 8] += change
            coefficients[columns.slots[row]] = spreads[row / 8][row % 8] * change
        }
        columns.subtract(coefficients, from: &residuals)
    }

    /// Zᵀ Q Z, its derivative in ρ, and M with its inverse.
    private mutating func factor(_ variance: Double) {
        for index in gram.indices { (gram[index], gramSlope[index]) = (.zero, .zero) }
        for gap in gaps.indices { gaps[gap].add(factors[gap], to: &gram, &gramSlope) }
        for row in 0..<columnCount {
            let scale = SIMD8<Double>(repeating: spreads[row / 8][row % 8] / variance)
            for vector in 0..<factor.stride {
                matrix[row * factor.stride + vector] =
                    scale * gram[row * factor.stride + vector] * spreads[vector]
            }
            matrix[row * factor.stride + row / 8][row % 8] += 1
        }
        factor.factor(matrix)
    }

    /// (M⁻¹ T B)_kk for a symmetric B by row.
    private func shrunkDiagonal(_ index: Int, of form: [SIMD8<Double>]) -> Double {
        var sum = SIMD8<Double>.zero
        let start = index * factor.stride
        for vector in 0..<factor.stride {
            sum += factor.inverse[start + vector] * spreads[vector] * form[start + vector]
        }
        return Reductions.horizontalSum(sum)
    }

    /// d log p/dT_k = ẑ_k (Zᵀ Q e)_k/σ² − (M⁻¹ T Zᵀ Q Z)_kk/σ², for what `weigh` left.
    private mutating func setScaleSlopes(variance: Double) {
        guard !scales.isEmpty else { return }
        columns.products(with: weighted, into: &products)
        for scale in scales.indices { scaleSlopes[scale] = 0 }
        for column in 0..<columnCount where scaleIndices[column] >= 0 {
            let shrinkage = shrunkDiagonal(column, of: gram)
            let own = solution[column / 8][column % 8] * products[columns.slots[column]]
            let slope = (own - shrinkage) / variance
            scaleSlopes[scaleIndices[column]] += deviations[column] * slope
        }
    }

    /// One draw of w given everything else, at the point of the last evaluation: m + T (ẑ + L⁻ᵀ n). One normal a
    /// coefficient is asked for; with zeros for all it is the mean of w.
    func draw(normal: () -> Double) -> [Double] {
        var normals = [SIMD8<Double>](repeating: .zero, count: factor.stride)
        for column in 0..<columnCount { normals[column / 8][column % 8] = normal() }
        return (0..<columnCount).map { column in
            let standard = solution[column / 8][column % 8] + factor.transposedInverse(column, times: normals)
            return means[column] + spreads[column / 8][column % 8] * standard
        }
    }
}
