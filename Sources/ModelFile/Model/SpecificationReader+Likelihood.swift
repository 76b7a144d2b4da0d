import Densities
import ModelDefinition

/// The likelihood, and what geos share of its scale.
extension SpecificationReader {
    /// What geos share of σ.
    enum SigmaScope: String, CaseIterable {
        case shared
        case perGeo = "per_geo"
    }

    func readLikelihood(_ top: YAMLSection, preset: Preset) -> LikelihoodFamily {
        let section = top.section("likelihood")
        let family = section?.choice("family", LikelihoodFamily.self) ?? .normal
        guard family.hasLogLink else { return family }
        if preset == .meridian {
            section?.problem(
                "family", "the preset meridian has no lognormal likelihood.", mend: "choose the preset tutti.")
        }
        if let experiments = top.node("experiments"), !(experiments.sequence?.isEmpty ?? true) {
            section?.problem(
                "family", "lift tests need a likelihood whose terms add up to the KPI, which lognormal is not.",
                mend: "choose the family normal, or remove `experiments`.")
        }
        return family
    }

    func readErrors(_ top: YAMLSection, likelihood: LikelihoodFamily) -> ErrorProcess {
        guard let section = top.section("likelihood"),
            let errors = section.choice("errors", ErrorProcess.self)
        else { return .independent }
        if errors == .autoregressive, ![.normal, .logNormal].contains(likelihood) {
            section.problem(
                "errors", "errors that follow on each other need a normal or lognormal likelihood.",
                mend: "choose such a `family`, or remove it.")
            return .independent
        }
        return errors
    }

    /// Whether media work alike at all times.
    func readEffectiveness(_ top: YAMLSection, preset: Preset) -> MediaEffectiveness {
        guard let section = top.section("media_effectiveness") else { return .constant }
        section.require("kind", mend: "write `kind: gaussian_process`, or `constant`.")
        guard section.choice("kind", MediaEffectiveness.self) == .gaussianProcess else { return .constant }
        if preset == .meridian {
            section.problem(
                "kind", "the preset meridian has media that always work alike.", mend: "choose the preset tutti.")
        }
        if let experiments = top.node("experiments"), !(experiments.sequence?.isEmpty ?? true) {
            section.problem(
                "kind", "lift tests cannot yet tell when media work more: they need media that always work alike.",
                mend: "remove `experiments`, or `media_effectiveness`.")
        }
        return .gaussianProcess
    }

    /// The hierarchy of σ that `likelihood.sigma` means; nil where it is not said.
    func readSigma(_ top: YAMLSection, preset: Preset, pooling: Pooling, priors: [String: Prior]) -> BlockHierarchy? {
        guard let section = top.section("likelihood"),
            let scope = section.choice("sigma", SigmaScope.self)
        else { return nil }
        switch (scope, pooling) {
        case (.shared, _): return .complete
        case (.perGeo, .none), (.perGeo, .complete): return .independent
        case (.perGeo, .partial) where preset == .meridian: return .independent
        case (.perGeo, .partial):
            let sd =
                priors[BaselineParameter.zeta.rawValue] ?? preset.defaults.prior(of: .zeta)
            return .partial(GeoDeviations(form: .logNormal, sd: sd))
        }
    }
}
