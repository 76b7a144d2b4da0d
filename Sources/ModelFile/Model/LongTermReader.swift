import Densities
import ModelDefinition

/// Reads `long_term` of a channel: its slow component.
struct LongTermReader {
    let context: SectionContext

    /// The slow component that the section of a channel asks for; `index` is that of the channel.
    func read(_ channel: YAMLSection, of quick: Channel, index: Int) -> Channel? {
        guard let node = channel.node("long_term") else { return nil }
        var section: YAMLSection?
        if node.mapping == nil {
            guard channel.boolean("long_term") == true else { return nil }
        } else {
            section = channel.section("long_term")
            guard section != nil else { return nil }
        }
        if let obstacle = obstacle(to: quick) {
            channel.problem("long_term", obstacle.message, mend: obstacle.mend)
            return nil
        }
        var slow = LongTerm.channel(
            of: quick, index: index, effect: quick.effect, frequency: context.frequency, likelihood: context.likelihood)
        slow.adstock.maximumLag = section?.integer("max_lag") ?? slow.adstock.maximumLag
        let parameters = slow.priors.keys.sorted { $0.rawValue < $1.rawValue }
        guard let priors = section?.section("prior", names: parameters.map(\.rawValue)) else { return slow }
        for parameter in parameters {
            let name = parameter.rawValue
            guard let node = priors.node(name) else { continue }
            if let prior = PriorReader.read(node, of: name, path: priors.name(name), problems: context.problems) {
                slow.priors[parameter] = prior
            }
        }
        return slow
    }

    /// Why a channel can have no slow component; nil where it can.
    private func obstacle(to quick: Channel) -> (message: String, mend: String)? {
        if context.preset != .tutti {
            ("the preset \(context.preset.rawValue) has no slow components.", "choose the preset tutti, or remove it.")
        } else if quick.kind != .brand {
            ("a slow component is for channels of `kind: brand`.", "write `kind: brand`, or remove it.")
        } else if quick.saturation.bindsHeight || quick.medium.hasFrequency {
            (
                "a slow component needs a plain exposure and a saturation whose height is free.",
                "choose another saturation, as hill, or remove it."
            )
        } else if quick.effect != .roi, quick.effect != .coefficient {
            (
                "the prior of a slow component is one of a return or a coefficient, as the channel's own is.",
                "write `effect: {kind: roi}` or `{kind: coefficient}`, or remove it."
            )
        } else {
            nil
        }
    }
}
