import ModelDefinition

/// Reads `adstock` of a channel: how its exposure carries over.
struct AdstockReader {
    let context: SectionContext
    let own: YAMLSection?
    /// That of all channels.
    let shared: YAMLSection?

    func read(_ kind: ChannelKind) -> Adstock {
        var adstock = context.preset.defaults.adstock(kind: kind, frequency: context.frequency)
        adstock.kind =
            own?.choice("kind", Adstock.Kind.self) ?? shared?.choice("kind", Adstock.Kind.self) ?? adstock.kind
        // The same word is another curve with this peer.
        if context.preset == .meridian, adstock.kind == .binomial { adstock.kind = .meridianBinomial }
        adstock.maximumLag =
            own?.integer("max_lag") ?? shared?.integer("max_lag") ?? adstock.maximumLag
        adstock.isNormalized = own?.boolean("normalize") ?? shared?.boolean("normalize") ?? true
        if adstock.kind == .none { adstock.maximumLag = 0 }
        guard let section = own?.node("half_life") != nil ? own : shared, let node = section.node("half_life") else {
            return adstock
        }
        // A prior of it says as much as `true`.
        let isWanted = node.mapping != nil || section.boolean("half_life") == true
        if isWanted, [.geometric, .delayed].contains(adstock.kind) {
            adstock.hasHalfLife = true
        } else if isWanted, section.path == own?.path {
            section.problem(
                "half_life", "an adstock of kind '\(adstock.kind.rawValue)' has no half-life.",
                mend: "choose geometric or delayed, or remove it.")
        }
        return adstock
    }
}
