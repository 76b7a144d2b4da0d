import MarketingMix
import ModelDefinition

extension PosteriorAnalysis {
    /// The quantities of `quantities`, for draws of which nothing else is asked: those of a resample.
    package static func quantities(model: MarketingMixModel, constrained: [[Double]]) -> [Quantity] {
        let periods = model.dataset.cellCount
        let names = model.specification.channels.map(\.name)
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        var contributions = [[Double]](repeating: [], count: names.count)
        var baseline: [Double] = []
        var total: [Double] = []
        for parameters in constrained {
            model.decompose(constrained: parameters, into: &values, fitted: &fitted)
            var base = 0.0
            for (index, component) in model.components.enumerated() {
                var sum = 0.0
                for period in 0..<periods { sum += values[index * periods + period] }
                if case .channel(let channel) = component.kind {
                    contributions[channel].append(sum)
                } else {
                    base += sum
                }
            }
            baseline.append(base)
            var sum = 0.0
            for value in fitted { sum += value }
            total.append(sum)
        }
        let economics = names.indices.map {
            ChannelEconomics(model: model, channel: $0, constrained: constrained)
        }
        return named(
            model: model, constrained: constrained, contributions: contributions, economics: economics,
            baseline: baseline, total: total)
    }

    /// In their order: contributions, ROI and marginal ROI of channels with spend, lifts of experiments, baseline, total.
    static func named(
        model: MarketingMixModel, constrained: [[Double]], contributions: [[Double]], economics: [ChannelEconomics],
        baseline: [Double], total: [Double]
    ) -> [Quantity] {
        let names = model.specification.channels.map(\.name)
        let lifts = model.specification.experiments.map { experiment in
            Quantity(
                name: experiment.quantityName, draws: constrained.map { model.lift(experiment, constrained: $0) })
        }
        var quantities = names.indices.map { Quantity(name: "contribution[\(names[$0])]", draws: contributions[$0]) }
        for (name, economics) in zip(names, economics) {
            if let roi = economics.roi { quantities.append(Quantity(name: "roi[\(name)]", draws: roi)) }
        }
        for (name, economics) in zip(names, economics) {
            if let roi = economics.marginalROI { quantities.append(Quantity(name: "mroi[\(name)]", draws: roi)) }
        }
        return quantities + lifts + [
            Quantity(name: "baseline", draws: baseline), Quantity(name: "total", draws: total),
        ]
    }
}

extension Experiment {
    /// Name of its lift among the reported quantities.
    package var quantityName: String { "lift[\(name)]" }
}
