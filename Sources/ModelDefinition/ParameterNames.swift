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
    package var meridianAxis: String {
        switch self {
        case .paid: "media_channel"
        case .paidReach: "rf_channel"
        case .organic: "organic_media_channel"
        case .organicReach: "organic_rf_channel"
        }
    }

    /// Meridian's name of their deviations between geos.
    package var meridianDeviation: String { "beta_g\(meridianName)_dev" }
}

/// A preset's names of the parameters that differ between presets.
package struct ParameterNames: Sendable {
    /// The peer's names by ours.
    private let names: [String: String]
    /// Whether they are PyMC-Marketing's.
    private let isPeer: Bool
    /// Whether names of channels' parameters end with that of the medium.
    private let hasMedia: Bool

    private static let meridian = [
        "gamma_control": "gamma_c", "control": "gamma_c", "control_sd": "xi_c", "control_deviation": "gamma_gc_dev",
        "gamma_treatment": "gamma_n", "treatment": "gamma_n", "treatment_sd": "xi_n",
        "treatment_deviation": "gamma_gn_dev", "treatment_contribution": "contribution_n", "knot_value": "knot_values",
        "intercept": "tau_g_excl_baseline",
    ]

    private static let peerSuffixes: [Part: String] = [.mean: "mu", .scale: "sigma", .deviation: "offset"]

    /// - Parameter saturations: those of the model's channels; names that differ between kinds are the peer's where
    ///   all channels are of one kind.
    package init(_ preset: Preset, saturations: [Saturation]) {
        isPeer = preset == .pymcMarketing
        hasMedia = preset == .meridian
        guard isPeer else {
            names = hasMedia ? Self.meridian : [:]
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
    package enum Part: String {
        case mean
        case scale = "sd"
        case deviation
    }

    /// The preset's name of such a parameter.
    ///
    /// - Parameters:
    ///   - parameter: our name of the block's parameter.
    ///   - base: the block's name in results, with `_raw` where its logarithm varies.
    package func name(of part: Part, parameter: String, base: String) -> String {
        if let own = names["\(parameter)_\(part.rawValue)"] { return own }
        return isPeer ? "\(base)_\(Self.peerSuffixes[part] ?? "")" : "\(base)_\(part.rawValue)"
    }

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
    package func effectSpreads(
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
    package struct MediaBlock {
        package var name: String
        package var axis: String
        /// A channel has at most one of them.
        package var parameters: [String]
        package var channels: [Int]
    }

    /// The blocks of these channels in layout order; channels without a block's parameter are counted in its axis.
    package func mediaBlocks(of channels: [Channel]) -> [MediaBlock] {
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
