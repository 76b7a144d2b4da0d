import Densities
import MarketingMix

/// The likelihood, and what geos share of its scale.
extension SpecificationReader {
    private enum SigmaScope: String, CaseIterable {
        case shared
        case perGeo = "per_geo"
    }

    private static let likelihoodKeys = ["family", "sigma"]

    func readLikelihood(_ top: YAMLSection) -> LikelihoodFamily {
        let section = top.section("likelihood", allowed: Self.likelihoodKeys)
        return section?.choice("family", LikelihoodFamily.self, unsupported: ["lognormal"]) ?? .normal
    }

    /// The hierarchy of σ that `likelihood.sigma` means; nil where it is not said.
    func readSigma(_ top: YAMLSection, preset: Preset, pooling: Pooling, priors: [String: Prior]) -> BlockHierarchy? {
        guard let section = top.section("likelihood", allowed: Self.likelihoodKeys),
            let scope = section.choice("sigma", SigmaScope.self)
        else { return nil }
        switch (scope, pooling) {
        case (.shared, _): return .complete
        case (.perGeo, .none), (.perGeo, .complete): return .independent
        case (.perGeo, .partial) where preset == .meridian: return .independent
        case (.perGeo, .partial):
            let sd =
                priors[BaselineParameter.zeta.rawValue] ?? PresetDefaults.prior(preset, baseline: .zeta)
            return .partial(GeoDeviations(form: .logNormal, sd: sd))
        }
    }
}
