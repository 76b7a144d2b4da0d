import ModelDefinition

/// Reads `media_effectiveness`: whether media work alike at all times.
struct EffectivenessReader {
    let context: SectionContext

    func read() -> MediaEffectiveness {
        guard let section = context.top.section("media_effectiveness") else { return .constant }
        section.require("kind", mend: "write `kind: gaussian_process`, or `constant`.")
        guard section.choice("kind", MediaEffectiveness.self) == .gaussianProcess else { return .constant }
        if context.preset == .meridian {
            section.problem(
                "kind", "the preset meridian has media that always work alike.", mend: "choose the preset tutti.")
        }
        if context.top.hasEntries("experiments") {
            section.problem(
                "kind", "lift tests cannot yet tell when media work more: they need media that always work alike.",
                mend: "remove `experiments`, or `media_effectiveness`.")
        }
        return .gaussianProcess
    }
}
