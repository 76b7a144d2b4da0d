import Densities
import Kernels
import ModelDefinition

/// What a first look at the data tells of how effects differ between geos: enough to choose coordinates by, whatever
/// they are the posterior is the same.
///
/// Where residuals are small, media in the shapes that priors expect would leave much more unexplained than the posterior
/// does, and effects would seem far less known than they are; so shapes are fitted.
struct ScatterEvidence {
    /// By channel, then geo: the deviation γ of the effect, and the precision with which it is known.
    private(set) var deviations: [[Double]]
    private(set) var precisions: [[Double]]

    /// The standard deviation of γ that is taken as known: only what the data tell should count.
    private static let deviationMax = 5.0

    /// Nil where there are no more cells than unknowns.
    init?(_ model: MarketingMixModel, columns: [LinearColumn]) {
        guard let fit = MediaFit(model, columns: columns),
            let deviations = fit.deviations(deviationMax: Self.deviationMax)
        else { return nil }
        self.deviations = deviations.values
        precisions = deviations.precisions
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

    /// The first percentile of η given deviations ~ N(0, η² + variance), on a grid of its logarithm. With the tenth a chain that
    /// came to a smaller η diverged there: a funnel costs more than a ridge.
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
        var rest = 0.01 * weights.reduce(0, +)
        let index = weights.firstIndex { weight in
            rest -= weight
            return rest <= 0
        }
        return Elementary.exp(first + step * Double(index ?? 0))
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
                channel: channel, coordinates: coordinates, places: places, scale: scale, exponents: exponents,
                directions: directions)
        }
    }
}
