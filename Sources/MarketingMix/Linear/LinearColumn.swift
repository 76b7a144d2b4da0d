import Densities

/// One column of the linear part, the intercept's ones included, with the parameter that multiplies it.
struct LinearColumn: Sendable {
    /// In `ParameterTable`.
    let place: Int
    /// Of the model; nil where the coefficient is a constant.
    let coordinate: Int?
    let prior: Prior
    /// One value a period.
    let values: [Double]

    /// Whether the coefficient has a Normal prior: then a Gaussian likelihood lets it be integrated out.
    var isGaussian: Bool {
        if case .normal = prior, coordinate != nil { true } else { false }
    }
}

extension MarketingMixModel {
    /// The intercept, where the model has one, then the regressors in layout order.
    var linearColumns: [LinearColumn] {
        var result: [LinearColumn] = []
        let table = parameters.table
        func append(_ place: Int, _ values: [Double]) {
            let coordinate = table.coordinates[place]
            let prior = coordinate.map { table.priors[$0].prior } ?? .point(table.values[place])
            result.append(LinearColumn(place: place, coordinate: coordinate, prior: prior, values: values))
        }
        if specification.intercept {
            append(parameters.intercept, [Double](repeating: 1, count: dataset.periodCount))
        }
        for (place, column) in zip(parameters.regressors, columns) { append(place, column.values) }
        return result
    }
}
