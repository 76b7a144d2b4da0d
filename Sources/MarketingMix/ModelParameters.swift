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
    /// Constants for lanes without a channel.
    let zero: Int
    let one: Int

    /// Blocks in order: intercept, adstock, saturation, effects and their spread over geos, controls, Fourier modes,
    /// events, holidays, trend, intercepts' spread over geos, residual scale.
    init(specification: ModelSpecification, columns: RegressorColumns, geos: [String]) {
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
            let labels = specification.channels.map(\.name)
            let spreads = table.append(
                "eta", axis: "channel", labels: labels, of: labels,
                priors: labels.map { _ in specification.prior(.eta) })[0]
            let deviations = table.append(
                "effect_deviation", axis: "channel", labels: labels, of: labels,
                priors: labels.map { _ in .normal(mean: 0, sd: 1) }, geos: geos)
            for geo in 0..<geoCount {
                for channel in labels.indices {
                    let place = table.appendConstant(1)
                    derived.append(
                        DerivedParameter(
                            function: .exponentialOfProduct, place: place,
                            inputs: (spreads[channel], deviations[geo][channel], one, one)))
                    channels[geo][channel].multiplier = place
                }
            }
        }
        self.channels = channels
        self.derived = derived

        var rows = [[Int]](repeating: [], count: max(1, owners.count))
        func append(_ columns: [RegressorColumn], named name: String, axis: String?) {
            let labels = columns.map(\.label)
            let places = table.append(
                name, axis: axis, labels: labels, of: labels, priors: columns.map(\.prior), geos: owners)
            for row in rows.indices { rows[row] += places[row] }
        }
        append(columns.controls, named: "gamma_control", axis: "control")
        append(columns.fourier, named: "gamma_fourier", axis: "fourier_mode")
        append(columns.events, named: "gamma_event", axis: "event")
        append(columns.holidays, named: "gamma_holiday", axis: "holiday")
        append(columns.trendSlope, named: "trend_slope", axis: nil)
        append(columns.trendDeltas, named: "trend_delta", axis: "changepoint")
        append(columns.knotLevel, named: "knot_level", axis: nil)
        append(columns.knotIncrements, named: "knot_increment", axis: "knot")
        regressors = rows
        if isPooled, specification.intercept {
            let scale = table.append("omega", prior: specification.prior(.omega))
            interceptDeviations = table.append("intercept_deviation", geos: geos, scale: scale)
        } else {
            interceptDeviations = []
        }
        let sigmas = scalar(.sigma, &table)
        self.sigmas = sigmas.count == geoCount ? sigmas : [Int](repeating: sigmas[0], count: geoCount)
        self.zero = zero
        self.one = one
        self.table = table
    }

    /// Appends the parameters of all channels; returns places by parameter, then owner, then channel.
    private static func appendMedia(
        _ specification: ModelSpecification, names: ParameterNames, owners: [String], to table: inout ParameterTable
    ) -> [String: [[Int?]]] {
        let channels = specification.channels
        var places: [String: [[Int?]]] = [:]
        for parameter in Channel.allParameterNames {
            let members = channels.indices.filter { channels[$0].parameterNames.contains(parameter) }
            let rows = table.append(
                names.name(of: parameter), axis: "channel", labels: members.map { channels[$0].name },
                of: channels.map(\.name),
                priors: members.map { member in
                    guard let prior = channels[member].priors[parameter] else {
                        preconditionFailure("channel \(channels[member].name) has no prior of \(parameter)")
                    }
                    return prior
                }, geos: owners)
            places[parameter] = rows.map { row in
                var result = [Int?](repeating: nil, count: channels.count)
                for (member, place) in zip(members, row) { result[member] = place }
                return result
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
            effect: effect, multiplier: one)
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

/// A preset's names of the parameters that differ between presets.
package struct ParameterNames: Sendable {
    /// The peer's names by ours.
    private let names: [String: String]

    /// - Parameter saturations: those of the model's channels; names that differ between kinds are the peer's where
    ///   all channels are of one kind.
    package init(_ preset: Preset, saturations: [Saturation]) {
        guard preset == .pymcMarketing else {
            names = [:]
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
        names.first { $0.value == name }?.key ?? name
    }
}
