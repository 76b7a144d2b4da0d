import Densities

/// Parameters by which the geos of a panel differ.
extension ModelParameters {
    /// Appends the spread of every channel's effect and its geos' deviations, and sets what they do to the effects.
    static func appendEffectDeviations(
        _ specification: ModelSpecification, names: ParameterNames, geos: [String], zero: Int, one: Int,
        channels: inout [[ChannelPlaces]], table: inout ParameterTable, derived: inout [DerivedParameter]
    ) {
        for block in names.effectSpreads(of: specification.channels) {
            let labels = block.channels.map { specification.channels[$0].name }
            let spreads = table.append(
                block.spread, axis: block.axis, labels: labels, of: labels,
                priors: labels.map { _ in specification.prior(.eta) })[0]
            let deviations = table.append(
                block.deviation, axis: block.axis, labels: labels, of: labels,
                priors: labels.map { _ in .normal(mean: 0, sd: 1) }, geos: geos)
            for geo in geos.indices {
                for (index, channel) in block.channels.enumerated() {
                    let isNormal = specification.deviations == .normal
                    let place = table.appendConstant(isNormal ? 0 : 1)
                    derived.append(
                        DerivedParameter(
                            function: isNormal ? .product : .exponentialOfProduct, place: place,
                            inputs: (spreads[index], deviations[geo][index], one, one)))
                    if isNormal {
                        channels[geo][channel].offset = place
                    } else {
                        channels[geo][channel].multiplier = place
                    }
                }
            }
        }
        guard specification.preset == .meridian, specification.deviations == .lognormal else { return }
        // There the coefficient is the logarithm of the effect.
        for (index, channel) in specification.channels.enumerated() where channel.effect == .coefficient {
            let place = table.appendConstant(0)
            derived.append(
                DerivedParameter(
                    function: .exponentialOfProduct, place: place, inputs: (channels[0][index].effect, one, one, one)))
            for geo in channels.indices { channels[geo][index].effect = place }
        }
    }

    /// Appends a spread a column and a deviation z ~ N(0, 1) of every geo; returns places of spread · z by geo, then
    /// column.
    static func appendDeviations(
        _ spreadName: String, _ deviationName: String, axis: String, labels: [String], prior: Prior, geos: [String],
        table: inout ParameterTable, derived: inout [DerivedParameter]
    ) -> [[Int]] {
        let spreads = table.append(
            spreadName, axis: axis, labels: labels, of: labels, priors: labels.map { _ in prior })[0]
        let deviations = table.append(
            deviationName, axis: axis, labels: labels, of: labels,
            priors: labels.map { _ in .normal(mean: 0, sd: 1) }, geos: geos)
        return deviations.map { row in
            zip(spreads, row).map { spread, deviation in
                let place = table.appendConstant(0)
                derived.append(
                    DerivedParameter(
                        function: .product, place: place, inputs: (spread, deviation, deviation, deviation)))
                return place
            }
        }
    }

    /// Appends the level of every geo but one, which has 0; returns their places by geo.
    static func appendLevels(
        _ name: String, prior: Prior, geos: [String], baseline: Int, zero: Int, to table: inout ParameterTable
    ) -> [Int] {
        let labels = geos.indices.filter { $0 != baseline }.map { geos[$0] }
        var places = table.append(
            name, axis: "geo", labels: labels, of: geos, priors: labels.map { _ in prior })[0]
        places.insert(zero, at: baseline)
        return places
    }

    /// Appends the residual scales of the geos: of their own in the preset `meridian`, otherwise σ exp(ζ z).
    static func appendResidualScales(
        _ specification: ModelSpecification, named name: String, geos: [String], one: Int,
        to table: inout ParameterTable, derived: inout [DerivedParameter]
    ) -> [Int] {
        let prior = specification.prior(.sigma)
        guard specification.preset != .meridian else {
            return table.append(name, axis: nil, labels: [name], of: [name], priors: [prior], geos: geos).map { $0[0] }
        }
        let common = table.append(name, prior: prior)
        let spread = table.append("zeta", prior: specification.prior(.zeta))
        let deviations = table.append(
            "sigma_deviation", axis: nil, labels: ["sigma_deviation"], of: ["sigma_deviation"],
            priors: [.normal(mean: 0, sd: 1)], geos: geos)
        return deviations.map { row in
            let factor = table.appendConstant(1)
            derived.append(
                DerivedParameter(function: .exponentialOfProduct, place: factor, inputs: (spread, row[0], one, one)))
            let place = table.appendConstant(1)
            derived.append(DerivedParameter(function: .product, place: place, inputs: (common, factor, one, one)))
            return place
        }
    }
}
