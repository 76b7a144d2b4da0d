import Densities

/// What a channel is for; it sets the default carry-over of `preset: tutti`.
package enum ChannelKind: String, Sendable, Hashable, CaseIterable {
    case brand
    case performance
}

/// How a channel's presence is measured, and whether money buys it.
package enum Medium: String, Sendable, Hashable, CaseIterable {
    /// Paid, by one exposure.
    case paid
    /// Paid, by reach and frequency.
    case paidReach
    case organic
    case organicReach

    package init(isOrganic: Bool, hasFrequency: Bool) {
        self = isOrganic ? (hasFrequency ? .organicReach : .organic) : (hasFrequency ? .paidReach : .paid)
    }

    package var hasFrequency: Bool { self == .paidReach || self == .organicReach }
    package var isOrganic: Bool { self == .organic || self == .organicReach }
}

/// How exposure carries over to later periods.
package struct Adstock: Sendable, Hashable {
    /// The weight w_l of lag l = 0 … L − 1, before weights are divided by their sum.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// αˡ, retention α in [0, 1].
        case geometric
        /// α^((l − θ)²): the effect peaks θ ≥ 0 periods after the exposure.
        case delayed
        /// (1 − l/(L + 1))^(1/α − 1), α in (0, 1]: falls to 0 at the end of the window.
        case binomial
        /// (1 − l/L)^(1/α − 1), α in (0, 1], as Meridian has it.
        case meridianBinomial = "meridian_binomial"
        /// Density of a Weibull distribution at l + 1, with its smallest value taken off; `weibull_scale` in periods,
        /// and `weibull_shape`, above 1 for a delayed peak.
        case weibullDensity = "weibull_pdf"
        /// Π_{j ≤ l} exp(−(j/scale)^shape), the survival of a Weibull distribution carried on from lag to lag.
        case weibullSurvival = "weibull_cdf"
        /// No carry-over.
        case none
    }

    package var kind: Kind
    /// Largest lag with a weight, in periods; L = `maximumLag` + 1 weights.
    package var maximumLag: Int
    /// Whether weights are divided by their sum.
    package var isNormalized: Bool
    /// Whether retention is given by a half-life h in periods: α = 0.5^(1/h), or 2^(−1/h²) for `delayed`, whose effect
    /// halves h periods from its peak.
    package var hasHalfLife: Bool

    package init(kind: Kind, maximumLag: Int, isNormalized: Bool = true, hasHalfLife: Bool = false) {
        self.kind = kind
        self.maximumLag = maximumLag
        self.isNormalized = isNormalized
        self.hasHalfLife = hasHalfLife
    }

    /// Its parameters, in layout order.
    package var parameters: [MediaParameter] {
        let retention = hasHalfLife ? MediaParameter.halfLife : .alpha
        return switch kind {
        case .geometric: [retention]
        case .delayed: [retention, .theta]
        case .binomial, .meridianBinomial: [.alpha]
        case .weibullDensity, .weibullSurvival: [.weibullScale, .weibullShape]
        case .none: []
        }
    }
}

/// How the response flattens as exposure x grows: the effect is β times this.
package enum Saturation: String, Sendable, Hashable, CaseIterable {
    /// xˢ ÷ (xˢ + ecˢ); s is `slope`.
    case hill
    /// tanh(`lam` x ÷ 2).
    case logistic
    /// `logistic` with the rate log 3 ÷ `lam`: half of its height at x = `lam`.
    case inverseLogistic = "logistic_inverse"
    /// tanh(x ÷ (β `c`)): the height β is also the scale of x.
    case tanh
    /// (`gain` `x0` ÷ `r`) tanh(x atanh(`r`) ÷ `x0`): at x = `x0` it is `gain` `x0`, the share `r` of its height.
    case baselinedTanh = "tanh_baselined"
    /// x ÷ (`lam` + x).
    case michaelisMenten = "michaelis_menten"
    /// 1 ÷ (1 + e^(−`rate` (x − `lam`))) less its value at 0: slow at first, steepest at x = `lam`.
    case sigmoid = "hill_sigmoid"
    /// x^`exponent`, 0 at x = 0.
    case root
    /// log(1 + x).
    case log
    /// x.
    case none

    /// Its parameters other than the effect, in layout order.
    package var parameters: [MediaParameter] {
        switch self {
        case .hill: [.ec, .slope]
        case .logistic, .inverseLogistic, .michaelisMenten: [.lam]
        case .tanh: [.c]
        case .baselinedTanh: [.x0, .gain, .r]
        case .sigmoid: [.lam, .rate]
        case .root: [.exponent]
        case .log, .none: []
        }
    }

    /// Whether the height of the curve is bound to its other parameters, so that only its coefficient can carry a prior.
    package var bindsHeight: Bool { self == .tanh || self == .baselinedTanh }
}

/// Which of carry-over and saturation acts on the exposure first.
package enum TransformOrder: String, Sendable, Hashable, CaseIterable {
    case adstockFirst = "adstock_first"
    case saturationFirst = "saturation_first"
}

/// What carries the prior of a channel's effect.
package enum Effect: String, Sendable, Hashable, CaseIterable {
    /// Money of KPI per money spent, over the KPI periods; the coefficient β is derived.
    case roi
    /// The same over the calibration window: what exposure within it brings, then and later, per money spent in it.
    case windowROI = "window_roi"
    /// Money of KPI per further money spent, for one per cent more exposure in every period; β is derived.
    case marginalROI = "mroi"
    /// Share of all KPI money; β is derived.
    case contribution
    /// The coefficient β of the saturated exposure, on the scaled KPI.
    case coefficient

    /// The further exposure, as a share, that `marginalROI` is about.
    package static let bump = 0.01

    /// The parameter that carries the prior.
    package var parameter: MediaParameter {
        switch self {
        case .roi: .roi
        case .windowROI: .windowROI
        case .marginalROI: .marginalROI
        case .contribution: .contributionShare
        case .coefficient: .beta
        }
    }

    /// Whether it is about money spent, so that a channel without spend cannot have it.
    package var needsSpend: Bool { [.roi, .windowROI, .marginalROI].contains(self) }
}

/// One medium, with everything about it resolved: no default is left to be filled in.
package struct Channel: Sendable, Hashable {
    package var name: String
    package var kind: ChannelKind
    package var medium: Medium
    package var adstock: Adstock
    package var saturation: Saturation
    package var order: TransformOrder
    package var effect: Effect
    /// First and last day of what `Effect.windowROI` is about; nil for every other effect.
    package var calibrationWindow: ClosedRange<CalendarDate>?
    /// Indices of the channels whose exposure it drives, ascending: its mediators.
    package var drives: [Int] = []
    /// Priors for exactly the parameters that this channel has: those of its adstock, of its
    /// saturation, and that of its effect. A `Prior.point` fixes a parameter: it is not sampled.
    package var priors: [MediaParameter: Prior]
    /// The group with which it is told; nil for none.
    package var group: String?
    /// Of a slow component: the index of the channel whose exposure works on for long in it, by an adstock and an effect
    /// of its own, after the saturation of that channel, whose parameters it has.
    package var longTermOf: Int?

    package init(
        name: String, kind: ChannelKind, medium: Medium = .paid, adstock: Adstock, saturation: Saturation,
        order: TransformOrder = .adstockFirst, effect: Effect,
        calibrationWindow: ClosedRange<CalendarDate>? = nil, priors: [MediaParameter: Prior]
    ) {
        self.name = name
        self.kind = kind
        self.medium = medium
        self.adstock = adstock
        self.saturation = saturation
        self.order = order
        self.effect = effect
        self.calibrationWindow = calibrationWindow
        self.priors = priors
    }

    /// The parameters that a channel with these parts has, in layout order.
    package static func parameters(adstock: Adstock, saturation: Saturation, effect: Effect) -> [MediaParameter] {
        adstock.parameters + saturation.parameters + [effect.parameter]
    }

    /// The parameters this channel has, in layout order.
    package var parameters: [MediaParameter] {
        let all = Channel.parameters(adstock: adstock, saturation: saturation, effect: effect)
        return longTermOf == nil ? all : all.filter { $0.role != .curve }
    }
}
