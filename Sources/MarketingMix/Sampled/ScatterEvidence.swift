import Densities
import Kernels
import ModelDefinition

/// What a first look at the data tells of how effects differ between geos: enough to choose coordinates by, whatever
/// they are the posterior is the same.
///
/// Media take the form that priors expect. A regression of the KPI on what each channel is expected to bring gives its
/// size; a second one in each geo what the geo adds to it.
struct ScatterEvidence {
    /// By channel, then geo: the deviation γ of the effect, and the precision with which it is known.
    private(set) var deviations: [[Double]]
    private(set) var precisions: [[Double]]

    /// The standard deviation of γ that a geo's regression expects at most: only what the data tell should count.
    private static let deviationMax = 5.0

    /// Nil where there are no more cells than coefficients.
    init?(_ model: MarketingMixModel, columns: [LinearColumn]) {
        let table = model.parameters.table
        let parameters = model.values(
            table.priors.map { $0.prior.mean ?? $0.evaluate(0).value })
        let isObserved = model.isObserved
        /// Without the mean over the known cells of a geo, which its intercept takes up.
        func centred(_ values: [Double]) -> [Double] {
            var result = values
            for geo in 0..<model.dataset.geoCount {
                let cells = model.dataset.cells(of: geo)
                var (sum, count) = (0.0, 0.0)
                for cell in cells where isObserved[cell] { (sum, count) = (sum + values[cell], count + 1) }
                for cell in cells { result[cell] = isObserved[cell] ? values[cell] - sum / count : 0 }
            }
            return result
        }
        let media = model.components.filter(\.isChannel).map { centred(model.media($0, parameters: parameters)) }
        let target = centred(model.target)
        let common = columns.filter { $0.geo == nil }
        let shared = common.map { centred($0.values) }
        // Media are expected to be what they are expected to be, give or take as much.
        let regression = RidgeRegression(
            of: target, on: media + shared,
            means: media.map { _ in 1 } + shared.map { _ in 0 },
            precisions: media.map { _ in 1 } + common.map { 1 / square($0.prior.standardDeviation ?? 1) },
            variance: square(model.expectedResidualDeviation))
        let known = isObserved.count { $0 }
        guard let regression, known > media.count + shared.count else { return nil }
        let variance =
            Reductions.squaredNorm(regression.residuals) / Double(known - media.count - shared.count)
        guard variance > 0, variance < .infinity else { return nil }
        let sizes = regression.coefficients.prefix(media.count).map { max($0, 0) }
        deviations = media.map { _ in [] }
        precisions = deviations
        for geo in 0..<model.dataset.geoCount {
            let cells = model.dataset.cells(of: geo)
            let own = zip(media, sizes).map { series, size in series[cells].map { size * $0 } }
            let rest = Array(regression.residuals[cells])
            let ridge = 1 / square(Self.deviationMax)
            guard
                let regression = RidgeRegression(
                    of: rest, on: own, means: own.map { _ in 0 }, precisions: own.map { _ in ridge },
                    variance: variance)
            else { return nil }
            for channel in media.indices {
                deviations[channel].append(regression.coefficients[channel])
                precisions[channel].append(max(1 / regression.variances[channel] - ridge, 0))
            }
        }
    }

    /// How a channel's deviations are sampled, given the prior of their standard deviation η; nil where the data tell too
    /// little to gain by it.
    ///
    /// The channel's return takes up what all geos have in common, so what is known of γ is P = diag(p) − p pᵀ/Σ p, whose
    /// eigenvectors are the directions. A precision λ makes the standard deviation of η^(c−1) γ depend least on η at
    /// c = η²λ/(1 + η²λ); with the smallest η that is likely, so that the funnel of a small η stays out.
    func scatter(channel: Int, prior: PreparedPrior) -> (exponents: [Double], directions: [Double])? {
        let own = precisions[channel]
        let count = own.count
        let total = Reductions.sum(own)
        guard total > 0 else { return nil }
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0..<count { matrix[row * count + column] = 0 - own[row] * own[column] / total }
            matrix[row * count + row] += own[row]
        }
        guard let eigen = SymmetricEigen(matrix, dimension: count) else { return nil }
        // The smallest belongs to what all geos have in common.
        let known = eigen.values.enumerated().dropFirst().filter { $0.element > 0 }.map { index, value in
            (
                variance: 1 / value,
                deviation: Reductions.dot(
                    Array(eigen.vectors[index * count..<(index + 1) * count]), deviations[channel])
            )
        }
        let small = Self.smallScale(prior, known: known)
        let exponents = eigen.values.enumerated().map { index, value in
            let information = index == 0 ? 0 : square(small) * max(value, 0)
            return information / (1 + information)
        }
        guard let largest = exponents.max(), largest > 0.1 else { return nil }
        return (exponents, eigen.vectors)
    }

    /// The tenth percentile of η given deviations ~ N(0, η² + variance), on a grid of its logarithm.
    private static func smallScale(
        _ prior: PreparedPrior, known: [(variance: Double, deviation: Double)]
    ) -> Double {
        let step = 0.1
        let first = Elementary.log(prior.prior.mean ?? 1) - 6
        var weights: [Double] = []
        for index in 0..<90 {
            let evaluation = prior.evaluate(first + step * Double(index))
            var logDensity = evaluation.logDensity + evaluation.logJacobian
            for (variance, deviation) in known {
                let sum = square(evaluation.value) + variance
                logDensity -= 0.5 * (Elementary.log(sum) + square(deviation) / sum)
            }
            weights.append(logDensity)
        }
        let largest = weights.max() ?? 0
        weights = weights.map { Elementary.exp($0 - largest) }
        var rest = 0.1 * weights.reduce(0, +)
        let index = weights.firstIndex { weight in
            rest -= weight
            return rest <= 0
        }
        return Elementary.exp(first + step * Double(index ?? 0))
    }
}

/// The mean and variances of coefficients with independent normal priors given y ~ N(Σ b_k x_k, σ²).
struct RidgeRegression {
    let coefficients: [Double]
    let variances: [Double]
    /// y − Σ b_k x_k.
    let residuals: [Double]

    /// Nil where the numbers are not finite.
    init?(of target: [Double], on columns: [[Double]], means: [Double], precisions: [Double], variance: Double) {
        let count = columns.count
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                let value = Reductions.dot(columns[row], columns[column]) / variance
                matrix[row * count + column] = value
                matrix[column * count + row] = value
            }
            matrix[row * count + row] += precisions[row]
        }
        guard let eigen = SymmetricEigen(matrix, dimension: count), eigen.values.allSatisfy({ $0 > 0 }) else {
            return nil
        }
        var rest = target
        for (column, mean) in zip(columns, means) where mean != 0 {
            for cell in rest.indices { rest[cell] -= mean * column[cell] }
        }
        let products = columns.map { Reductions.dot($0, rest) / variance }
        var coefficients = means
        var variances = [Double](repeating: 0, count: count)
        for (index, value) in eigen.values.enumerated() {
            let direction = Array(eigen.vectors[index * count..<(index + 1) * count])
            let share = Reductions.dot(direction, products) / value
            for row in 0..<count {
                coefficients[row] += share * direction[row]
                variances[row] += square(direction[row]) / value
            }
        }
        for (column, coefficient) in zip(columns, zip(coefficients, means).map(-)) where coefficient != 0 {
            for cell in rest.indices { rest[cell] -= coefficient * column[cell] }
        }
        guard rest.allSatisfy(\.isFinite) else { return nil }
        self.coefficients = coefficients
        self.variances = variances
        residuals = rest
    }
}

private func square(_ value: Double) -> Double { value * value }

extension ScatteredEffect {
    /// Of all channels whose effects are e^(η z) times the common one.
    static func all(_ model: MarketingMixModel, columns: [LinearColumn]) -> [ScatteredEffect] {
        let table = model.parameters.table
        let functions = Dictionary(
            uniqueKeysWithValues: model.parameters.derived.filter { $0.function == .exponentialOfProduct }.map {
                ($0.place, $0.inputs)
            })
        let scattered = model.specification.channels.indices.compactMap { channel -> (Int, [Int], Int)? in
            let inputs = model.parameters.channels.compactMap { functions[$0[channel].multiplier] }
            let places = inputs.map(\.1)
            guard places.count > 1, inputs.allSatisfy({ $0.0 == inputs[0].0 }) else { return nil }
            return (channel, places, inputs[0].0)
        }
        guard !scattered.isEmpty, let evidence = ScatterEvidence(model, columns: columns) else { return [] }
        return scattered.compactMap { channel, places, scale in
            let coordinates = places.compactMap { table.coordinates[$0] }
            guard coordinates.count == places.count, let scaleCoordinate = table.coordinates[scale],
                table.priors[scaleCoordinate].transform == .log,
                let (exponents, directions) = evidence.scatter(channel: channel, prior: table.priors[scaleCoordinate])
            else { return nil }
            return ScatteredEffect(
                coordinates: coordinates, places: places, scale: scale, exponents: exponents, directions: directions)
        }
    }
}
