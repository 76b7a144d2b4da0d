import Densities
import ModelDefinition
import Yams

/// Families of channels.
extension SpecificationReader {
    func readFamilies(_ top: YAMLSection, _ channels: [Channel], isComplete: (String) -> Bool) -> [ChannelFamily] {
        var families: [ChannelFamily] = []
        for section in top.sections("families") ?? [] {
            section.require("name", mend: "give the family a name.")
            section.require("channels", mend: "name its channels: `channels: [tv, video]`.")
            section.require("parameters", mend: "name what they share: `parameters: [roi, alpha]`.")
            guard let name = section.text("name") else { continue }
            if families.contains(where: { $0.name == name }) {
                section.problem("name", "two families are named '\(name)'.", mend: "rename one of them.")
            }
            let members = readMembers(section, channels)
            if members.count < 2, section.node("channels") != nil {
                section.problem("channels", "a family has two channels or more.", mend: "name another channel.")
                continue
            }
            let parameters = readPooled(section, members.map { channels[$0] }, isComplete: isComplete)
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

    private func readMembers(_ section: YAMLSection, _ channels: [Channel]) -> [Int] {
        let names = channels.map(\.name)
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

    /// A list of names, or names with the priors of mean and sd.
    private func readPooled(
        _ section: YAMLSection, _ channels: [Channel], isComplete: (String) -> Bool
    ) -> [ChannelFamily.PooledParameter] {
        let entries: [(name: String, priors: YAMLSection?)]
        if let mapping = section.node("parameters")?.mapping {
            entries = mapping.compactMap { key, value in
                guard let name = key.scalar?.string else { return nil }
                let path = "\(section.name("parameters")).\(name)"
                return (
                    name,
                    YAMLSection(value, path: path, reference: "families[].parameters.*", problems: problems)
                )
            }
        } else {
            entries = (section.texts("parameters") ?? []).map { ($0, nil) }
        }
        return entries.compactMap { name, priors in
            let parameter = MediaParameter(rawValue: name)
            func own(_ channel: Channel) -> Prior? { parameter.flatMap { channel.priors[$0] } }
            let problem: (message: String, mend: String)? =
                if let without = channels.first(where: { own($0) == nil }) {
                    (
                        "channel '\(without.name)' has no parameter '\(name)'.",
                        "name parameters that all its channels have, as \(Self.shared(channels).joined(separator: ", "))."
                    )
                } else if channels.contains(where: { if case .point? = own($0) { true } else { false } }) {
                    ("'\(name)' of a channel is fixed.", "give it a prior, or remove it from the family.")
                } else if !isComplete(name) {
                    (
                        "'\(name)' differs between geos, so that channels cannot share it.",
                        "write `pooling: complete` for it in `hierarchy.parameters`."
                    )
                } else {
                    nil
                }
            if let problem {
                section.problem("parameters", problem.message, mend: problem.mend)
                return nil
            }
            guard let parameter else { return nil }
            func prior(_ key: String, as domain: BaselineParameter) -> Prior? {
                guard let priors, let node = priors.node(key) else { return nil }
                return PriorReader.read(node, of: domain.rawValue, path: priors.name(key), problems: problems)
            }
            return ChannelFamily.PooledParameter(
                parameter, mean: prior("mean", as: .intercept),
                sd: prior("sd", as: .sigma) ?? ChannelFamily.defaultDeviation)
        }
    }

    /// Names of the parameters that all channels sample.
    private static func shared(_ channels: [Channel]) -> [String] {
        MediaParameter.allCases.filter { parameter in channels.allSatisfy { $0.priors[parameter] != nil } }
            .map(\.rawValue)
    }
}
