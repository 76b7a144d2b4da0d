import ModelDefinition

/// What the readers of the sections of a model file have in common: the file, and what one section tells all others.
struct SectionContext {
    let top: YAMLSection
    let problems: YAMLProblems
    let preset: Preset
    let likelihood: LikelihoodFamily
    /// A week where the file says nothing that can be understood.
    let frequency: Frequency
    /// Whether the data are a panel.
    let hasGeos: Bool
}
