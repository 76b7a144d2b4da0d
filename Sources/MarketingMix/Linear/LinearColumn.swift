import Densities

/// One column of the linear part, the intercept's ones included, with the parameter that multiplies it.
struct LinearColumn: Sendable {
    /// In `ParameterTable`.
    let place: Int
    /// Of the model; nil where the coefficient is a constant, or a function of other parameters.
    let coordinate: Int?
    let isDerived: Bool
    let prior: Prior
    /// Place of the standard deviation of its Normal prior, where it is learned; `prior` then stands for it with
    /// deviation 1.
    let scale: Int?
    /// The one geo in which the column is not 0; nil for all.
    let geo: Int?
    /// One value a cell: of that geo, or of all.
    let values: [Double]

    /// Whether the coefficient has a Normal prior: then a Gaussian likelihood lets it be integrated out.
    var isGaussian: Bool {
        if case .normal = prior, coordinate != nil { true } else { false }
    }
}

extension MarketingMixModel {
    /// The intercept, where the model has one, then the regressors in layout order, then deviations of regressors and
    /// intercepts; geo after geo where each has its own.
    var linearColumns: [LinearColumn] {
        let table = parameters.table
        let derived = Set(parameters.derived.map(\.place))
        func column(_ place: Int, _ values: [Double], geo: Int?) -> LinearColumn {
            let coordinate = table.coordinates[place]
            return LinearColumn(
                place: place, coordinate: coordinate, isDerived: derived.contains(place),
                prior: coordinate.map { table.priors[$0].prior } ?? .point(table.values[place]),
                scale: coordinate.flatMap { table.scales[$0] }, geo: geo, values: values)
        }
        var result: [LinearColumn] = []
        for (row, places) in parameters.regressors.enumerated() {
            let geo = parameters.regressors.count > 1 ? row : nil
            let cells = geo.map(dataset.cells) ?? 0..<dataset.cellCount
            if specification.intercept {
                result.append(
                    column(parameters.intercepts[row], [Double](repeating: 1, count: cells.count), geo: geo))
            }
            for (place, regressor) in zip(places, columns) {
                result.append(column(place, Array(regressor.values[cells]), geo: geo))
            }
        }
        for (geo, places) in parameters.regressorDeviations.enumerated() {
            for (place, regressor) in zip(places, columns) {
                result.append(column(place, Array(regressor.values[dataset.cells(of: geo)]), geo: geo))
            }
        }
        for (geo, place) in parameters.interceptDeviations.enumerated() {
            result.append(column(place, [Double](repeating: 1, count: dataset.periodCount), geo: geo))
        }
        return result
    }
}
