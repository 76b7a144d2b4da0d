import ModelDefinition
import Yams

/// Reads `channels`: their columns, what becomes of their exposure, and their slow components, which come last.
struct ChannelReader {
    private static let channelsMax = 200

    private let context: SectionContext
    private let shared: ResponseSections

    init(_ context: SectionContext) {
        self.context = context
        shared = ResponseSections(context.top)
    }

    func read() -> [Located<ReadChannel>]? {
        guard let sections = context.top.sections("channels") else { return nil }
        if sections.isEmpty || sections.count > Self.channelsMax {
            context.top.problem(
                "channels", "a model has 1 to \(Self.channelsMax) channels, this one has \(sections.count).",
                mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
            return nil
        }
        var names: Set<String> = []
        var channels = sections.map { section in
            section.require("name", mend: "give the channel a name.")
            let name = section.text("name")
            if let name, !names.insert(name).inserted {
                section.problem("name", "two channels are named '\(name)'.", mend: "rename one of them.")
            }
            return Located(channel(section, name: name ?? ""), line: section.line)
        }
        MediatorReader(context: context).read(sections, &channels)
        let slow = slowComponents(sections, channels)
        for component in slow where names.contains(component.channel.name) {
            context.top.problem(
                "channels", "a channel is named '\(component.channel.name)', as the slow component of another.",
                mend: "rename it.")
        }
        return channels + slow
    }

    private func channel(_ section: YAMLSection, name: String) -> ReadChannel {
        let spend = section.text("spend")
        let contacts = section.text("frequency")
        let exposure = section.text("reach") ?? section.text("exposure")
        checkReach(section)
        let isOrganic = section.boolean("organic") ?? false
        checkMedia(section, hasSpend: spend != nil, hasExposure: exposure != nil, isOrganic: isOrganic)
        let own = ResponseSections(section)
        let response = ResponseReader(
            context: context, section: section, own: own, shared: shared,
            medium: Medium(isOrganic: isOrganic, hasFrequency: contacts != nil), hasSpend: spend != nil)
        var channel = response.channel(name: name)
        channel.group = section.text("group")
        return ReadChannel(
            channel: channel, spend: spend, exposure: exposure, frequency: contacts,
            statesReturn: statesReturn(section, own.effect))
    }

    /// The slow components that sections of channels ask for; they have the columns and the place of their channels.
    private func slowComponents(
        _ sections: [YAMLSection], _ channels: [Located<ReadChannel>]
    ) -> [Located<ReadChannel>] {
        let reader = LongTermReader(context: context)
        return zip(sections, channels).enumerated().compactMap { index, pair in
            let (section, quick) = pair
            return reader.read(section, of: quick.channel, index: index).map { component in
                var result = quick
                result.value.channel = component
                return result
            }
        }
    }

    /// Whether a channel's own block has a prior of its return.
    private func statesReturn(_ section: YAMLSection, _ effect: YAMLSection?) -> Bool {
        let names = ParameterNames(context.preset, saturations: [])
        let stated = section.node("prior")?.mapping?.compactMap { $0.key.scalar?.string } ?? []
        let returns = [Effect.roi, .windowROI].map(\.parameter.rawValue)
        return effect?.node("prior") != nil || stated.contains { returns.contains(names.parameter(named: $0)) }
    }

    /// Reach and frequency come together, and in the place of an exposure.
    private func checkReach(_ section: YAMLSection) {
        let has = ["reach", "frequency", "exposure"].filter { section.node($0) != nil }
        if has == ["reach"] || has == ["frequency"] {
            section.problem(
                has[0], "the channel has '\(has[0])' alone.",
                mend: "name both columns, `reach` and `frequency`, or give its exposure.")
        } else if has.count > 1, has.contains("exposure") {
            section.problem(
                "exposure", "the channel has reach and frequency, and an exposure too.", mend: "remove `exposure`.")
        }
    }

    /// A channel is paid and has spend, or is organic and has an exposure.
    private func checkMedia(_ section: YAMLSection, hasSpend: Bool, hasExposure: Bool, isOrganic: Bool) {
        if isOrganic, hasSpend {
            section.problem(
                "organic", "the channel is organic and has spend.", mend: "remove `spend`, or `organic: true`.")
        }
        if isOrganic, !hasExposure {
            section.problem(
                "organic", "an organic channel needs its exposure.", mend: "name the column: `exposure`.")
        } else if !hasSpend, !hasExposure {
            section.problem(
                "name", "the channel has neither 'spend' nor 'exposure'.", mend: "name the column of its spend.")
        }
    }
}
