import Densities
import ModelDefinition
import Yams

/// Reads `treatments`: what else the company does.
struct TreatmentReader {
    /// What carries a treatment's prior.
    enum TreatmentEffect: String, CaseIterable {
        case contribution
        case coefficient
    }

    let context: SectionContext

    func read() -> [Located<ReadTreatment>] {
        var result: [Located<ReadTreatment>] = []
        for section in context.top.sections("treatments") ?? [] {
            section.require("name", mend: "give the treatment a name.")
            guard let name = section.text("name") else { continue }
            if result.contains(where: { $0.treatment.name == name }) {
                section.problem("name", "two treatments are named '\(name)'.", mend: "rename one of them.")
            }
            let baseline = baseline(section)
            let kind = section.choice("effect", TreatmentEffect.self)
            let hasContribution =
                kind.map { $0 == .contribution } ?? context.preset.defaults.treatmentHasContribution
            if hasContribution, context.likelihood.hasLogLink {
                section.problem(
                    "effect", "with `family: lognormal` what a treatment brings depends on all else.",
                    mend: "write `effect: coefficient`, or choose the family normal.")
            }
            let parameter = hasContribution ? BaselineParameter.treatmentContribution : .treatment
            var prior = context.preset.defaults.prior(of: parameter)
            if let node = section.node("prior") {
                prior =
                    PriorReader.read(
                        node, of: parameter.rawValue, path: section.name("prior"), problems: context.problems) ?? prior
            }
            let treatment = Treatment(
                name: name, baseline: baseline, hasContributionPrior: hasContribution, prior: prior)
            result.append(
                Located(
                    ReadTreatment(treatment: treatment, column: section.text("column") ?? name), line: section.line))
        }
        return result
    }

    /// The level at which it brings nothing.
    private func baseline(_ section: YAMLSection) -> Treatment.Baseline {
        switch section.text("baseline") {
        case nil, "min": return .minimum
        case "max": return .maximum
        case let text?:
            if let value = Double(text), value.isFinite { return .value(value) }
            section.problem(
                "baseline", "'\(section.name("baseline"))' cannot be '\(text)'.",
                mend: "write min, max, or the level at which the treatment brings nothing.")
            return .minimum
        }
    }
}
