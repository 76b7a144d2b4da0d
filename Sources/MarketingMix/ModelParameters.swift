import Densities
import ModelDefinition

/// Where the model's functions find each parameter in the vector of constrained values.
struct ModelParameters: Sendable {
    /// Places of one channel's parameters in one geo; a part that the channel does not have reads a constant.
    struct ChannelPlaces: Sendable {
        /// The adstock's parameters: retention or the Weibull scale, and delay or the Weibull shape; without adstock
        /// the constants 0 and 1.
        var retention: Int
        var delay: Int
        /// The curve's parameters as the kernels know them: half saturation, rate or exponent, then the slope or, of
        /// the sigmoid, where it is steepest; the constant 1 where there is none.
        var first: Int
        var second: Int
        /// What carries the prior of its effect.
        var effect: Int
        /// What multiplies β in this geo: exp(η z), or the constant 1.
        var multiplier: Int
        /// What is added to it: η z, or the constant 0.
        var addend: Int
    }

    let table: ParameterTable
    /// Parameters of the kernels that are functions of sampled ones.
    let derived: [DerivedParameter]
    /// By geo, then channel.
    let channels: [[ChannelPlaces]]
    /// By geo; one for all where they share it. The constant 0 without an intercept.
    let intercepts: [Int]
    /// Deviations of the geos' intercepts from the common one, by geo; empty where there are none.
    let interceptDeviations: [Int]
    /// By geo: σ, and ν of a Student's t likelihood, else the constant 1.
    let sigmas: [Int]
    let degreesOfFreedom: [Int]
    /// By geo: ρ, or the constant 0 where errors are independent.
    let correlations: [Int]
    /// Coefficients of the basis of what makes media work more or less, by geo or in one row; empty where they always work
    /// alike.
    let effectiveness: [[Int]]
    /// Coefficients of the linear part's columns by geo, or in one row for all, in the columns' order.
    let regressors: [[Int]]
    /// Constants for lanes without a channel.
    let zero: Int
    let one: Int

    /// Blocks in order: intercept, adstock, saturation, effects and their spread over geos, controls, treatments,
    /// Fourier modes, events, holidays, trend, what is idle, intercepts' spread over geos, residual scale.
    ///
    /// - Parameter largestGeo: index of the geo from which others differ under `BlockHierarchy.againstLargest`.
    init(specification: ModelSpecification, columns: RegressorColumns, geos: [String], largestGeo: Int) {
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        let geoCount = max(1, geos.count)
        var builder = ParameterBuilder(specification, names: names, geos: geos, largestGeo: largestGeo)
        intercepts = specification.intercept ? builder.append(.intercept) : [builder.zero]
        channels = Self.appendChannels(specification, names: names, geos: geos, to: &builder)

        var blocks: [[[Int]]] = []
        func append(_ columns: [RegressorColumn], of parameter: String, named name: String, axis: String?) {
            let labels = columns.map(\.label)
            let block = ParameterBuilder.Block(
                parameter: parameter, name: name, axis: axis, labels: labels, allLabels: labels,
                priors: columns.map(\.prior))
            blocks.append(builder.append(block))
        }
        append(columns.controls, of: "control", named: names.name(of: "gamma_control"), axis: "control")
        blocks.append(Self.appendTreatments(specification, columns, names: names, geos: geos, to: &builder))
        append(columns.fourier, of: "fourier", named: "gamma_fourier", axis: "fourier_mode")
        append(columns.events, of: "event", named: "gamma_event", axis: "event")
        append(columns.holidays, of: "holiday", named: "gamma_holiday", axis: "holiday")
        append(columns.trendSlope, of: "trend_slope", named: "trend_slope", axis: nil)
        append(columns.trendDeltas, of: "trend_delta", named: "trend_delta", axis: "changepoint")
        if !columns.trendBasis.isEmpty {
            blocks.append(
                Self.appendProcess(
                    "trend_basis", .trendScale, .trendLength, frequencies: columns.trendFrequencies, to: &builder))
        }
        append(columns.knotLevel, of: "knot_level", named: "knot_level", axis: nil)
        append(columns.knotIncrements, of: "knot_increment", named: "knot_increment", axis: "knot")
        append(columns.knotValues, of: "knot_value", named: names.name(of: "knot_value"), axis: "knot")
        for idle in columns.idle { append(idle.columns, of: idle.name, named: idle.name, axis: idle.axis) }
        let rowCount = blocks.map(\.count).max() ?? 1
        regressors = (0..<rowCount).map { row in blocks.flatMap { $0[min(row, $0.count - 1)] } }
        if geos.count > 1, specification.hasInterceptDeviations {
            let scale = builder.table.append("omega", prior: specification.prior(.omega))
            interceptDeviations = builder.table.append("intercept_deviation", geos: geos, scale: scale)
        } else {
            interceptDeviations = []
        }
        func inEveryGeo(_ places: [Int]) -> [Int] {
            places.count == geoCount ? places : [Int](repeating: places[0], count: geoCount)
        }
        sigmas = inEveryGeo(builder.append(.sigma))
        degreesOfFreedom = inEveryGeo(
            specification.likelihood == .studentT ? builder.append(.nu) : [builder.one])
        correlations = inEveryGeo(
            specification.errors == .autoregressive ? builder.append(.rho) : [builder.zero])
        effectiveness =
            columns.effectiveness.isEmpty
            ? []
            : Self.appendProcess(
                "effectiveness_basis", .effectivenessScale, .effectivenessLength,
                frequencies: columns.effectiveness.map(\.frequency), to: &builder)
        zero = builder.zero
        one = builder.one
        derived = builder.derived
        table = builder.table
    }

    /// Appends a Gaussian process: s_j z_j by geo or in one row, s_j a function of its standard deviation and length.
    private static func appendProcess(
        _ name: String, _ scale: BaselineParameter, _ length: BaselineParameter, frequencies: [Double],
        to builder: inout ParameterBuilder
    ) -> [[Int]] {
        let scales = builder.append(scale)
        let lengths = builder.append(length)
        let labels = frequencies.indices.map { String($0 + 1) }
        let standard = builder.append(
            ParameterBuilder.Block(
                parameter: name, name: name, axis: "\(name)_function", labels: labels, allLabels: labels,
                priors: labels.map { _ in .normal(mean: 0, sd: 1) }))
        return (0..<max(scales.count, lengths.count, standard.count)).map { row in
            frequencies.indices.map { index in
                let deviation = builder.derive(
                    .spectralDeviation(frequency: frequencies[index]),
                    [scales[min(row, scales.count - 1)], lengths[min(row, lengths.count - 1)]])
                return builder.derive(
                    .sumWithProduct, [builder.zero, deviation, standard[min(row, standard.count - 1)][index]])
            }
        }
    }

    /// Appends the parameters of all channels and those of their effects' spread over geos; places by geo.
    private static func appendChannels(
        _ specification: ModelSpecification, names: ParameterNames, geos: [String], to builder: inout ParameterBuilder
    ) -> [[ChannelPlaces]] {
        let media = appendMedia(specification, names: names, to: &builder)
        let rowCount = media.values.map(\.count).max() ?? 1
        var channels = (0..<rowCount).map { row in
            specification.channels.enumerated().map { index, channel in
                places(
                    of: channel,
                    { parameter in
                        media[parameter].flatMap { rows in
                            let row = rows[min(row, rows.count - 1)]
                            return row[index] ?? channel.longTermOf.flatMap { row[$0] }
                        }
                    }, builder: &builder)
            }
        }
        let geoCount = max(1, geos.count)
        if channels.count < geoCount { channels = [[ChannelPlaces]](repeating: channels[0], count: geoCount) }
        guard geoCount > 1, let deviations = specification.effectDeviations else { return channels }
        let members = specification.channels.indices.filter { index in
            specification.hierarchy(of: specification.channels[index].effect.parameter.rawValue) == .complete
        }
        for block in names.effectSpreads(of: specification.channels) {
            let own = block.channels.filter(members.contains)
            guard !own.isEmpty else { continue }
            let allLabels = block.channels.map { specification.channels[$0].name }
            let labels = own.map { specification.channels[$0].name }
            let spreads = builder.table.append(
                block.spread, axis: block.axis, labels: labels, of: allLabels, priors: labels.map { _ in deviations.sd }
            )[0]
            let standard = builder.table.append(
                block.deviation, axis: block.axis, labels: labels, of: allLabels,
                priors: labels.map { _ in .normal(mean: 0, sd: 1) }, geos: geos)
            for geo in 0..<geoCount {
                for (index, channel) in own.enumerated() {
                    let inputs = [spreads[index], standard[geo][index]]
                    switch deviations.form {
                    case .logNormal: channels[geo][channel].multiplier = builder.derive(.exponentialOfProduct, inputs)
                    case .normal: channels[geo][channel].addend = builder.derive(.product, inputs)
                    }
                }
            }
        }
        if specification.preset == .meridian, deviations.form == .logNormal {
            // There a coefficient is the logarithm of the effect.
            for (index, channel) in specification.channels.enumerated() where channel.effect == .coefficient {
                let place = builder.derive(.exponentialOfProduct, [channels[0][index].effect])
                for geo in channels.indices { channels[geo][index].effect = place }
            }
        }
        return channels
    }

    /// Appends the parameters of all channels; returns places by parameter, then geo or one row, then channel.
    private static func appendMedia(
        _ specification: ModelSpecification, names: ParameterNames, to builder: inout ParameterBuilder
    ) -> [MediaParameter: [[Int?]]] {
        let channels = specification.channels
        var places: [MediaParameter: [[Int?]]] = [:]
        for block in names.mediaBlocks(of: channels) {
            func own(_ channel: Int) -> MediaParameter? {
                block.parameters.first(where: channels[channel].parameters.contains)
            }
            let pooled = specification.families.filter { family in
                family.parameters.contains { block.parameters.contains($0.parameter) }
            }
            let members = block.channels.filter { channel in
                own(channel) != nil && !pooled.contains { $0.channels.contains(channel) }
            }
            let rows = builder.append(
                ParameterBuilder.Block(
                    parameter: block.parameters[0].rawValue, name: block.name, axis: block.axis,
                    labels: members.map { channels[$0].name }, allLabels: block.channels.map { channels[$0].name },
                    priors: members.map { member in
                        guard let prior = own(member).flatMap({ channels[member].priors[$0] }) else {
                            preconditionFailure("channel \(channels[member].name) has no prior of \(block.name)")
                        }
                        return prior
                    }))
            for parameter in block.parameters {
                Self.set(&places[parameter], rows, members, channelCount: channels.count)
                for family in pooled {
                    guard let own = family.parameters.first(where: { $0.parameter == parameter }) else { continue }
                    let row = append(own, of: family, named: block.name, channels: channels, to: &builder)
                    Self.set(&places[parameter], [row], family.channels, channelCount: channels.count)
                }
            }
        }
        return places
    }

    /// Appends what a family's channels have in common of a parameter, and how they differ; places by channel of it.
    private static func append(
        _ pooled: ChannelFamily.PooledParameter, of family: ChannelFamily, named name: String, channels: [Channel],
        to builder: inout ParameterBuilder
    ) -> [Int] {
        let labels = family.channels.map { channels[$0].name }
        let prefix = "\(name)_\(family.name)"
        let prior =
            pooled.mean
            ?? channels[family.channels[0]].priors[pooled.parameter].flatMap {
                ChannelFamily.meanPrior(of: pooled.parameter, from: $0)
            }
        let mean = builder.table.append("\(prefix)_mean", prior: prior ?? .normal(mean: 0, sd: 1))
        let sd = builder.table.append("\(prefix)_sd", prior: pooled.sd)
        let standard = builder.table.append(
            "\(prefix)_deviation", axis: "\(family.name)_channel", labels: labels, of: labels,
            priors: labels.map { _ in .normal(mean: 0, sd: 1) })[0]
        let function: DerivedParameter.Function =
            pooled.parameter.isFractionInFamily ? .logisticOfSum : .exponentialOfSum
        return standard.map { builder.derive(function, [mean, sd, $0]) }
    }

    /// Puts a block's places where its channels are: by geo or in one row, then by channel. Blocks of other channels may
    /// have put theirs there before.
    private static func set(_ rows: inout [[Int?]]?, _ block: [[Int]], _ members: [Int], channelCount: Int) {
        guard !members.isEmpty else { return }
        let known = rows ?? [[Int?](repeating: nil, count: channelCount)]
        rows = (0..<max(known.count, block.count)).map { row in
            var result = known[min(row, known.count - 1)]
            for (member, place) in zip(members, block[min(row, block.count - 1)]) { result[member] = place }
            return result
        }
    }

    /// Appends the coefficients of treatments; returns their places by geo, or in one row, then by treatment.
    ///
    /// One with a contribution's prior has coefficient contribution · Σ money ÷ Σ money of its column from its baseline,
    /// over all cells or over those of a geo with a contribution of its own.
    private static func appendTreatments(
        _ specification: ModelSpecification, _ columns: RegressorColumns, names: ParameterNames, geos: [String],
        to builder: inout ParameterBuilder
    ) -> [[Int]] {
        let all = columns.treatments
        guard !all.isEmpty else { return [[]] }
        func block(_ parameter: String, named name: String, _ members: [Int]) -> ParameterBuilder.Block {
            ParameterBuilder.Block(
                parameter: parameter, name: names.name(of: name), axis: "treatment",
                labels: members.map { all[$0].label }, allLabels: all.map(\.label),
                priors: members.map { all[$0].prior })
        }
        let hasContribution = specification.treatments.map(\.hasContributionPrior)
        let shared = all.indices.filter { hasContribution[$0] }
        let free = all.indices.filter { !hasContribution[$0] }
        let amounts = columns.treatmentAmounts
        let everyTreatment = block("treatment", named: "gamma_treatment", Array(all.indices))
        let deviations = builder.appendDeviations(everyTreatment)
        let coefficients = builder.appendCommon(block("treatment", named: "gamma_treatment", free))
        var contributions = builder.append(block("treatment_contribution", named: "treatment_contribution", shared))
        for row in contributions.indices {
            let geo = contributions.count > 1 ? row : nil
            for (index, treatment) in shared.enumerated() {
                let factor = builder.table.appendConstant(amounts.coefficientPerContribution(treatment, geo: geo))
                var coefficient = builder.derive(.product, [contributions[row][index], factor])
                // What geos bring beyond the common coefficient is taken off, so that the total is the contribution.
                for (geo, own) in deviations.enumerated() {
                    let share = builder.table.appendConstant(-amounts.share(of: treatment, geo: geo))
                    coefficient = builder.derive(.sumWithProduct, [coefficient, share, own[treatment]])
                }
                contributions[row][index] = coefficient
            }
        }
        let rowCount = max(deviations.count, coefficients.count, contributions.count)
        return (0..<rowCount).map { row in
            all.indices.map { treatment in
                let common =
                    shared.firstIndex(of: treatment).map { contributions[min(row, contributions.count - 1)][$0] }
                    ?? coefficients[min(row, coefficients.count - 1)][free.firstIndex(of: treatment) ?? 0]
                guard !deviations.isEmpty else { return common }
                return builder.derive(.sumWithProduct, [common, builder.one, deviations[row][treatment]])
            }
        }
    }

    /// Places of a channel, parameters of the kernels that derive from the user's appended.
    private static func places(
        of channel: Channel, _ place: (MediaParameter) -> Int?, builder: inout ParameterBuilder
    ) -> ChannelPlaces {
        let (zero, one) = (builder.zero, builder.one)
        func derive(_ function: DerivedParameter.Function, _ parameters: MediaParameter...) -> Int {
            builder.derive(function, parameters.map { place($0) ?? one })
        }
        var retention = place(.alpha) ?? place(.weibullScale) ?? zero
        if channel.adstock.hasHalfLife, channel.adstock.kind != .none {
            retention = derive(
                channel.adstock.kind == .delayed ? .delayedHalfLifeRetention : .halfLifeRetention, .halfLife)
        }
        var effect = place(channel.effect.parameter) ?? zero
        var first = one
        var second = one
        switch channel.saturation {
        case .hill: (first, second) = (place(.ec) ?? one, place(.slope) ?? one)
        case .logistic, .michaelisMenten: first = place(.lam) ?? one
        case .inverseLogistic: first = derive(.inverseRate, .lam)
        case .tanh: first = derive(.tanhRate, .beta, .c)
        case .baselinedTanh:
            first = derive(.baselinedRate, .x0, .r)
            if channel.effect == .coefficient { effect = derive(.baselinedHeight, .beta, .gain, .x0, .r) }
        case .sigmoid: (first, second) = (place(.rate) ?? one, place(.lam) ?? one)
        case .root: first = place(.exponent) ?? one
        case .log, .none: break
        }
        return ChannelPlaces(
            retention: retention, delay: place(.theta) ?? place(.weibullShape) ?? one, first: first, second: second,
            effect: effect, multiplier: one, addend: zero)
    }
}
