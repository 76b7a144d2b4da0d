import Densities
import ModelDefinition
import Yams

/// The sections that say what becomes of exposure, of one channel or at the top of all.
struct ResponseSections {
    let adstock: YAMLSection?
    let saturation: YAMLSection?
    let effect: YAMLSection?

    init(_ parent: YAMLSection) {
        adstock = parent.section("adstock")
        saturation = parent.section("saturation")
        effect = parent.section("effect")
    }
}

/// Reads what becomes of a channel's exposure: carry-over, saturation and effect with their priors.
struct ResponseReader {
    let context: SectionContext
    /// The channel's.
    let section: YAMLSection
    let own: ResponseSections
    let shared: ResponseSections
    let medium: Medium
    let hasSpend: Bool

    /// Kinds of media that are no kinds of effect.
    private static let kindMends = [
        "organic": "write `organic: true`, and name what ran as `exposure`.", "paid": "remove it: paid is usual.",
    ]

    func channel(name: String) -> Channel {
        let kind = section.choice("kind", ChannelKind.self, mends: Self.kindMends) ?? .performance
        let adstock = AdstockReader(context: context, own: own.adstock, shared: shared.adstock).read(kind)
        let saturation =
            saturationChoice("kind", Saturation.self) ?? context.preset.defaults.saturation
        let order = saturationChoice("order", TransformOrder.self) ?? .adstockFirst
        let (effect, window) = EffectReader(
            context: context, section: section, own: own.effect, shared: sharedEffect, medium: medium,
            hasSpend: hasSpend
        ).read(saturation)
        var channel = Channel(
            name: name, kind: kind, medium: medium, adstock: adstock, saturation: saturation, order: order,
            effect: effect, calibrationWindow: window, priors: [:])
        readPriors(&channel)
        return channel
    }

    private func saturationChoice<Value: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Value.Type
    ) -> Value? where Value.RawValue == String {
        own.saturation?.choice(key, type) ?? shared.saturation?.choice(key, type)
    }

    /// What a shared block says of returns does not mean organic channels.
    private var sharedEffect: YAMLSection? { medium.isOrganic ? nil : shared.effect }

    // MARK: Priors

    /// The nearer statement wins: the preset's, top-level `prior`, the shared block's, the channel's own, its block's own.
    private func readPriors(_ channel: inout Channel) {
        let parameters = Channel.parameters(
            adstock: channel.adstock, saturation: channel.saturation, effect: channel.effect)
        for parameter in parameters {
            channel.priors[parameter] = context.preset.defaults.prior(
                of: parameter, kind: channel.kind, medium: medium, adstock: channel.adstock.kind,
                saturation: channel.saturation, likelihood: context.likelihood, frequency: context.frequency)
        }
        let names = ParameterNames(context.preset, saturations: [channel.saturation])
        let reader = NamedPriorReader(names: names, problems: context.problems)
        reader.apply(context.top.node("prior"), path: "prior", to: &channel.priors)
        readBlockPriors(&channel, names: names)
        readHalfLife(&channel)
        readEffectPrior(&channel)
        if let node = section.node("prior") {
            reader.check(node, path: section.name("prior"), allowed: parameters.map(\.rawValue))
            reader.apply(node, path: section.name("prior"), to: &channel.priors)
        }
    }

    /// `prior` of the sections of carry-over and saturation.
    private func readBlockPriors(_ channel: inout Channel, names: ParameterNames) {
        let ofAdstock = channel.adstock.parameters
        let ofSaturation = channel.saturation.parameters + [.beta]
        let symbols = (adstock: channel.adstock.kind.symbols, saturation: channel.saturation.symbols)
        for (block, owned, symbols, isShared) in [
            (shared.adstock, ofAdstock, symbols.adstock, true),
            (shared.saturation, ofSaturation, symbols.saturation, true),
            (own.adstock, ofAdstock, symbols.adstock, false),
            (own.saturation, ofSaturation, symbols.saturation, false),
        ] {
            guard let block, let node = block.node("prior") else { continue }
            let reader = NamedPriorReader(names: names, symbols: symbols, problems: context.problems)
            // A shared block may hold priors for the kinds that other channels have.
            reader.check(
                node, path: block.name("prior"),
                allowed: (isShared ? MediaParameter.allCases : owned).map(\.rawValue))
            reader.apply(node, path: block.name("prior"), to: &channel.priors)
        }
    }

    /// A prior in the place of `half_life: true`.
    private func readHalfLife(_ channel: inout Channel) {
        for block in [shared.adstock, own.adstock] {
            guard channel.adstock.hasHalfLife, let block, let node = block.node("half_life"), node.mapping != nil else {
                continue
            }
            let parameter = MediaParameter.halfLife
            let path = block.name(parameter.rawValue)
            if let prior = PriorReader.read(node, of: parameter.rawValue, path: path, problems: context.problems) {
                channel.priors[parameter] = prior
            }
        }
    }

    private func readEffectPrior(_ channel: inout Channel) {
        let parameter = channel.effect.parameter
        for block in [sharedEffect, own.effect] {
            guard let block, let node = block.node("prior") else { continue }
            let path = block.name("prior")
            if let prior = PriorReader.read(node, of: parameter.rawValue, path: path, problems: context.problems) {
                channel.priors[parameter] = prior
            }
        }
    }
}
