import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Wording

/// Of the parameters that carry the priors of channels' effects: a posterior far out in its prior, and one that is the
/// prior.
enum EffectPriorWarnings {
    /// Distance of the posterior mean from the prior's in prior standard deviations. A channel's true return lies so far
    /// out of the default log-normal prior once in two hundred.
    private static let farOut = 5.0
    /// Within so many prior standard deviations, and with a standard deviation so near to the prior's, a posterior is its
    /// prior.
    private static let sameMean = 0.1
    private static let sameSpread = 0.9...1.1
    /// Share of the KPI from which on a channel's contribution matters. Data say little of small channels, and of a default
    /// model's worlds nine in ten have one whose posterior is its prior: true, and no news.
    private static let notableShare = 0.05

    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        let effects = ChannelEffect.all(evidence)
        return effects.compactMap(farOut) + unmoved(effects, evidence.analysis.channels)
    }

    private static func farOut(_ effect: ChannelEffect) -> FitWarning? {
        let mean = Estimate.mean(effect.draws)
        guard let priorMean = effect.prior.mean, let priorSD = effect.prior.standardDeviation, priorSD > 0 else {
            return nil
        }
        let distance = (mean - priorMean) / priorSD
        guard abs(distance) > farOut else { return nil }
        return FitWarning(
            quantity: effect.name,
            sentence: Sentence(
                "\(effect.name) is \(ShortNumber.text(mean)), \(ShortNumber.text(abs(distance))) prior standard "
                    + "deviations \(distance > 0 ? "above" : "below") the mean of its prior, \(ShortNumber.text(priorMean)): "
                    + "check the units of its spend and of the KPI, and whether something else that moves with "
                    + "\(effect.channel) is counted as its effect, before you act on it.",
                french: """
                    \(effect.name) vaut \(ShortNumber.text(mean)), à \(ShortNumber.text(abs(distance))) écarts \
                    types a 
                    """
                        + "priori \(distance > 0 ? "au-dessus" : "au-dessous") de la moyenne de son a priori, "
                        + "\(ShortNumber.text(priorMean)) : avant d’agir, vérifiez les unités de sa dépense et de l’indicateur, et si "
                        + "autre chose qui bouge avec \(effect.channel) n’est pas compté comme son effet."))
    }

    /// One sentence of all channels that the data said nothing about, where they are all channels or a part that matters.
    private static func unmoved(_ effects: [ChannelEffect], _ channels: [ChannelRow]) -> [FitWarning] {
        let found = effects.filter { effect in
            let prior = effect.priorUnbounded
            let spread = Estimate.variance(effect.unbounded).squareRoot() / prior.sd
            return abs(Estimate.mean(effect.unbounded) - prior.mean) <= sameMean * prior.sd
                && sameSpread.contains(spread)
        }
        let matters = found.contains { effect in
            channels.contains { $0.channel == effect.channel && ($0.share?.mean ?? 0) > notableShare }
        }
        guard !found.isEmpty, matters || found.count == effects.count else { return [] }
        let named = found.map { effect in
            let estimate = Estimate(draws: effect.draws)
            let (mean, low, high) = (
                ShortNumber.text(estimate.mean), ShortNumber.text(estimate.q05), ShortNumber.text(estimate.q95)
            )
            let french: FrenchText =
                "\(effect.channel) (\(effect.name) \(mean) [\(low) ; \(high)], comme l’a priori)"
            return Sentence("\(effect.channel) (\(effect.name) \(mean) [\(low), \(high)] is its prior)", french: french)
        }
        return [
            FitWarning(
                quantities: found.map(\.name),
                sentence: Sentence(
                    "The data said nothing about \(named.map(\.english).joined(separator: ", ")): check the units of spend and "
                        + "KPI; a lift test, or spend that varies more, would tell what it brings.",
                    french: """
                        Les données ne disent rien de \(named.map(\.french).joined(separator: ", ")) : vérifiez les \
                        unités 
                        """
                            + "de la dépense et de l’indicateur ; un test de lift, ou une dépense qui varie davantage, dirait ce "
                            + "que cela rapporte."))
        ]
    }
}

/// The parameter that carries the prior of a channel's effect, where all geos have it in common.
private struct ChannelEffect {
    var channel: String
    /// For example `roi[tv]`.
    var name: String
    var prior: Prior
    var draws: [Double]
    /// The draws on the scale without bounds.
    var unbounded: [Double]
    /// Mean and standard deviation of the prior there.
    var priorUnbounded: (mean: Double, sd: Double)

    /// Draws from a prior, from which its moments on the scale without bounds are taken.
    private static let priorDrawCount = 4000

    static func all(_ evidence: FitEvidence) -> [ChannelEffect] {
        let specification = evidence.model.specification
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        return specification.channels.compactMap { channel in
            let parameter = channel.effect.parameter
            let block = evidence.model.layout.blocks.first { block in
                let own = MediaParameter(rawValue: names.parameter(named: block.name))
                return (own == parameter || own == .roi && channel.effect == .windowROI)
                    && block.dimensions.count == 1 && block.dimensions[0].labels.contains(channel.name)
            }
            guard let block, let element = block.dimensions[0].labels.firstIndex(of: channel.name) else { return nil }
            let transform = block.transforms[element]
            let draws = evidence.constrained.map { $0[block.offset + element] }
            var stream = RandomStream(key: StreamKey(seed: 0, kind: 0, index: 0), iteration: 0, site: 0)
            let priorDraws = (0..<priorDrawCount).map { _ in
                transform.unconstrain(block.priors[element].draw(from: &stream))
            }
            return ChannelEffect(
                channel: channel.name, name: block.elementName(element), prior: block.priors[element], draws: draws,
                unbounded: draws.map(transform.unconstrain),
                priorUnbounded: (Estimate.mean(priorDraws), Estimate.variance(priorDraws).squareRoot()))
        }
    }
}
