import Densities
import ModelDefinition
import Yams

/// What else the company does.
extension SpecificationReader {
    /// What carries a treatment's prior.
    enum TreatmentEffect: String, CaseIterable {
        case contribution
        case coefficient
    }

    func readTreatments(
        _ top: YAMLSection, preset: Preset, likelihood: LikelihoodFamily
    ) -> [(treatment: Treatment, column: String, line: Int?)] {
        var result: [(Treatment, String, Int?)] = []
        for section in top.sections("treatments") ?? [] {
            section.require("name", mend: "give the treatment a name.")
            guard let name = section.text("name") else { continue }
            if result.contains(where: { $0.0.name == name }) {
                section.problem("name", "two treatments are named '\(name)'.", mend: "rename one of them.")
            }
            var baseline = Treatment.Baseline.minimum
            switch section.text("baseline") {
            case nil, "min": break
            case "max": baseline = .maximum
            case let text?:
                if let value = Double(text), value.isFinite {
                    baseline = .value(value)
                } else {
                    section.problem(
                        "baseline", "'\(section.name("baseline"))' cannot be '\(text)'.",
                        mend: "write min, max, or the level at which the treatment brings nothing.")
                }
            }
            let kind = section.choice("effect", TreatmentEffect.self)
            let hasContribution = kind.map { $0 == .contribution } ?? preset.defaults.treatmentHasContribution
            if hasContribution, likelihood.hasLogLink {
                section.problem(
                    "effect", "with `family: lognormal` what a treatment brings depends on all else.",
                    mend: "write `effect: coefficient`, or choose the family normal.")
            }
            let parameter = hasContribution ? BaselineParameter.treatmentContribution : .treatment
            var prior = preset.defaults.prior(of: parameter)
            if let node = section.node("prior") {
                prior =
                    PriorReader.read(
                        node, of: parameter.rawValue, path: section.name("prior"), problems: problems) ?? prior
            }
            result.append(
                (
                    Treatment(name: name, baseline: baseline, hasContributionPrior: hasContribution, prior: prior),
                    section.text("column") ?? name, section.line
                ))
        }
        return result
    }
}
