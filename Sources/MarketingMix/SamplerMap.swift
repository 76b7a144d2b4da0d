import Densities

/// The affine map between the sampler's coordinates u and the model's own q.
///
/// Coefficients of the linear part are scaled by the standard deviation that prior and data together let expect,
/// s = (1/sd² + T var(z)/σ₀²)^(−½) with σ₀ = 0.3 sd(y), and their columns are centred: q_k = s_k u_k and
/// q_intercept = mean(y) + s_0 u_0 − Σ_k mean(z_k) q_k. So a covariate may have any unit, and a trend does not pull
/// at the intercept. Everything else is the identity. The map's Jacobian is constant and left out.
struct SamplerMap: Sendable {
    private struct Coefficient: Sendable {
        var coordinate: Int
        var scale: Double
        var mean: Double
    }

    private var coefficients: [Coefficient] = []
    private var intercept: (coordinate: Int, scale: Double, offset: Double)?

    /// Share of the KPI's standard deviation that is expected to stay unexplained.
    private static let residualShare = 0.3

    init(parameters: ModelParameters, columns: [RegressorColumn], target: [Double]) {
        let table = parameters.table
        let targetMoments = Moments(target)
        let residualVariance = Self.residualShare * targetMoments.scale * Self.residualShare * targetMoments.scale
        let periods = Double(target.count)

        func scale(_ coordinate: Int, variance: Double) -> Double? {
            guard table.priors[coordinate].transform == .identity else { return nil }
            let deviation = table.priors[coordinate].prior.standardDeviation ?? .infinity
            let precision = deviation.isFinite && deviation > 0 ? 1 / (deviation * deviation) : 0
            let total = precision + periods * variance / residualVariance
            return total > 0 && total.isFinite ? 1 / total.squareRoot() : nil
        }

        if let coordinate = table.coordinates[parameters.intercept], let scale = scale(coordinate, variance: 1) {
            intercept = (coordinate, scale, targetMoments.mean)
        }
        for (place, column) in zip(parameters.regressors, columns) {
            guard let coordinate = table.coordinates[place] else { continue }
            let mean = Moments(column.values).mean
            var squares = 0.0
            for value in column.values { squares += (value - mean) * (value - mean) }
            guard let scale = scale(coordinate, variance: squares / periods) else { continue }
            coefficients.append(Coefficient(coordinate: coordinate, scale: scale, mean: mean))
        }
    }

    func toModel(_ position: Span<Double>, into model: inout [Double]) {
        for index in 0..<position.count { model[index] = position[index] }
        var centre = 0.0
        for coefficient in coefficients {
            let value = coefficient.scale * position[coefficient.coordinate]
            model[coefficient.coordinate] = value
            centre += coefficient.mean * value
        }
        if let intercept {
            model[intercept.coordinate] = intercept.offset + intercept.scale * position[intercept.coordinate] - centre
        }
    }

    /// Turns a gradient in the model's coordinates into one in the sampler's, in place.
    func pullBack(_ gradient: inout MutableSpan<Double>) {
        let interceptSlope = intercept.map { gradient[$0.coordinate] } ?? 0
        for coefficient in coefficients {
            let slope = gradient[coefficient.coordinate] - coefficient.mean * interceptSlope
            gradient[coefficient.coordinate] = coefficient.scale * slope
        }
        if let intercept { gradient[intercept.coordinate] = intercept.scale * interceptSlope }
    }

    func fromModel(_ model: [Double]) -> [Double] {
        var position = model
        var centre = 0.0
        for coefficient in coefficients {
            position[coefficient.coordinate] = model[coefficient.coordinate] / coefficient.scale
            centre += coefficient.mean * model[coefficient.coordinate]
        }
        if let intercept {
            position[intercept.coordinate] = (model[intercept.coordinate] + centre - intercept.offset) / intercept.scale
        }
        return position
    }
}
