import Densities

/// Where the model's functions find each parameter in the vector of constrained values.
struct ModelParameters: Sendable {
    /// Places of one channel's parameters; a part that the channel does not have reads a constant.
    struct ChannelPlaces: Sendable {
        /// The adstock's parameters: retention or the Weibull scale, and delay or the Weibull shape; without adstock
        /// the constants 0 and 1.
        var retention: Int
        var delay: Int
        /// The curve's parameters as the kernels know them: half saturation, rate or exponent, then the slope or, of
        /// the sigmoid, where it is steepest; the constant 1 where there is none.
        var first: Int
        var second: Int
        /// Return on investment or coefficient.
        var effect: Int
    }

    let table: ParameterTable
    /// Parameters of the kernels that are functions of sampled ones.
    let derived: [DerivedParameter]
    let channels: [ChannelPlaces]
    /// The constant 0 without an intercept.
    let intercept: Int
    let sigma: Int
    /// Coefficients of the linear part's columns, in the columns' order.
    let regressors: Range<Int>
    /// Constants for lanes without a channel.
    let zero: Int
    let one: Int

    /// Blocks in order: intercept, adstock, saturation, effects, controls, Fourier modes, events, holidays, trend,
    /// residual scale.
    init(specification: ModelSpecification, columns: RegressorColumns) {
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        let channelNames = specification.channels.map(\.name)
        var table = ParameterTable()
        let zero = table.appendConstant(0)
        let one = table.appendConstant(1)
        intercept =
            specification.intercept
            ? table.append(names.name(of: "intercept"), prior: specification.prior(.intercept)) : zero

        // Places by parameter, then by channel.
        var places: [String: [Int?]] = [:]
        for parameter in Channel.allParameterNames {
            let owners = specification.channels.indices.filter {
                specification.channels[$0].parameterNames.contains(parameter)
            }
            var result = [Int?](repeating: nil, count: channelNames.count)
            let owned = table.append(
                names.name(of: parameter), axis: "channel", labels: owners.map { channelNames[$0] }, of: channelNames,
                priors: owners.map { owner in
                    guard let prior = specification.channels[owner].priors[parameter] else {
                        preconditionFailure("channel \(channelNames[owner]) has no prior of \(parameter)")
                    }
                    return prior
                })
            for (owner, place) in zip(owners, owned) { result[owner] = place }
            places[parameter] = result
        }
        var derived: [DerivedParameter] = []
        channels = specification.channels.enumerated().map { index, channel in
            func place(_ parameter: String) -> Int? { places[parameter]?[index] }
            func derive(_ function: DerivedParameter.Function, _ inputs: String...) -> Int {
                let inputs = (0..<4).map { $0 < inputs.count ? place(inputs[$0]) ?? one : one }
                let place = table.appendConstant(0)
                derived.append(
                    DerivedParameter(
                        function: function, place: place, inputs: (inputs[0], inputs[1], inputs[2], inputs[3])))
                return place
            }
            var retention = place("alpha") ?? place("weibull_scale") ?? zero
            if channel.adstock.hasHalfLife, channel.adstock.kind != .none {
                retention = derive(
                    channel.adstock.kind == .delayed ? .delayedHalfLifeRetention : .halfLifeRetention, "half_life")
            }
            var effect = place("roi") ?? place("beta") ?? zero
            var first = one
            var second = one
            switch channel.saturation {
            case .hill: (first, second) = (place("ec") ?? one, place("slope") ?? one)
            case .logistic, .michaelisMenten: first = place("lam") ?? one
            case .inverseLogistic: first = derive(.inverseRate, "lam")
            case .tanh: first = derive(.tanhRate, "beta", "c")
            case .baselinedTanh:
                first = derive(.baselinedRate, "x0", "r")
                if channel.effect == .coefficient {
                    effect = derive(.baselinedHeight, "beta", "gain", "x0", "r")
                }
            case .sigmoid: (first, second) = (place("rate") ?? one, place("lam") ?? one)
            case .root: first = place("exponent") ?? one
            case .log, .none: break
            }
            return ChannelPlaces(
                retention: retention, delay: place("theta") ?? place("weibull_shape") ?? one, first: first,
                second: second, effect: effect)
        }
        self.derived = derived

        let start = table.values.count
        func append(_ columns: [RegressorColumn], named name: String, axis: String) {
            let labels = columns.map(\.label)
            _ = table.append(name, axis: axis, labels: labels, of: labels, priors: columns.map(\.prior))
        }
        append(columns.controls, named: "gamma_control", axis: "control")
        append(columns.fourier, named: "gamma_fourier", axis: "fourier_mode")
        append(columns.events, named: "gamma_event", axis: "event")
        append(columns.holidays, named: "gamma_holiday", axis: "holiday")
        for column in columns.trendSlope { _ = table.append("trend_slope", prior: column.prior) }
        append(columns.trendDeltas, named: "trend_delta", axis: "changepoint")
        for column in columns.knotLevel { _ = table.append("knot_level", prior: column.prior) }
        append(columns.knotIncrements, named: "knot_increment", axis: "knot")
        regressors = start..<table.values.count
        sigma = table.append(names.name(of: "sigma"), prior: specification.prior(.sigma))
        self.zero = zero
        self.one = one
        self.table = table
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
        "rate", "exponent", "roi", "beta",
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
