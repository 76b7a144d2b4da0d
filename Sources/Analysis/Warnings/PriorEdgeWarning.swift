import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Wording

/// Parameters that are held where they are by the ends of their prior.
package enum PriorEdgeWarning {
    /// The outermost part of a truncated normal prior, on either side.
    static let edgeMass = 0.02
    /// Share of the draws that lie in it: 25 times as many as the prior puts there.
    static let shareMax = 0.5

    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        warnings(model: evidence.model, constrained: evidence.constrained)
    }

    /// One for every parameter of a channel with a truncated normal prior, as `ec` has, whose posterior lies at its edge.
    package static func warnings(model: MarketingMixModel, constrained: [[Double]]) -> [FitWarning] {
        let specification = model.specification
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        return model.layout.blocks.flatMap { block in
            block.priors.enumerated().compactMap { element, prior -> FitWarning? in
                guard MediaParameter(rawValue: names.parameter(named: block.name)) != nil,
                    case .truncatedNormal(let mean, let sd, let lower, let upper) = prior
                else { return nil }
                let draws = constrained.map { $0[block.offset + element] }
                func mass(below value: Double) -> Double {
                    let part = SpecialFunctions.logNormalMass((lower - mean) / sd, (value - mean) / sd)
                    return Elementary.exp(
                        part - SpecialFunctions.logNormalMass((lower - mean) / sd, (upper - mean) / sd))
                }
                let masses = draws.map { mass(below: $0) }
                let count = Double(draws.count)
                let isLow = Double(masses.count { $0 < edgeMass }) > shareMax * count
                let isHigh = Double(masses.count { $0 > 1 - edgeMass }) > shareMax * count
                guard isLow || isHigh else { return nil }
                return FitWarning(
                    quantity: block.elementName(element),
                    sentence: Sentence(
                        "The posterior of \(block.elementName(element)) presses against the \(isLow ? "lower" : "upper") end of "
                            + "what its prior allows, where the prior puts \(Int(100 * edgeMass)) %: the curve is one that was "
                            + "hardly expected. Check the channel's exposure (small amounts between flights set its scale, "
                            + "their median), give the parameter a wider prior, or choose another `saturation`.",
                        french: "La loi a posteriori de \(block.elementName(element)) bute contre la borne "
                            + "\(isLow ? "inférieure" : "supérieure") de ce que permet son a priori, où celui-ci met "
                            + "\(Int(100 * edgeMass)) % : la courbe n’était guère attendue. Vérifiez l’exposition du canal (de "
                            + "petits montants entre les vagues fixent son échelle, leur médiane), donnez au paramètre un a "
                            + "priori plus large, ou choisissez une autre `saturation`."))
            }
        }
    }
}
