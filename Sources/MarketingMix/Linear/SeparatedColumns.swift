extension MarketingMixModel {
    /// Columns whose coefficients in the geos are m + s z, taken apart: m with the columns of all geos, and s z, which is
    /// Gaussian with the learned standard deviation s. Others stay as they are.
    ///
    /// Both may be integrated out; the coefficients themselves are then computed from nothing, and not used.
    func separated(_ columns: [LinearColumn]) -> [LinearColumn] {
        let table = parameters.table
        let derived = Set(parameters.derived.filter { !$0.isSpectralDeviation }.map(\.place))
        var inputs: [Int: (common: Int, scale: Int, standard: Int)] = [:]
        for function in parameters.derived where function.function == .sumWithProduct {
            let (common, scale, standard, _) = function.inputs
            let isSampled = table.coordinates[common] != nil
            let isZero = !derived.contains(common) && table.values[common] == 0
            guard isSampled || isZero, table.coordinates[standard] != nil, !derived.contains(scale) else { continue }
            inputs[function.place] = (common, scale, standard)
        }
        let taken = columns.filter { inputs[$0.place] != nil }
        let deviations = taken.compactMap { column in
            inputs[column.place].map { _, scale, standard in
                LinearColumn(
                    place: standard, coordinate: table.coordinates[standard], isDerived: false,
                    prior: .normal(mean: 0, sd: 1), scale: scale, geo: column.geo, values: column.values,
                    isStandardized: true)
            }
        }
        return columns.filter { inputs[$0.place] == nil } + commonColumns(taken) + deviations
    }
}
