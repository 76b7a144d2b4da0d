import Densities

/// What a preset says where the model file says nothing, and its names of parameters: one page for each preset.
package protocol PresetDefaults: Sendable {
    /// Weeks after the exposure in which geometric carry-over still has weight.
    func carryOverWeeks(_ kind: ChannelKind) -> Int
    var saturation: Saturation { get }
    /// What carries the prior of an effect, where nothing but a coefficient is ruled out.
    func effect(hasSpend: Bool, isOrganic: Bool) -> Effect
    var pooling: Pooling { get }
    /// What `pooling: partial` says of single blocks.
    var hierarchy: [String: BlockHierarchy] { get }
    func hasIntercept(hasGeos: Bool) -> Bool
    func trend(hasGeos: Bool) -> Trend
    /// Whether a treatment's prior is one of its contribution.
    var treatmentHasContribution: Bool { get }
    /// Whether priors of carry-over are stated for weeks, and mean the same time in periods of another length.
    var statesCarryOverInWeeks: Bool { get }
    func prior(of parameter: MediaParameter, in context: PriorContext) -> Prior
    /// - Parameter harmonic: counts from 1 and matters for `fourier` only.
    func prior(of parameter: BaselineParameter, likelihood: LikelihoodFamily, harmonic: Int) -> Prior

    /// Its names in results by ours, where they differ.
    ///
    /// - Parameter saturation: the one that all channels have; nil where they differ.
    func names(saturation: Saturation?) -> [String: String]
    /// What the name of a block's mean, scale or deviations over geos ends with.
    func suffix(of part: ParameterNames.Part) -> String
}

/// The parts of a model on which the default prior of a channel's parameter depends.
package struct PriorContext: Sendable {
    var kind: ChannelKind
    var medium: Medium
    var adstock: Adstock.Kind
    var saturation: Saturation
    var likelihood: LikelihoodFamily
}

extension Preset {
    package var defaults: any PresetDefaults {
        switch self {
        case .tutti: TuttiDefaults()
        case .pymcMarketing: PyMCMarketingDefaults()
        case .meridian: MeridianDefaults()
        }
    }
}

extension PresetDefaults {
    /// Carry-over of a channel of this kind; its window lasts as many weeks whatever the length of a period.
    package func adstock(kind: ChannelKind, frequency: Frequency) -> Adstock {
        Adstock(kind: .geometric, maximumLag: frequency.periods(weeks: carryOverWeeks(kind)))
    }

    /// What carries the prior of an effect.
    ///
    /// A return or a share needs a curve whose height is free. With a log link only the coefficient can carry the prior:
    /// what a channel brings depends on all else.
    package func effect(
        hasSpend: Bool, isOrganic: Bool = false, saturation: Saturation, likelihood: LikelihoodFamily = .normal
    ) -> Effect {
        saturation.bindsHeight || likelihood.hasLogLink
            ? .coefficient : effect(hasSpend: hasSpend, isOrganic: isOrganic)
    }

    /// The prior of a channel's parameter, for periods of this length.
    package func prior(
        of parameter: MediaParameter, kind: ChannelKind, medium: Medium = .paid, adstock: Adstock.Kind = .geometric,
        saturation: Saturation, likelihood: LikelihoodFamily = .normal, frequency: Frequency = .week
    ) -> Prior {
        let context = PriorContext(
            kind: kind, medium: medium, adstock: adstock, saturation: saturation, likelihood: likelihood)
        let prior = prior(of: parameter, in: context)
        return statesCarryOverInWeeks ? prior.inPeriods(of: frequency, parameter: parameter, adstock: adstock) : prior
    }

    /// The prior of a parameter that no channel owns.
    package func prior(of parameter: BaselineParameter, likelihood: LikelihoodFamily = .normal) -> Prior {
        prior(of: parameter, likelihood: likelihood, harmonic: 1)
    }

    func names(saturation: Saturation?) -> [String: String] { [:] }

    func suffix(of part: ParameterNames.Part) -> String { part.rawValue }
}
