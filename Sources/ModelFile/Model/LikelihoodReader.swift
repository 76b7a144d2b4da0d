import Densities
import ModelDefinition

/// Reads `likelihood`: how the KPI scatters, and what geos share of its scale.
struct LikelihoodReader {
    /// What geos share of σ.
    enum SigmaScope: String, CaseIterable {
        case shared
        case perGeo = "per_geo"
    }

    let context: SectionContext

    /// The family, which is part of the context of all else.
    static func family(_ top: YAMLSection, preset: Preset) -> LikelihoodFamily {
        let section = top.section("likelihood")
        let family = section?.choice("family", LikelihoodFamily.self) ?? .normal
        guard family.hasLogLink else { return family }
        if preset == .meridian {
            section?.problem(
                "family", "the preset meridian has no lognormal likelihood.", mend: "choose the preset tutti.")
        }
        if top.hasEntries("experiments") {
            section?.problem(
                "family", "lift tests need a likelihood whose terms add up to the KPI, which lognormal is not.",
                mend: "choose the family normal, or remove `experiments`.")
        }
        return family
    }

    func errors() -> ErrorProcess {
        guard let section = context.top.section("likelihood"),
            let errors = section.choice("errors", ErrorProcess.self)
        else { return .independent }
        if errors == .autoregressive, ![.normal, .logNormal].contains(context.likelihood) {
            section.problem(
                "errors", "errors that follow on each other need a normal or lognormal likelihood.",
                mend: "choose such a `family`, or remove it.")
            return .independent
        }
        return errors
    }

    /// The hierarchy of σ that `likelihood.sigma` means; nil where it is not said.
    func sigma(pooling: Pooling, priors: [String: Prior]) -> BlockHierarchy? {
        guard let section = context.top.section("likelihood"),
            let scope = section.choice("sigma", SigmaScope.self)
        else { return nil }
        switch (scope, pooling) {
        case (.shared, _): return .complete
        case (.perGeo, .none), (.perGeo, .complete): return .independent
        case (.perGeo, .partial) where context.preset == .meridian: return .independent
        case (.perGeo, .partial):
            let sd =
                priors[BaselineParameter.zeta.rawValue] ?? context.preset.defaults.prior(of: .zeta)
            return .partial(GeoDeviations(form: .logNormal, sd: sd))
        }
    }
}
