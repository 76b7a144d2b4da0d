import Densities

/// What a channel is for; it sets the default carry-over of `preset: tutti`.
package enum ChannelKind: String, Sendable, Hashable, CaseIterable {
    case brand
    case performance
}

/// How exposure carries over to later periods.
package struct Adstock: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Weights αˡ for lags l = 0 … `maximumLag`, divided by their sum.
        case geometric
        /// No carry-over.
        case none
    }

    package var kind: Kind
    /// Largest lag with a weight, in periods; L = `maximumLag` + 1 weights.
    package var maximumLag: Int

    package init(kind: Kind, maximumLag: Int) {
        self.kind = kind
        self.maximumLag = maximumLag
    }
}

/// How the response flattens as adstocked exposure x grows.
package enum Saturation: String, Sendable, Hashable, CaseIterable {
    /// xˢ ÷ (xˢ + ecˢ); s is `slope`.
    case hill
    /// tanh(`lam` x ÷ 2).
    case logistic
    /// x.
    case none
}

/// What carries the prior of a channel's effect.
package enum Effect: String, Sendable, Hashable, CaseIterable {
    /// Money of KPI per money spent, over the KPI periods; the coefficient β is derived.
    case roi
    /// The coefficient β of the saturated exposure, on the scaled KPI.
    case coefficient
}

/// One medium, with everything about it resolved: no default is left to be filled in.
package struct Channel: Sendable, Hashable {
    package var name: String
    package var kind: ChannelKind
    package var adstock: Adstock
    package var saturation: Saturation
    package var effect: Effect
    /// Priors by parameter name, for exactly the parameters that this channel has:
    /// `alpha` (geometric adstock), `ec` and `slope` (hill), `lam` (logistic), and `roi` or `beta` (effect).
    /// A `Prior.point` fixes a parameter: it is not sampled.
    package var priors: [String: Prior]

    package init(
        name: String, kind: ChannelKind, adstock: Adstock, saturation: Saturation, effect: Effect,
        priors: [String: Prior]
    ) {
        self.name = name
        self.kind = kind
        self.adstock = adstock
        self.saturation = saturation
        self.effect = effect
        self.priors = priors
    }

    /// Names of the parameters that a channel with these parts has, in layout order.
    package static func parameterNames(adstock: Adstock, saturation: Saturation, effect: Effect) -> [String] {
        var names: [String] = []
        if adstock.kind == .geometric { names.append("alpha") }
        switch saturation {
        case .hill: names += ["ec", "slope"]
        case .logistic: names.append("lam")
        case .none: break
        }
        names.append(effect == .roi ? "roi" : "beta")
        return names
    }
}
