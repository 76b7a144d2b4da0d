import Densities
import ModelDefinition

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
    /// Whether the parameter at `place` is the coefficient ÷ the learned standard deviation.
    var isStandardized = false

    /// Whether the coefficient has a Normal prior: then a Gaussian likelihood lets it be integrated out.
    var isGaussian: Bool {
        if case .normal = prior, coordinate != nil { true } else { false }
    }
}

extension MarketingMixModel {
    /// The intercept, where the model has one, then the regressors in layout order, then deviations of intercepts; geo
    /// after geo where each has its own, those of all geos with the first.
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
        func append(_ row: Int, of rows: [Int], _ values: [Double]) {
            let isShared = rows.allSatisfy { $0 == rows[0] }
            guard !isShared || row == 0 else { return }
            result.append(
                column(
                    rows[min(row, rows.count - 1)], isShared ? values : Array(values[dataset.cells(of: row)]),
                    geo: isShared ? nil : row))
        }
        let ones = [Double](repeating: 1, count: dataset.cellCount)
        for row in 0..<max(parameters.regressors.count, parameters.intercepts.count) {
            if specification.intercept { append(row, of: parameters.intercepts, ones) }
            for (index, regressor) in columns.enumerated() {
                append(row, of: parameters.regressors.map { $0[index] }, regressor.values)
            }
        }
        for (geo, place) in parameters.interceptDeviations.enumerated() {
            result.append(column(place, [Double](repeating: 1, count: dataset.periodCount), geo: geo))
        }
        return result
    }
}
