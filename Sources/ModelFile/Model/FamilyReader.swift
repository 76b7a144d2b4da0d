import Densities
import ModelDefinition
import Yams

/// Reads `families`: channels that are alike, and what they share.
struct FamilyReader {
    let context: SectionContext
    /// What the rest of the file asks for.
    let specification: ModelSpecification

    func read() -> [ChannelFamily] {
        var families: [ChannelFamily] = []
        for section in context.top.sections("families") ?? [] {
            section.require("name", mend: "give the family a name.")
            section.require("channels", mend: "name its channels: `channels: [tv, video]`.")
            section.require("parameters", mend: "name what they share: `parameters: [roi, alpha]`.")
            guard let name = section.text("name") else { continue }
            if families.contains(where: { $0.name == name }) {
                section.problem("name", "two families are named '\(name)'.", mend: "rename one of them.")
            }
            let members = members(section)
            if members.count < 2, section.node("channels") != nil {
                section.problem("channels", "a family has two channels or more.", mend: "name another channel.")
                continue
            }
            let parameters = pooled(section, of: members.map { specification.channels[$0] })
            for pooled in parameters {
                let other = families.first { family in
                    family.parameters.contains { $0.parameter == pooled.parameter }
                        && !Set(family.channels).isDisjoint(with: members)
                }
                if let other {
                    section.problem(
                        "parameters",
                        "'\(pooled.parameter.rawValue)' of a channel is in the family '\(other.name)' already.",
                        mend: "keep it in one of the two.")
                }
            }
            families.append(ChannelFamily(name: name, channels: members, parameters: parameters))
        }
        return families
    }

    private func members(_ section: YAMLSection) -> [Int] {
        let names = specification.channels.map(\.name)
        var members: Set<Int> = []
        for name in section.texts("channels") ?? [] {
            guard let index = names.firstIndex(of: name) else {
                section.problem(
                    "channels", "there is no channel '\(name)'.", mend: NearestKey.mend(for: name, among: names))
                continue
            }
            members.insert(index)
        }
        return members.sorted()
    }

    private func pooled(_ section: YAMLSection, of channels: [Channel]) -> [ChannelFamily.PooledParameter] {
        entries(section).compactMap { name, priors in
            let parameter = MediaParameter(rawValue: name)
            if let obstacle = obstacle(to: name, parameter, of: channels) {
                section.problem("parameters", obstacle.message, mend: obstacle.mend)
                return nil
            }
            guard let parameter else { return nil }
            func prior(_ key: String, as domain: BaselineParameter) -> Prior? {
                guard let priors, let node = priors.node(key) else { return nil }
                return PriorReader.read(node, of: domain.rawValue, path: priors.name(key), problems: context.problems)
            }
            return ChannelFamily.PooledParameter(
                parameter, mean: prior("mean", as: .intercept),
                sd: prior("sd", as: .sigma) ?? ChannelFamily.defaultDeviation)
        }
    }

    /// A list of names, or names with the priors of mean and sd.
    private func entries(_ section: YAMLSection) -> [(name: String, priors: YAMLSection?)] {
        guard let mapping = section.node("parameters")?.mapping else {
            return (section.texts("parameters") ?? []).map { ($0, nil) }
        }
        return mapping.compactMap { key, value in
            guard let name = key.scalar?.string else { return nil }
            let path = "\(section.name("parameters")).\(name)"
            return (
                name,
                YAMLSection(
                    value, path: path, reference: "families[].parameters.*", problems: context.problems)
            )
        }
    }

    /// Why channels cannot share a parameter; nil where they can.
    private func obstacle(
        to name: String, _ parameter: MediaParameter?, of channels: [Channel]
    ) -> (message: String, mend: String)? {
        func prior(_ channel: Channel) -> Prior? { parameter.flatMap { channel.priors[$0] } }
        if let without = channels.first(where: { prior($0) == nil }) {
            return (
                "channel '\(without.name)' has no parameter '\(name)'.",
                "name parameters that all its channels have, as \(Self.shared(channels).joined(separator: ", "))."
            )
        }
        if channels.contains(where: { if case .point? = prior($0) { true } else { false } }) {
            return ("'\(name)' of a channel is fixed.", "give it a prior, or remove it from the family.")
        }
        guard !context.hasGeos || specification.hierarchy(of: name) == .complete else {
            return (
                "'\(name)' differs between geos, so that channels cannot share it.",
                "write `pooling: complete` for it in `hierarchy.parameters`."
            )
        }
        return nil
    }

    /// Names of the parameters that all channels sample.
    private static func shared(_ channels: [Channel]) -> [String] {
        MediaParameter.allCases.filter { parameter in channels.allSatisfy { $0.priors[parameter] != nil } }
            .map(\.rawValue)
    }
}
