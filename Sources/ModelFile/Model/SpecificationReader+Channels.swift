import Densities
import ModelDefinition
import Yams

/// Channels with their carry-over, saturation and effect.
extension SpecificationReader {
    private static let channelsMax = 200

    struct ReadChannel {
        var channel: Channel
        var spend: String?
        var exposure: String?
        var frequency: String?
        /// Whether the channel states a prior of its return itself.
        var statesReturn: Bool
        var line: Int?
    }

    func readChannels(
        _ top: YAMLSection, preset: Preset, likelihood: LikelihoodFamily, frequency: Frequency
    ) -> [ReadChannel]? {
        let adstock = top.section("adstock")
        let saturation = top.section("saturation")
        let effect = top.section("effect")
        guard
            let sections = top.sections("channels")
        else { return nil }
        if sections.isEmpty || sections.count > Self.channelsMax {
            top.problem(
                "channels", "a model has 1 to \(Self.channelsMax) channels, this one has \(sections.count).",
                mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
            return nil
        }
        var names: Set<String> = []
        var channels: [ReadChannel] = []
        for section in sections {
            section.require("name", mend: "give the channel a name.")
            let name = section.text("name")
            if let name, !names.insert(name).inserted {
                section.problem("name", "two channels are named '\(name)'.", mend: "rename one of them.")
            }
            let spend = section.text("spend")
            let contacts = section.text("frequency")
            let exposure = section.text("reach") ?? section.text("exposure")
            checkReach(section)
            let isOrganic = section.boolean("organic") ?? false
            if isOrganic, spend != nil {
                section.problem(
                    "organic", "the channel is organic and has spend.", mend: "remove `spend`, or `organic: true`.")
            }
            if isOrganic, exposure == nil {
                section.problem(
                    "organic", "an organic channel needs its exposure.", mend: "name the column: `exposure`.")
            } else if spend == nil, exposure == nil {
                section.problem(
                    "name", "the channel has neither 'spend' nor 'exposure'.", mend: "name the column of its spend.")
            }
            let own = ChannelSections(
                adstock: section.section("adstock"),
                saturation: section.section("saturation"),
                effect: section.section("effect"))
            let shared = ChannelSections(adstock: adstock, saturation: saturation, effect: effect)
            let channel = readChannel(
                section, own: own, shared: shared, top: top, preset: preset, likelihood: likelihood, name: name ?? "",
                hasSpend: spend != nil, medium: Medium(isOrganic: isOrganic, hasFrequency: contacts != nil),
                frequency: frequency)
            channels.append(
                ReadChannel(
                    channel: channel, spend: spend, exposure: exposure, frequency: contacts,
                    statesReturn: statesReturn(section, own.effect, preset: preset), line: section.line))
        }
        readDriven(sections, &channels)
        let slow = zip(sections, channels.indices).compactMap { section, index -> ReadChannel? in
            readLongTerm(
                section, of: channels[index].channel, index: index, preset: preset, likelihood: likelihood,
                frequency: frequency
            ).map { component in
                var result = channels[index]
                result.channel = component
                return result
            }
        }
        for component in slow where names.contains(component.channel.name) {
            top.problem(
                "channels", "a channel is named '\(component.channel.name)', as the slow component of another.",
                mend: "rename it.")
        }
        return channels + slow
    }

    /// Whether a channel's own block has a prior of its return.
    private func statesReturn(_ section: YAMLSection, _ effect: YAMLSection?, preset: Preset) -> Bool {
        let names = ParameterNames(preset, saturations: [])
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

    private struct ChannelSections {
        var adstock: YAMLSection?
        var saturation: YAMLSection?
        var effect: YAMLSection?
    }

    private func readChannel(
        _ section: YAMLSection, own: ChannelSections, shared: ChannelSections, top: YAMLSection, preset: Preset,
        likelihood: LikelihoodFamily, name: String, hasSpend: Bool, medium: Medium, frequency: Frequency
    ) -> Channel {
        let isOrganic = medium.isOrganic
        let kind = section.choice("kind", ChannelKind.self) ?? .performance
        let adstock = readAdstock(own.adstock, shared.adstock, preset: preset, kind: kind, frequency: frequency)
        func saturationChoice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
        where Value.RawValue == String {
            own.saturation?.choice(key, type) ?? shared.saturation?.choice(key, type)
        }
        let saturation = saturationChoice("kind", Saturation.self) ?? preset.defaults.saturation
        let order = saturationChoice("order", TransformOrder.self) ?? .adstockFirst

        // What a shared block says of returns does not mean organic channels.
        let sharedEffect = isOrganic ? nil : shared.effect
        var effect =
            effectKind(own.effect, hasSpend: hasSpend) ?? effectKind(sharedEffect, hasSpend: hasSpend)
            ?? preset.defaults.effect(
                hasSpend: hasSpend, isOrganic: isOrganic, saturation: saturation, likelihood: likelihood)
        if effect != .coefficient, likelihood.hasLogLink {
            section.problem(
                "effect",
                "with `family: lognormal` what a channel brings depends on all else: only its coefficient has a prior.",
                mend: "write `effect: {kind: coefficient}`, or choose the family normal.")
            effect = .coefficient
        }
        if effect != .coefficient, saturation.bindsHeight {
            section.problem(
                "effect", "the height of '\(saturation.rawValue)' is bound to its shape: no return can be set for it.",
                mend: "write `effect: {kind: coefficient}`, or choose the saturation logistic.")
        }
        let window = readWindow(
            own.effect?.node("kind") == nil ? own.effect ?? sharedEffect : own.effect, effect: effect)
        if window != nil { effect = .windowROI }

        let parameters = Channel.parameters(adstock: adstock, saturation: saturation, effect: effect)
        var priors: [MediaParameter: Prior] = [:]
        for parameter in parameters {
            priors[parameter] = preset.defaults.prior(
                of: parameter, kind: kind, medium: medium, adstock: adstock.kind, saturation: saturation,
                likelihood: likelihood, frequency: frequency)
        }
        // The nearer statement wins: top-level `prior`, the shared block's, the channel's own, its block's own.
        let names = ParameterNames(preset, saturations: [saturation])
        apply(top.node("prior"), path: "prior", to: &priors, named: names)
        for (block, owned, symbols) in [
            (shared.adstock, adstock.parameters, adstock.kind.symbols),
            (shared.saturation, saturation.parameters + [.beta], saturation.symbols),
            (own.adstock, adstock.parameters, adstock.kind.symbols),
            (own.saturation, saturation.parameters + [.beta], saturation.symbols),
        ] {
            guard let node = block?.node("prior") else { continue }
            let path = block?.name("prior") ?? "prior"
            // A shared block may hold priors for the kinds that other channels have.
            let isShared = block?.path == "adstock" || block?.path == "saturation"
            check(
                node, path: path, names: (isShared ? MediaParameter.allCases : owned).map(\.rawValue), named: names,
                symbols: symbols)
            apply(node, path: path, to: &priors, named: names, symbols: symbols)
        }
        for block in [shared.adstock, own.adstock] {
            guard adstock.hasHalfLife, let node = block?.node("half_life"), node.mapping != nil else { continue }
            let path = block?.name("half_life") ?? "half_life"
            let parameter = MediaParameter.halfLife
            if let prior = PriorReader.read(node, of: parameter.rawValue, path: path, problems: problems) {
                priors[parameter] = prior
            }
        }
        for block in [sharedEffect, own.effect] {
            guard let node = block?.node("prior") else { continue }
            let parameter = effect.parameter
            let path = block?.name("prior") ?? "prior"
            if let prior = PriorReader.read(node, of: parameter.rawValue, path: path, problems: problems) {
                priors[parameter] = prior
            }
        }
        if let node = section.node("prior") {
            check(node, path: section.name("prior"), names: parameters.map(\.rawValue), named: names)
            apply(node, path: section.name("prior"), to: &priors, named: names)
        }
        return Channel(
            name: name, kind: kind, medium: medium, adstock: adstock, saturation: saturation, order: order,
            effect: effect,
            calibrationWindow: window, priors: priors)
    }

    /// What carries the prior of an effect, as the file names it.
    enum EffectKind: String, CaseIterable {
        case roi
        case mroi
        case contribution
        case coefficient
    }

    private func effectKind(_ section: YAMLSection?, hasSpend: Bool) -> Effect? {
        guard let section, let kind = section.choice("kind", EffectKind.self) else { return nil }
        let effect: Effect =
            switch kind {
            case .roi: .roi
            case .mroi: .marginalROI
            case .contribution: .contribution
            case .coefficient: .coefficient
            }
        if effect.needsSpend, !hasSpend {
            section.problem(
                "kind", "the channel has no spend, so its effect cannot be a return on it.",
                mend: "name its spend column, or write `effect: {kind: contribution}`.")
        }
        return effect
    }

    /// The days whose spend and response the return is about.
    private func readWindow(_ section: YAMLSection?, effect: Effect) -> ClosedRange<CalendarDate>? {
        guard let section, section.node("calibration_window") != nil else { return nil }
        let form = "write `calibration_window: {start: 2024-01-01, end: 2024-03-31}`."
        guard let window = section.section("calibration_window") else { return nil }
        window.require("start", mend: form)
        window.require("end", mend: form)
        if effect != .roi {
            section.problem(
                "calibration_window", "only a return on investment has a calibration window.",
                mend: "write `kind: roi`, or remove it.")
        }
        guard let start = window.date("start"), let end = window.date("end"), effect == .roi else { return nil }
        guard start <= end else {
            window.problem("end", "the window ends before it begins.", mend: "put the dates in order.")
            return nil
        }
        return start...end
    }

    private func readAdstock(
        _ own: YAMLSection?, _ shared: YAMLSection?, preset: Preset, kind: ChannelKind, frequency: Frequency
    ) -> Adstock {
        var adstock = preset.defaults.adstock(kind: kind, frequency: frequency)
        adstock.kind =
            own?.choice("kind", Adstock.Kind.self) ?? shared?.choice("kind", Adstock.Kind.self) ?? adstock.kind
        // The same word is another curve with this peer.
        if preset == .meridian, adstock.kind == .binomial { adstock.kind = .meridianBinomial }
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
