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
    /// Coefficients of the linear part's columns by geo, or in one row for all, in the columns' order.
    let regressors: [[Int]]
    /// Constants for lanes without a channel.
    let zero: Int
    let one: Int

    /// Blocks in order: intercept, adstock, saturation, effects and their spread over geos, controls, Fourier modes,
    /// events, holidays, trend, intercepts' spread over geos, residual scale.
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
        append(columns.controls, of: "control", named: "gamma_control", axis: "control")
        append(columns.fourier, of: "fourier", named: "gamma_fourier", axis: "fourier_mode")
        append(columns.events, of: "event", named: "gamma_event", axis: "event")
        append(columns.holidays, of: "holiday", named: "gamma_holiday", axis: "holiday")
        append(columns.trendSlope, of: "trend_slope", named: "trend_slope", axis: nil)
        append(columns.trendDeltas, of: "trend_delta", named: "trend_delta", axis: "changepoint")
        append(columns.knotLevel, of: "knot_level", named: "knot_level", axis: nil)
        append(columns.knotIncrements, of: "knot_increment", named: "knot_increment", axis: "knot")
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
        zero = builder.zero
        one = builder.one
        derived = builder.derived
        table = builder.table
    }

    /// Appends the parameters of all channels and those of their effects' spread over geos; places by geo.
    private static func appendChannels(
        _ specification: ModelSpecification, names: ParameterNames, geos: [String], to builder: inout ParameterBuilder
    ) -> [[ChannelPlaces]] {
        let media = appendMedia(specification, names: names, to: &builder)
        let rowCount = media.values.map(\.count).max() ?? 1
        var channels = (0..<rowCount).map { row in
            specification.channels.enumerated().map { index, channel in
                places(of: channel, { media[$0].map { $0[min(row, $0.count - 1)][index] } ?? nil }, builder: &builder)
            }
        }
        let geoCount = max(1, geos.count)
        if channels.count < geoCount { channels = [[ChannelPlaces]](repeating: channels[0], count: geoCount) }
        guard geoCount > 1, let deviations = specification.effectDeviations else { return channels }
        let members = specification.channels.indices.filter { index in
            specification.hierarchy(of: specification.channels[index].effect.parameterName) == .complete
        }
        let allLabels = specification.channels.map(\.name)
        let labels = members.map { allLabels[$0] }
        guard !labels.isEmpty else { return channels }
        let spreads = builder.table.append(
            "eta", axis: "channel", labels: labels, of: allLabels, priors: labels.map { _ in deviations.sd })[0]
        let standard = builder.table.append(
            "effect_deviation", axis: "channel", labels: labels, of: allLabels,
            priors: labels.map { _ in .normal(mean: 0, sd: 1) }, geos: geos)
        for geo in 0..<geoCount {
            for (index, channel) in members.enumerated() {
                let inputs = [spreads[index], standard[geo][index]]
                switch deviations.form {
                case .logNormal: channels[geo][channel].multiplier = builder.derive(.exponentialOfProduct, inputs)
                case .normal: channels[geo][channel].addend = builder.derive(.product, inputs)
                }
            }
        }
        return channels
    }

    /// Appends the parameters of all channels; returns places by parameter, then geo or one row, then channel.
    private static func appendMedia(
        _ specification: ModelSpecification, names: ParameterNames, to builder: inout ParameterBuilder
    ) -> [String: [[Int?]]] {
        let channels = specification.channels
        var places: [String: [[Int?]]] = [:]
        for parameter in Channel.allParameterNames {
            let members = channels.indices.filter { channels[$0].parameterNames.contains(parameter) }
            let block = ParameterBuilder.Block(
                parameter: parameter, name: names.name(of: parameter), axis: "channel",
                labels: members.map { channels[$0].name }, allLabels: channels.map(\.name),
                priors: members.map { member in
                    guard let prior = channels[member].priors[parameter] else {
                        preconditionFailure("channel \(channels[member].name) has no prior of \(parameter)")
                    }
                    return prior
                })
            places[parameter] = builder.append(block).map { row in
                var result = [Int?](repeating: nil, count: channels.count)
                for (member, place) in zip(members, row) { result[member] = place }
                return result
            }
        }
        return places
    }

    /// Places of a channel, parameters of the kernels that derive from the user's appended.
    private static func places(
        of channel: Channel, _ place: (String) -> Int?, builder: inout ParameterBuilder
    ) -> ChannelPlaces {
        let (zero, one) = (builder.zero, builder.one)
        func derive(_ function: DerivedParameter.Function, _ names: String...) -> Int {
            builder.derive(function, names.map { place($0) ?? one })
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
            effect: effect, multiplier: one, addend: zero)
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
    private let isPeer: Bool

    private static let peerSuffixes: [Part: String] = [.mean: "mu", .scale: "sigma", .deviation: "offset"]

    /// - Parameter saturations: those of the model's channels; names that differ between kinds are the peer's where
    ///   all channels are of one kind.
    package init(_ preset: Preset, saturations: [Saturation]) {
        isPeer = preset == .pymcMarketing
        guard isPeer else {
            names = [:]
            return
        }
        var names = [
            "intercept": "intercept_contribution", "sigma": "y_sigma", "nu": "y_nu", "alpha": "adstock_alpha",
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

    /// A parameter of what makes a block differ between geos.
    enum Part: String {
        case mean
        case scale = "sd"
        case deviation
    }

    /// The preset's name of such a parameter.
    ///
    /// - Parameters:
    ///   - parameter: our name of the block's parameter.
    ///   - base: the block's name in results, with `_raw` where its logarithm varies.
    func name(of part: Part, parameter: String, base: String) -> String {
        if let own = names["\(parameter)_\(part.rawValue)"] { return own }
        return isPeer ? "\(base)_\(Self.peerSuffixes[part] ?? "")" : "\(base)_\(part.rawValue)"
    }

    /// Our name of a preset's parameter.
    package func parameter(named name: String) -> String {
        names.first { $0.value == name }?.key ?? name
    }
}
