import Kernels
import MarketingMix
import ModelDefinition
import Wording

/// Carry-over that the window cuts off in which it may happen.
package enum CarryOverWarning {
    /// Weight of the last lag ÷ the largest weight, beyond what the prior gives.
    private static let lastWeightMax = 0.05
    private static let priorDrawCount = 400

    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        var stream = RandomStream(key: StreamKey(seed: 0, kind: 0, index: 1), iteration: 0, site: 0)
        let prior = (0..<priorDrawCount).map { _ in evidence.model.priorDraw(&stream) }
        return warnings(model: evidence.model, constrained: evidence.constrained, prior: prior)
    }

    /// The parameter of the carry-over as the preset names it, where the channel has its own.
    private static func name(of channel: Channel, in model: MarketingMixModel) -> String {
        let specification = model.specification
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        let own = channel.adstock.parameters[0].rawValue
        for block in model.layout.blocks where names.parameter(named: block.name) == own {
            for element in 0..<block.count where block.elementName(element).hasSuffix("[\(channel.name)]") {
                return block.elementName(element)
            }
        }
        return "\(own)[\(channel.name)]"
    }

    /// - Parameters:
    ///   - constrained: draws of the posterior.
    ///   - prior: draws of the prior; a window that the prior itself fills was chosen so.
    package static func warnings(
        model: MarketingMixModel, constrained: [[Double]], prior: [[Double]]
    ) -> [FitWarning] {
        let (posterior, priorWeights) = (lastWeights(model, constrained), lastWeights(model, prior))
        return model.specification.channels.enumerated().compactMap { index, channel in
            // A slow component fades over years, and its window is said to be two of them.
            guard channel.adstock.kind != .none, channel.adstock.maximumLag > 0, channel.longTermOf == nil else {
                return nil
            }
            let last = posterior[index]
            guard last > lastWeightMax, last > lastWeightMax + priorWeights[index] else { return nil }
            let window = channel.adstock.maximumLag
            return FitWarning(
                quantity: name(of: channel, in: model),
                sentence: Sentence(
                    "The carry-over of \(channel.name) presses against the end of its window: after \(window) periods "
                        + "it still has \(Int((100 * last).rounded())) % of its greatest weight, and what comes later is "
                        + "counted for others or for the baseline. Give it a `max_lag` above \(window).",
                    french: """
                        La rémanence de \(channel.name) bute contre la fin de sa fenêtre : après \(window) \
                        périodes, il lui 
                        """
                            + "reste \(Int((100 * last).rounded())) % de son poids le plus fort, et ce qui vient plus tard est compté "
                            + "pour d’autres ou pour les ventes de base. Donnez-lui un `max_lag` supérieur à \(window)."
                ))
        }
    }

    /// Weight of the last lag ÷ the largest weight by channel, the mean of the draws.
    private static func lastWeights(_ model: MarketingMixModel, _ draws: [[Double]]) -> [Double] {
        let shares = draws.map { parameters in
            model.adstockWeights(constrained: parameters).map { weights in
                let largest = weights.max() ?? 0
                return largest > 0 ? weights[weights.count - 1] / largest : 0
            }
        }
        return model.specification.channels.indices.map { channel in Estimate.mean(shares.map { $0[channel] }) }
    }
}
