import Densities
import Kernels
import ModelDefinition

/// A deviation γ = s z of a geo's coefficient that is sampled itself, in place of z.
///
/// Where the data tell γ far better than its prior does, z = γ/s moves against s along a curved ridge, which γ does not.
/// The posterior of z is the same: N(z | 0, 1) dz = N(γ | 0, s) dγ.
struct CentredDeviation: Sendable {
    /// The model's coordinate of z, its place, and that of s.
    let coordinate: Int
    let place: Int
    let scale: Int
    /// The column with its coefficient γ, under a standard deviation that the prior of s lets expect.
    let column: LinearColumn

    /// γ is sampled where its standard deviation given the data is expected to be less than this share of s.
    private static let shareMax = 0.5

    /// - Parameters:
    ///   - columns: of the linear part.
    ///   - residualDeviation: that is expected of the scaled KPI.
    static func all(
        _ model: MarketingMixModel, columns: [LinearColumn], residualDeviation: Double
    ) -> [CentredDeviation] {
        let functions = Dictionary(
            uniqueKeysWithValues: model.parameters.derived.filter { $0.function == .sumWithProduct }.map {
                ($0.place, $0.inputs)
            })
        return columns.compactMap { column in
            guard let inputs = functions[column.place], let scale = model.expectedValue(at: inputs.1), scale > 0,
                let coordinate = model.parameters.table.coordinates[inputs.2]
            else { return nil }
            let expected = residualDeviation / Reductions.squaredNorm(column.values).squareRoot()
            guard expected < shareMax * scale else { return nil }
            return CentredDeviation(
                coordinate: coordinate, place: inputs.2, scale: inputs.1,
                column: LinearColumn(
                    place: inputs.2, coordinate: coordinate, isDerived: false, prior: .normal(mean: 0, sd: scale),
                    scale: nil, geo: column.geo, values: column.values))
        }
    }
}

/// An intercept that is sampled as the level of the KPI: with the mean that media have in its cells.
///
/// Effects of media that hardly vary trade with it along a ridge that narrows as they grow; with the level they do not.
/// A shift, so there is no Jacobian.
struct SampledLevel: Sendable {
    let coordinate: Int
    let place: Int
    let prior: PreparedPrior
    /// Shares of the cells in the mean, in the order of the kernel's means, and where among them they begin.
    let shares: [Double]
    let start: Int

    /// - Parameter weights: likelihood weights of all cells.
    static func all(
        _ model: MarketingMixModel, columns: [LinearColumn], weights: [Double], order: PeriodOrder
    ) -> [SampledLevel] {
        let intercepts = Set(model.parameters.intercepts)
        return columns.filter { intercepts.contains($0.place) }.compactMap { column in
            guard let coordinate = column.coordinate else { return nil }
            let prior = model.parameters.table.priors[coordinate]
            guard prior.transform == .identity else { return nil }
            let cells = column.geo.map(model.dataset.cells) ?? 0..<model.dataset.cellCount
            let total = Reductions.sum(Array(weights[cells]))
            guard total > 0 else { return nil }
            let shares = order.vectors(weights[cells].map { $0 / total })
            return SampledLevel(
                coordinate: coordinate, place: column.place, prior: prior,
                shares: shares.flatMap { vector in (0..<8).map { vector[$0] } },
                start: (column.geo ?? 0) * order.count)
        }
    }

    /// The mean of media, one value a cell in that order.
    func mean(of media: [Double]) -> Double {
        var sum = 0.0
        for index in shares.indices { sum += shares[index] * media[start + index] }
        return sum
    }
}

extension MarketingMixModel {
    /// The share of the KPI's standard deviation that is expected to stay unexplained, on the model's scale.
    var expectedResidualDeviation: Double {
        let seen = dataset.first(dataset.trainingPeriodCount, of: target)
        return SamplerCoordinates.residualShare * Moments(seen).scale
    }

    /// What the prior expects of a parameter; nil where its mean does not exist.
    fileprivate func expectedValue(at place: Int) -> Double? {
        guard let coordinate = parameters.table.coordinates[place] else { return parameters.table.values[place] }
        return parameters.table.priors[coordinate].prior.mean
    }

    /// Columns of the common values from which the deviations of derived columns are, with their coefficients.
    func commonColumns(_ columns: [LinearColumn]) -> [LinearColumn] {
        let table = parameters.table
        let functions = Dictionary(
            uniqueKeysWithValues: parameters.derived.filter { $0.function == .sumWithProduct }.map {
                ($0.place, $0.inputs.0)
            })
        var sums: [Int: [Double]] = [:]
        for column in columns {
            guard let common = functions[column.place] else { continue }
            let own = cells(of: column)
            sums[common] = sums[common].map { zip($0, own).map(+) } ?? own
        }
        return sums.sorted { $0.key < $1.key }.compactMap { place, values in
            table.coordinates[place].map { coordinate in
                LinearColumn(
                    place: place, coordinate: coordinate, isDerived: false, prior: table.priors[coordinate].prior,
                    scale: nil, geo: nil, values: values)
            }
        }
    }
}
