import Densities
import Kernels
import ModelDefinition

/// The map between the sampler's coordinates u and the model's own q.
///
/// Coefficients of the linear part that are sampled are q = o + M u; parameters that are integrated out have no
/// coordinate; everything else is the identity. The Jacobian is constant and left out.
struct SamplerCoordinates: Sendable {
    /// The model's coordinate of each sampler coordinate, ascending.
    let modelCoordinates: [Int]
    /// Sampler coordinates of the sampled coefficients.
    private let linear: [Int]
    private let offsets: [Double]
    /// M column by column, each padded to whole vectors, and the columns of its inverse.
    private let matrix: [SIMD8<Double>]
    private let inverseColumns: [[Double]]
    /// The coefficients, or derivatives in them.
    private var coefficients: [SIMD8<Double>]

    /// Share of the KPI's standard deviation that is expected to stay unexplained.
    static let residualShare = 0.3

    /// The model's own coordinates.
    init(identity dimension: Int) {
        self.init(modelCoordinates: Array(0..<dimension), linear: [], map: AffineMap())
    }

    init(
        form: PosteriorForm, dimension: Int, columns: [LinearColumn], marginalized: [LinearColumn],
        model: MarketingMixModel
    ) {
        func inAllCells(_ columns: [LinearColumn]) -> [LinearColumn] {
            columns.map { column in
                LinearColumn(
                    place: column.place, coordinate: column.coordinate, isDerived: column.isDerived,
                    prior: column.prior, scale: column.scale, geo: nil, values: seen(model.cells(of: column)))
            }
        }
        // Coordinates, too, are chosen without what is held out.
        func seen(_ values: [Double]) -> [Double] {
            model.dataset.first(model.dataset.trainingPeriodCount, of: values)
        }
        let target = seen(model.target)
        // One intercept takes up the means of the other columns.
        let intercept =
            model.specification.intercept && model.parameters.intercepts.count == 1
            ? model.parameters.intercepts[0] : nil
        let missing = Set(marginalized.compactMap(\.coordinate))
        let modelCoordinates = (0..<dimension).filter { !missing.contains($0) }
        let sampled = inAllCells(
            columns.filter { column in
                column.coordinate.map { !missing.contains($0) } ?? false && column.prior.transform == .identity
            })
        let targetMoments = Moments(target)
        let deviation = Self.residualShare * targetMoments.scale
        let map =
            form == .joint
            ? AffineMap(
                scaling: sampled, residualDeviation: deviation, level: targetMoments.mean,
                interceptPlace: intercept)
            : AffineMap(
                whitening: sampled, given: inAllCells(marginalized), residualDeviation: deviation, target: target)
        let position = Dictionary(uniqueKeysWithValues: modelCoordinates.enumerated().map { ($1, $0) })
        self.init(
            modelCoordinates: modelCoordinates,
            linear: sampled.compactMap { column in column.coordinate.flatMap { position[$0] } }, map: map)
    }

    private init(modelCoordinates: [Int], linear: [Int], map: AffineMap) {
        self.modelCoordinates = modelCoordinates
        self.linear = linear
        offsets = map.offsets
        let vectorCount = (linear.count + 7) / 8
        var matrix = [SIMD8<Double>](repeating: .zero, count: vectorCount * linear.count)
        for (index, column) in map.columns.enumerated() {
            for (row, value) in column.enumerated() { matrix[index * vectorCount + row / 8][row % 8] = value }
        }
        self.matrix = matrix
        inverseColumns = map.inverseColumns
        coefficients = [SIMD8<Double>](repeating: .zero, count: vectorCount)
    }

    var dimension: Int { modelCoordinates.count }

    /// Writes the model's coordinates that are sampled; the others keep their values.
    mutating func toModel(_ position: Span<Double>, into model: inout [Double]) {
        for index in modelCoordinates.indices { model[modelCoordinates[index]] = position[index] }
        for vector in coefficients.indices { coefficients[vector] = .zero }
        for column in linear.indices {
            let value = SIMD8<Double>(repeating: position[linear[column]])
            let start = column * coefficients.count
            for vector in coefficients.indices { coefficients[vector] += matrix[start + vector] * value }
        }
        for row in linear.indices {
            model[modelCoordinates[linear[row]]] = offsets[row] + coefficients[row / 8][row % 8]
        }
    }

    /// The sampler's gradient of one in the model's coordinates.
    mutating func pullBack(_ modelGradient: [Double], into gradient: inout MutableSpan<Double>) {
        for index in modelCoordinates.indices { gradient[index] = modelGradient[modelCoordinates[index]] }
        for row in linear.indices { coefficients[row / 8][row % 8] = gradient[linear[row]] }
        for column in linear.indices {
            let start = column * coefficients.count
            var sum = SIMD8<Double>.zero
            for vector in coefficients.indices { sum += matrix[start + vector] * coefficients[vector] }
            gradient[linear[column]] = Reductions.horizontalSum(sum)
        }
    }

    func fromModel(_ model: [Double]) -> [Double] {
        var position = modelCoordinates.map { model[$0] }
        var values = [Double](repeating: 0, count: linear.count)
        for column in linear.indices {
            let value = model[modelCoordinates[linear[column]]] - offsets[column]
            for row in linear.indices { values[row] += inverseColumns[column][row] * value }
        }
        for row in linear.indices { position[linear[row]] = values[row] }
        return position
    }
}

/// q = o + M u for the coefficients of a linear part, chosen once from priors and data.
struct AffineMap: Sendable {
    var offsets: [Double] = []
    var columns: [[Double]] = []
    var inverseColumns: [[Double]] = []

    init() {}

    /// Each coefficient scaled by the standard deviation that prior and data let expect,
    /// s = (1/sd² + T var(z)/σ²)^(−½), with centred columns: q_k = s_k u_k and
    /// q_intercept = level + s_0 u_0 − Σ_k mean(z_k) q_k.
    init(scaling sampled: [LinearColumn], residualDeviation: Double, level: Double, interceptPlace: Int?) {
        let count = sampled.count
        var scales: [Double] = []
        var means: [Double] = []
        for column in sampled {
            let moments = Moments(column.values)
            let isIntercept = column.place == interceptPlace
            var squares = 0.0
            for value in column.values { squares += isIntercept ? 1 : (value - moments.mean) * (value - moments.mean) }
            means.append(moments.mean)
            scales.append(
                1 / (Self.precision(column.prior) + squares / (residualDeviation * residualDeviation)).squareRoot())
        }
        let intercept = sampled.firstIndex { $0.place == interceptPlace }
        offsets = [Double](repeating: 0, count: count)
        columns = (0..<count).map { column in (0..<count).map { $0 == column ? scales[column] : 0 } }
        inverseColumns = (0..<count).map { column in (0..<count).map { $0 == column ? 1 / scales[column] : 0 } }
        if let intercept {
            offsets[intercept] = level
            for column in 0..<count where column != intercept {
                columns[column][intercept] = -means[column] * scales[column]
                inverseColumns[column][intercept] = means[column] / scales[intercept]
            }
        }
    }

    /// Whitening under the model y ~ N(Z w + Z' w', σ²) with independent Gaussian coefficients, w' integrated out:
    /// u is a standard normal vector if the residual standard deviation is as expected and media do nothing.
    init(
        whitening sampled: [LinearColumn], given marginalized: [LinearColumn], residualDeviation: Double,
        target: [Double]
    ) {
        // Rows of the sampled part times K'^(−½), K' = σ² I + Z' S' Z'ᵀ.
        let integrated = SingularValues(
            columns: marginalized.map { column in
                let scale = Self.deviation(column.prior) / residualDeviation
                return column.values.map { scale * $0 }
            })
        func whiten(_ values: [Double]) -> [Double] {
            var result = values.map { $0 / residualDeviation }
            for (basis, value) in zip(integrated.left, integrated.values) {
                let projection = Reductions.dot(basis, result)
                let factor = projection * (1 - 1 / (1 + value * value).squareRoot())
                for period in result.indices { result[period] -= factor * basis[period] }
            }
            return result
        }
        let deviations = sampled.map { Self.deviation($0.prior) }
        let means = sampled.map { $0.prior.mean ?? 0 }
        let decomposition = SingularValues(
            columns: zip(sampled, deviations).map { column, deviation in whiten(column.values).map { $0 * deviation } })
        var shifted = target
        for (column, mean) in zip(sampled, means) {
            for period in shifted.indices { shifted[period] -= mean * column.values[period] }
        }
        for column in marginalized {
            let mean = column.prior.mean ?? 0
            for period in shifted.indices { shifted[period] -= mean * column.values[period] }
        }
        let response = whiten(shifted)
        let count = sampled.count
        offsets = means
        columns = (0..<count).map { column in (0..<count).map { $0 == column ? deviations[column] : 0 } }
        inverseColumns = (0..<count).map { column in (0..<count).map { $0 == column ? 1 / deviations[column] : 0 } }
        // M = S (I + Σ_j ((1 + λ_j)^(−½) − 1) v_j v_jᵀ), and o at the posterior mean.
        for (index, value) in decomposition.values.enumerated() {
            let direction = decomposition.right[index]
            let total = 1 + value * value
            let shrinkage = 1 / total.squareRoot() - 1
            let stretch = total.squareRoot() - 1
            let mean = value * Reductions.dot(decomposition.left[index], response) / total
            for row in 0..<count {
                offsets[row] += deviations[row] * direction[row] * mean
                for column in 0..<count {
                    columns[column][row] += deviations[row] * shrinkage * direction[row] * direction[column]
                    inverseColumns[column][row] += stretch * direction[row] * direction[column] / deviations[column]
                }
            }
        }
    }

    private static func deviation(_ prior: Prior) -> Double {
        let deviation = prior.standardDeviation ?? 1
        return deviation.isFinite && deviation > 0 ? deviation : 1
    }

    private static func precision(_ prior: Prior) -> Double {
        guard let deviation = prior.standardDeviation, deviation.isFinite, deviation > 0 else { return 0 }
        return 1 / (deviation * deviation)
    }
}
