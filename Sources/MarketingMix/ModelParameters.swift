import Densities

/// Where the model's functions find each parameter in the vector of constrained values.
struct ModelParameters: Sendable {
    /// Places of one channel's parameters; a part that the channel does not have reads a constant.
    struct ChannelPlaces: Sendable {
        /// Retention of geometric adstock; the constant 0 without adstock.
        var alpha: Int
        /// Half saturation of `hill`; the constant 1 otherwise.
        var ec: Int
        /// Exponent of `hill`; the constant 1 otherwise.
        var slope: Int
        /// Rate of `logistic`; the constant 1 otherwise.
        var lam: Int
        /// Return on investment or coefficient.
        var effect: Int
    }

    let table: ParameterTable
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
        let names = ParameterNames(specification.preset)
        let channelNames = specification.channels.map(\.name)
        var table = ParameterTable()
        let zero = table.appendConstant(0)
        let one = table.appendConstant(1)
        intercept =
            specification.intercept ? table.append(names.intercept, prior: specification.prior(.intercept)) : zero

        func places(_ parameter: String, named name: String, otherwise constant: Int) -> [Int] {
            let owners = specification.channels.indices.filter {
                specification.channels[$0].parameterNames.contains(parameter)
            }
            var result = [Int](repeating: constant, count: channelNames.count)
            let owned = table.append(
                name, axis: "channel", labels: owners.map { channelNames[$0] }, of: channelNames,
                priors: owners.map { owner in
                    guard let prior = specification.channels[owner].priors[parameter] else {
                        preconditionFailure("channel \(channelNames[owner]) has no prior of \(parameter)")
                    }
                    return prior
                })
            for (owner, place) in zip(owners, owned) { result[owner] = place }
            return result
        }
        let alpha = places("alpha", named: names.alpha, otherwise: zero)
        let ec = places("ec", named: names.ec, otherwise: one)
        let slope = places("slope", named: names.slope, otherwise: one)
        let lam = places("lam", named: names.lam, otherwise: one)
        let roi = places("roi", named: "roi", otherwise: zero)
        let beta = places("beta", named: names.beta, otherwise: zero)
        channels = specification.channels.indices.map { channel in
            ChannelPlaces(
                alpha: alpha[channel], ec: ec[channel], slope: slope[channel], lam: lam[channel],
                effect: specification.channels[channel].effect == .roi ? roi[channel] : beta[channel])
        }

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
        sigma = table.append(names.sigma, prior: specification.prior(.sigma))
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
}

/// A preset's names of the parameters that differ between presets.
struct ParameterNames: Sendable {
    let intercept: String
    let alpha: String
    let ec: String
    let slope: String
    let lam: String
    let beta: String
    let sigma: String

    init(_ preset: Preset) {
        switch preset {
        case .tutti:
            (intercept, alpha, ec, slope) = ("intercept", "alpha", "ec", "slope")
            (lam, beta, sigma) = ("lam", "beta", "sigma")
        case .pymcMarketing:
            (intercept, alpha) = ("intercept_contribution", "adstock_alpha")
            (ec, slope) = ("saturation_kappa", "saturation_slope")
            (lam, beta, sigma) = ("saturation_lam", "saturation_beta", "y_sigma")
        }
    }
}
