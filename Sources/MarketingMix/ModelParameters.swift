import Densities

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
        /// What multiplies the effect in this geo: exp(η z), or the constant 1.
        var multiplier: Int
        /// What is added to it: η z, or the constant 0.
        var offset: Int
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
    /// By geo.
    let sigmas: [Int]
    /// Coefficients of the linear part's columns by geo, or in one row for all, in the columns' order.
    let regressors: [[Int]]
    /// What is added to the coefficients of the first columns in a geo, by geo, then column; empty where they are common.
    let regressorDeviations: [[Int]]
    /// Constants for lanes without a channel.
    let zero: Int
    let one: Int

    /// Blocks in order: intercept, adstock, saturation, effects and their spread over geos, controls, treatments, Fourier
    /// modes, events, holidays, trend, what is idle, intercepts' spread over geos, residual scale.
    ///
    /// - Parameter baselineGeo: the geo from whose level those of the others depart in the preset `meridian`.
    init(specification: ModelSpecification, columns: RegressorColumns, geos: [String], baselineGeo: Int) {
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        let geoCount = max(1, geos.count)
        let isPooled = geos.count > 1 && specification.pooling == .partial
        /// The geos that have copies of every parameter.
        let owners = specification.pooling == .none ? geos : []
        var table = ParameterTable()
        let zero = table.appendConstant(0)
        let one = table.appendConstant(1)
        func scalar(_ parameter: BaselineParameter, _ table: inout ParameterTable) -> [Int] {
            let name = names.name(of: parameter.rawValue)
            let rows = table.append(
                name, axis: nil, labels: [name], of: [name], priors: [specification.prior(parameter)], geos: owners)
            return rows.map { $0[0] }
        }
        intercepts = specification.intercept ? scalar(.intercept, &table) : [zero]

        let media = Self.appendMedia(specification, names: names, owners: owners, to: &table)
        var derived: [DerivedParameter] = []
        var channels = (0..<max(1, owners.count)).map { row in
            specification.channels.enumerated().map { index, channel in
                Self.places(
                    of: channel, { media[$0]?[row][index] }, zero: zero, one: one, table: &table, derived: &derived)
            }
        }
        if channels.count < geoCount { channels = [[ChannelPlaces]](repeating: channels[0], count: geoCount) }
        if isPooled {
            Self.appendEffectDeviations(
                specification, names: names, geos: geos, zero: zero, one: one, channels: &channels, table: &table,
                derived: &derived)
        }
        self.channels = channels

        var rows = [[Int]](repeating: [], count: max(1, owners.count))
        func append(_ columns: [RegressorColumn], named name: String, axis: String?) {
            let labels = columns.map(\.label)
            let places = table.append(
                name, axis: axis, labels: labels, of: labels, priors: columns.map(\.prior), geos: owners)
            for row in rows.indices { rows[row] += places[row] }
        }
        append(columns.controls, named: names.name(of: "gamma_control"), axis: "control")
        var deviations = [[Int]](repeating: [], count: isPooled && specification.poolsRegressors ? geoCount : 0)
        func appendDeviations(of columns: [RegressorColumn], _ spread: BaselineParameter, _ name: String, axis: String)
        {
            guard !deviations.isEmpty else { return }
            let places = Self.appendDeviations(
                names.name(of: spread.rawValue), names.name(of: name), axis: axis, labels: columns.map(\.label),
                prior: specification.prior(spread), geos: geos, table: &table, derived: &derived)
            for geo in deviations.indices { deviations[geo] += places[geo] }
        }
        appendDeviations(of: columns.controls, .controlSpread, "control_deviation", axis: "control")
        appendDeviations(of: columns.treatments, .treatmentSpread, "treatment_deviation", axis: "treatment")
        regressorDeviations = deviations
        let treatments = Self.appendTreatments(
            specification, columns, names: names, owners: owners,
            deviations: deviations.map { Array($0.dropFirst(columns.controls.count)) }, to: &table, derived: &derived)
        for row in rows.indices { rows[row] += treatments[row] }
        append(columns.fourier, named: "gamma_fourier", axis: "fourier_mode")
        append(columns.events, named: "gamma_event", axis: "event")
        append(columns.holidays, named: "gamma_holiday", axis: "holiday")
        append(columns.trendSlope, named: "trend_slope", axis: nil)
        append(columns.trendDeltas, named: "trend_delta", axis: "changepoint")
        append(columns.knotLevel, named: "knot_level", axis: nil)
        append(columns.knotIncrements, named: "knot_increment", axis: "knot")
        append(columns.knotValues, named: names.name(of: "knot_value"), axis: "knot")
        for idle in columns.idle { append(idle.columns, named: idle.name, axis: idle.axis) }
        regressors = rows
        if isPooled, specification.intercept {
            let scale = table.append("omega", prior: specification.prior(.omega))
            interceptDeviations = table.append("intercept_deviation", geos: geos, scale: scale)
        } else if isPooled, specification.preset == .meridian {
            interceptDeviations = Self.appendLevels(
                names.name(of: "tau"), prior: specification.prior(.tau), geos: geos, baseline: baselineGeo, zero: zero,
                to: &table)
        } else {
            interceptDeviations = []
        }
        let sigmas =
            geos.count > 1 && specification.hasResidualScaleByGeo && owners.isEmpty
            ? Self.appendResidualScales(
                specification, named: names.name(of: "sigma"), geos: geos, one: one, to: &table, derived: &derived)
            : scalar(.sigma, &table)
        self.sigmas = sigmas.count == geoCount ? sigmas : [Int](repeating: sigmas[0], count: geoCount)
        self.zero = zero
        self.one = one
        self.table = table
        self.derived = derived
    }

    /// Appends the coefficients of treatments; returns their places by owner, then treatment. One with a contribution's
    /// prior has coefficient contribution · Σ money ÷ Σ money of its column from its baseline, over the owner's cells.
    private static func appendTreatments(
        _ specification: ModelSpecification, _ columns: RegressorColumns, names: ParameterNames, owners: [String],
        deviations: [[Int]], to table: inout ParameterTable, derived: inout [DerivedParameter]
    ) -> [[Int]] {
        var places = [[Int]](
            repeating: [Int](repeating: 0, count: columns.treatments.count), count: max(1, owners.count))
        func append(_ members: [Int], named name: String) {
            let rows = table.append(
                names.name(of: name), axis: "treatment", labels: members.map { columns.treatments[$0].label },
                of: columns.treatments.map(\.label), priors: members.map { columns.treatments[$0].prior }, geos: owners)
            for (row, own) in rows.enumerated() {
                for (member, place) in zip(members, own) { places[row][member] = place }
            }
        }
        let hasContribution = specification.treatments.map(\.hasContributionPrior)
        append(columns.treatments.indices.filter { !hasContribution[$0] }, named: "gamma_treatment")
        append(columns.treatments.indices.filter { hasContribution[$0] }, named: "treatment_contribution")
        for treatment in columns.treatments.indices where hasContribution[treatment] {
            for row in places.indices {
                let geo = owners.isEmpty ? nil : row
                func derive(_ function: DerivedParameter.Function, _ inputs: (Int, Int, Int, Int)) -> Int {
                    let place = table.appendConstant(0)
                    derived.append(DerivedParameter(function: function, place: place, inputs: inputs))
                    return place
                }
                let amounts = columns.treatmentAmounts
                let factor = table.appendConstant(amounts.coefficientPerContribution(treatment, geo: geo))
                var coefficient = derive(.product, (places[row][treatment], factor, factor, factor))
                // What geos bring beyond the common coefficient is taken off, so that the total is the contribution.
                for (geo, own) in deviations.enumerated() {
                    let share = table.appendConstant(-amounts.share(of: treatment, geo: geo))
                    coefficient = derive(.sumWithProduct, (coefficient, share, own[treatment], share))
                }
                places[row][treatment] = coefficient
            }
        }
        return places
    }

    /// Appends the parameters of all channels; returns places by parameter, then owner, then channel.
    private static func appendMedia(
        _ specification: ModelSpecification, names: ParameterNames, owners: [String], to table: inout ParameterTable
    ) -> [String: [[Int?]]] {
        let channels = specification.channels
        var places: [String: [[Int?]]] = [:]
        for block in names.mediaBlocks(of: channels) {
            func own(_ channel: Int) -> String? {
                block.parameters.first(where: channels[channel].parameterNames.contains)
            }
            let members = block.channels.filter { own($0) != nil }
            let rows = table.append(
                block.name, axis: block.axis, labels: members.map { channels[$0].name },
                of: block.channels.map { channels[$0].name },
                priors: members.map { member in
                    guard let prior = own(member).flatMap({ channels[member].priors[$0] }) else {
                        preconditionFailure("channel \(channels[member].name) has no prior of \(block.name)")
                    }
                    return prior
                }, geos: owners)
            for (row, own) in rows.enumerated() {
                for (member, place) in zip(members, own) {
                    for parameter in block.parameters {
                        places[
                            parameter, default: rows.map { _ in [Int?](repeating: nil, count: channels.count) }
                        ][row][member] = place
                    }
                }
            }
        }
        return places
    }

    /// Places of a channel, parameters of the kernels that derive from the user's appended.
    private static func places(
        of channel: Channel, _ place: (String) -> Int?, zero: Int, one: Int, table: inout ParameterTable,
        derived: inout [DerivedParameter]
    ) -> ChannelPlaces {
        func derive(_ function: DerivedParameter.Function, _ names: String...) -> Int {
            let inputs = (0..<4).map { $0 < names.count ? place(names[$0]) ?? one : one }
            let target = table.appendConstant(0)
            derived.append(
                DerivedParameter(
                    function: function, place: target, inputs: (inputs[0], inputs[1], inputs[2], inputs[3])))
            return target
        }
        var retention = place("alpha") ?? place("weibull_scale") ?? zero
        if channel.adstock.hasHalfLife, channel.adstock.kind != .none {
            retention = derive(
                channel.adstock.kind == .delayed ? .delayedHalfLifeRetention : .halfLifeRetention, "half_life")
        }
        var effect = place(channel.effect.parameterName) ?? zero
        var first = one
        var second = one
        switch channel.saturation {
        case .hill: (first, second) = (place("ec") ?? one, place("slope") ?? one)
        case .logistic, .michaelisMenten: first = place("lam") ?? one
        case .inverseLogistic: first = derive(.inverseRate, "lam")
        case .tanh: first = derive(.tanhRate, "beta", "c")
        case .baselinedTanh:
            first = derive(.baselinedRate, "x0", "r")
            if channel.effect == .coefficient { effect = derive(.baselinedHeight, "beta", "gain", "x0", "r") }
        case .sigmoid: (first, second) = (place("rate") ?? one, place("lam") ?? one)
        case .root: first = place("exponent") ?? one
        case .log, .none: break
        }
        return ChannelPlaces(
            retention: retention, delay: place("theta") ?? place("weibull_shape") ?? one, first: first, second: second,
            effect: effect, multiplier: one, offset: zero)
    }
}

extension Channel {
    /// Names of the parameters this channel has, in layout order.
    var parameterNames: [String] {
        Channel.parameterNames(adstock: adstock, saturation: saturation, effect: effect)
    }

    /// Names of all parameters that channels may have, in layout order.
    package static let allParameterNames = [
        "alpha", "half_life", "theta", "weibull_scale", "weibull_shape", "ec", "slope", "lam", "c", "x0", "gain", "r",
        "rate", "exponent", "roi", "window_roi", "mroi", "contribution_share", "beta",
    ]
}

extension Medium {
    /// How Meridian's names of parameters end.
    fileprivate var meridianName: String {
        switch self {
        case .paid: "m"
        case .paidReach: "rf"
        case .organic: "om"
        case .organicReach: "orf"
        }
    }

    /// Meridian's name of the axis of such channels.
    var meridianAxis: String {
        switch self {
        case .paid: "media_channel"
        case .paidReach: "rf_channel"
        case .organic: "organic_media_channel"
        case .organicReach: "organic_rf_channel"
        }
    }

    /// Meridian's name of their deviations between geos.
    var meridianDeviation: String { "beta_g\(meridianName)_dev" }
}

/// A preset's names of the parameters that differ between presets.
package struct ParameterNames: Sendable {
    /// The peer's names by ours.
    private let names: [String: String]
    /// Whether names of channels' parameters end with that of the medium.
    private let hasMedia: Bool

    private static let meridian = [
        "gamma_control": "gamma_c", "gamma_treatment": "gamma_n", "treatment_contribution": "contribution_n",
        "knot_value": "knot_values", "control": "gamma_c", "treatment": "gamma_n", "tau": "tau_g_excl_baseline",
        "omega_control": "xi_c", "control_deviation": "gamma_gc_dev", "omega_treatment": "xi_n",
        "treatment_deviation": "gamma_gn_dev",
    ]

    /// - Parameter saturations: those of the model's channels; names that differ between kinds are the peer's where
    ///   all channels are of one kind.
    package init(_ preset: Preset, saturations: [Saturation]) {
        hasMedia = preset == .meridian
        guard preset == .pymcMarketing else {
            names = preset == .meridian ? Self.meridian : [:]
            return
        }
        var names = [
            "intercept": "intercept_contribution", "sigma": "y_sigma", "alpha": "adstock_alpha",
            "half_life": "adstock_half_life", "control": "gamma_control", "fourier": "gamma_fourier",
            "theta": "adstock_theta", "weibull_scale": "adstock_lam",
            "weibull_shape": "adstock_k", "ec": "saturation_kappa", "exponent": "saturation_exponent",
            "rate": "saturation_rate",
        ]
        for own in ["slope", "lam", "c", "x0", "gain", "r", "beta"] { names[own] = "saturation_\(own)" }
        if let kind = saturations.first, saturations.allSatisfy({ $0 == kind }) {
            switch kind {
            case .tanh: names["beta"] = "saturation_b"
            case .michaelisMenten: names["beta"] = "saturation_alpha"
            case .root: names["exponent"] = "saturation_alpha"
            case .sigmoid: (names["beta"], names["rate"]) = ("saturation_sigma", "saturation_beta")
            default: break
            }
        }
        self.names = names
    }

    /// The preset's name of a parameter.
    package func name(of parameter: String) -> String { names[parameter] ?? parameter }

    /// Our name of a preset's parameter.
    package func parameter(named name: String) -> String {
        if hasMedia, let medium = Medium.allCases.first(where: { name.hasSuffix("_\($0.meridianName)") }) {
            let own = String(name.dropLast(medium.meridianName.count + 1))
            return own == "contribution" ? "contribution_share" : own
        }
        return BaselineParameter.allCases.first { names[$0.rawValue] == name }?.rawValue
            ?? names.first { $0.value == name }?.key ?? name
    }

    /// The blocks of the spreads of channels' effects between geos.
    func effectSpreads(
        of channels: [Channel]
    ) -> [(spread: String, deviation: String, axis: String, channels: [Int])] {
        guard hasMedia else { return [("eta", "effect_deviation", "channel", Array(channels.indices))] }
        return Medium.allCases.compactMap { medium in
            let members = channels.indices.filter { channels[$0].medium == medium }
            guard !members.isEmpty else { return nil }
            return ("eta_\(medium.meridianName)", medium.meridianDeviation, medium.meridianAxis, members)
        }
    }

    /// One block of the channels' parameters.
    struct MediaBlock {
        var name: String
        var axis: String
        /// A channel has at most one of them.
        var parameters: [String]
        var channels: [Int]
    }

    /// The blocks of these channels in layout order; channels without a block's parameter are counted in its axis.
    func mediaBlocks(of channels: [Channel]) -> [MediaBlock] {
        guard hasMedia else {
            return Channel.allParameterNames.map { parameter in
                MediaBlock(
                    name: name(of: parameter), axis: "channel", parameters: [parameter],
                    channels: Array(channels.indices))
            }
        }
        return Medium.allCases.flatMap { medium in
            let members = channels.indices.filter { channels[$0].medium == medium }
            return Channel.allParameterNames.filter { $0 != "window_roi" }.map { parameter in
                let own = parameter == "contribution_share" ? "contribution" : parameter
                return MediaBlock(
                    name: "\(own)_\(medium.meridianName)", axis: medium.meridianAxis,
                    parameters: parameter == "roi" ? ["roi", "window_roi"] : [parameter], channels: members)
            }
        }
    }
}
