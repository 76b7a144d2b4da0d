import Densities
import MarketingMix
import ModelDefinition
import ModelFile

extension ExperimentPrior {
    /// Share of the effect of what ran in the tests that falls within them, by the means of the priors of carry-over; the
    /// smallest of the tests'. Their lifts hold no more of it.
    package func caughtShare(in read: ReadModel, model: MarketingMixModel) -> Double {
        read.stated.experiments(.prior).filter { experiments.contains($0.experiment.name) }
            .map { Self.caughtShare($0.experiment, model: model) }.min() ?? 1
    }

    /// Share of the carry-over of media that ran evenly through a test which falls within it.
    private static func caughtShare(_ experiment: Experiment, model: MarketingMixModel) -> Double {
        let days = Double(experiment.days.upperBound.dayNumber - experiment.days.lowerBound.dayNumber + 1)
        let periods = max(1, Int((days / model.dataset.frequency.meanDays).rounded()))
        let weights = model.adstockWeights(channel: experiment.channels[0], constrained: model.priorMeans)
        let total = weights.reduce(0, +)
        let caught = (0..<periods).reduce(0.0) { $0 + weights.prefix($1 + 1).reduce(0, +) }
        return total > 0 ? caught / (total * Double(periods)) : 1
    }
}

extension MarketingMixModel {
    /// Parameter values at the means of their priors, in layout order; 1 where there is none.
    var priorMeans: [Double] { layout.blocks.flatMap { $0.priors.map { $0.mean ?? 1 } } }
}
