/// Values that a parameter may have.
package enum ParameterDomain: String, Sendable {
    case real
    case positive
    case fraction
    case correlation
}

/// A parameter of a channel under our name, in the order of blocks.
package enum MediaParameter: String, Sendable, Hashable, CaseIterable {
    case alpha
    case halfLife = "half_life"
    case theta
    case weibullScale = "weibull_scale"
    case weibullShape = "weibull_shape"
    case ec
    case slope
    case lam
    case c
    case x0
    case gain
    case r
    case rate
    case exponent
    case roi
    case windowROI = "window_roi"
    case marginalROI = "mroi"
    case contributionShare = "contribution_share"
    case beta

    /// The part of a channel that a parameter belongs to.
    package enum Role: Sendable {
        case carryOver
        case curve
        case effect
    }

    package var role: Role {
        switch self {
        case .alpha, .halfLife, .theta, .weibullScale, .weibullShape: .carryOver
        case .ec, .slope, .lam, .c, .x0, .gain, .r, .rate, .exponent: .curve
        case .roi, .windowROI, .marginalROI, .contributionShare, .beta: .effect
        }
    }

    /// Values that its own prior may allow. A share of the KPI may be given a prior that reaches beyond all of it.
    package var domain: ParameterDomain {
        switch self {
        case .alpha, .r: .fraction
        default: .positive
        }
    }

    /// Whether the values of a family's channels are kept below 1, which those of a share of the KPI are as well.
    package var isFractionInFamily: Bool { domain == .fraction || self == .contributionShare }

    /// What it is, in the words of the reference.
    package var meaning: String {
        switch self {
        case .alpha: "Retention from period to period."
        case .halfLife: "Periods in which the effect halves."
        case .theta: "Periods from exposure to the peak of the effect; `delayed`."
        case .weibullScale: "Time scale of Weibull carry-over, in periods."
        case .weibullShape: "Shape of Weibull carry-over."
        case .ec: "Exposure of half the effect, in units of the channel's scale; `hill`."
        case .slope: "Steepness; above 1 the curve has the form of an S; `hill`."
        case .lam: "Rate, or exposure of half the effect, by the kind of curve."
        case .c: "Scale of exposure; `tanh`."
        case .x0: "Exposure at which the curve is described; `tanh_baselined`."
        case .gain: "Effect a unit of exposure up to there; `tanh_baselined`."
        case .r: "Share of the height reached there; `tanh_baselined`."
        case .rate: "Steepness; `hill_sigmoid`."
        case .exponent: "Power of exposure; `root`."
        case .roi: "Money of KPI per money spent."
        case .windowROI: "The same over `calibration_window`."
        case .marginalROI: "Money of KPI per further money spent."
        case .contributionShare: "Share of the KPI that the channel brings."
        case .beta: "Height of the response on the scaled KPI."
        }
    }
}

extension Adstock.Kind {
    /// Its parameters by the symbols that the literature has for them.
    package var symbols: [String: MediaParameter] {
        switch self {
        case .weibullDensity, .weibullSurvival: ["lam": .weibullScale, "k": .weibullShape]
        case .geometric, .delayed, .binomial, .meridianBinomial, .none: [:]
        }
    }
}

extension Saturation {
    /// Its parameters, and the coefficient, by the symbols that the literature has for them.
    package var symbols: [String: MediaParameter] {
        switch self {
        case .tanh: ["b": .beta]
        case .michaelisMenten: ["a": .beta]
        case .sigmoid: ["a": .beta, "b": .rate]
        case .root: ["a": .exponent]
        case .hill: ["kappa": .ec]
        case .logistic, .inverseLogistic, .baselinedTanh, .log, .none: [:]
        }
    }
}
