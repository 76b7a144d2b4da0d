import ModelDefinition

/// Reads `effect` of a channel: what its prior is of, and the days of which that speaks.
struct EffectReader {
    /// What carries the prior of an effect, as the file names it.
    enum EffectKind: String, CaseIterable {
        case roi
        case mroi
        case contribution
        case coefficient
    }

    let context: SectionContext
    /// The channel's.
    let section: YAMLSection
    let own: YAMLSection?
    /// That of all channels, where it means this one.
    let shared: YAMLSection?
    let medium: Medium
    let hasSpend: Bool

    func read(_ saturation: Saturation) -> (effect: Effect, window: ClosedRange<CalendarDate>?) {
        let effect = possible(
            kind(own) ?? kind(shared)
                ?? context.preset.defaults.effect(
                    hasSpend: hasSpend, isOrganic: medium.isOrganic, saturation: saturation,
                    likelihood: context.likelihood), saturation)
        let window = window(own?.node("kind") == nil ? own ?? shared : own, effect: effect)
        return (window == nil ? effect : .windowROI, window)
    }

    private func kind(_ section: YAMLSection?) -> Effect? {
        guard let section, let kind = section.choice("kind", EffectKind.self) else { return nil }
        let effect: Effect =
            switch kind {
            case .roi: .roi
            case .mroi: .marginalROI
            case .contribution: .contribution
            case .coefficient: .coefficient
            }
        if effect.needsSpend, !hasSpend {
            section.problem(
                "kind", "the channel has no spend, so its effect cannot be a return on it.",
                mend: "name its spend column, or write `effect: {kind: contribution}`.")
        }
        return effect
    }

    /// The effect, or the one in its place that the likelihood and the saturation allow.
    private func possible(_ stated: Effect, _ saturation: Saturation) -> Effect {
        var effect = stated
        if effect != .coefficient, context.likelihood.hasLogLink {
            section.problem(
                "effect",
                "with `family: lognormal` what a channel brings depends on all else: only its coefficient has a prior.",
                mend: "write `effect: {kind: coefficient}`, or choose the family normal.")
            effect = .coefficient
        }
        if effect != .coefficient, saturation.bindsHeight {
            section.problem(
                "effect", "the height of '\(saturation.rawValue)' is bound to its shape: no return can be set for it.",
                mend: "write `effect: {kind: coefficient}`, or choose the saturation logistic.")
        }
        return effect
    }

    /// The days whose spend and response the return is about.
    private func window(_ section: YAMLSection?, effect: Effect) -> ClosedRange<CalendarDate>? {
        guard let section, section.node("calibration_window") != nil else { return nil }
        let form = "write `calibration_window: {start: 2024-01-01, end: 2024-03-31}`."
        guard let window = section.section("calibration_window") else { return nil }
        window.require("start", mend: form)
        window.require("end", mend: form)
        if effect != .roi {
            section.problem(
                "calibration_window", "only a return on investment has a calibration window.",
                mend: "write `kind: roi`, or remove it.")
        }
        guard let start = window.date("start"), let end = window.date("end"), effect == .roi else { return nil }
        guard start <= end else {
            window.problem("end", "the window ends before it begins.", mend: "put the dates in order.")
            return nil
        }
        return start...end
    }
}
