import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior

/// Says of every reported quantity what it stands on, and of every channel which periods carry it, from the draws of one fit;
/// resamples are told beside it where there are some.
struct EvidenceAssembly {
    /// Periods that are named of each channel.
    static let influentialCount = 10

    private let model: MarketingMixModel
    private let quantities: [Quantity]
    private let jackknife: InfinitesimalJackknife
    private let blockLength: Int

    /// - Parameters:
    ///   - prediction: of the draws of `quantities`.
    ///   - quantities: as reported, of chains of equal length with at least four draws in all.
    init(
        model: MarketingMixModel, settings: FitSettings, prediction: PosteriorPrediction, quantities: [Quantity]
    ) {
        self.model = model
        self.quantities = quantities
        // Without resamples nothing has chosen one.
        blockLength = settings.blockLength ?? BlockLength.automaticMin
        let (cells, periods) = (model.dataset.cellCount, model.dataset.periodCount)
        // A resample weighs a period alike in all geos.
        var terms = [Double](repeating: 0, count: prediction.logLikelihood.count / cells * periods)
        for (index, term) in prediction.logLikelihood.enumerated() where !term.isNaN {
            terms[index / cells * periods + index % cells % periods] += term
        }
        jackknife = InfinitesimalJackknife(
            logLikelihood: terms, periodCount: periods, chainCount: settings.chains)
    }

    /// By reported quantity.
    ///
    /// - Parameters:
    ///   - prior: draws of the same quantities from the prior.
    ///   - residualCorrelation: of successive residuals of a model that has them independent.
    ///   - bootstrap: of the same quantities; empty without resamples, as `resamples` is.
    ///   - processors: share the work.
    func rows(
        prior: [Quantity], residualCorrelation: Double?, bootstrap: [BootstrapRow], resamples: [[Quantity]],
        by processors: some ParallelMap
    ) -> [EvidenceRow] {
        let tested = testedChannels(prior: prior)
        let stability = DecisionStability(model).shares(posterior: quantities, resamples: resamples)
        return processors.map(quantities.count) { index in
            let quantity = quantities[index]
            let comparison = PriorComparison(posterior: quantity.draws, prior: prior[index].draws)
            let channel = channel(of: quantity.name)
            let figures = EvidenceFigures(
                evidenceRatio: ratio(comparison?.compared(quantity.draws) ?? quantity.draws), prior: comparison,
                residualCorrelation: residualCorrelation,
                isTested: channel.map { tested.channels.contains($0) } ?? tested.lifts.contains(quantity.name))
            let refits = bootstrap.isEmpty ? nil : bootstrap[index]
            let share = comparison?.varianceShare ?? 0
            return EvidenceRow(
                quantity: quantity.name, decisionStability: channel.flatMap { stability[$0] },
                posteriorSD: Estimate(draws: quantity.draws).sd,
                jackknifeSD: jackknife.variance(of: quantity.draws, blockLength: blockLength).squareRoot(),
                refitSD: refits?.betweenSD, refitMethod: refits?.method, figures: figures,
                refitMismatchIndex: share < PriorComparison.informedShareMax
                    ? refits?.priorAwareIndex(priorShare: share) : nil)
        }
    }

    /// By channel, the periods that move its contribution most.
    func influences() -> [InfluenceRow] {
        model.specification.channels.flatMap { channel -> [InfluenceRow] in
            guard let contribution = standardized("contribution[\(channel.name)]") else { return [] }
            let roi = standardized("roi[\(channel.name)]")?.periods
            return contribution.influence.largest(Self.influentialCount).enumerated().map { rank, period in
                InfluenceRow(
                    channel: channel.name, rank: rank + 1, date: model.dataset.dates[period],
                    contribution: contribution.periods[period], roi: roi?[period])
            }
        }
    }

    /// ψ_t in posterior standard deviations; nil where there is no such quantity, or it does not vary.
    private func standardized(_ name: String) -> (influence: PeriodInfluence, periods: [Double])? {
        guard let quantity = quantities.first(where: { $0.name == name }) else { return nil }
        let sd = Estimate(draws: quantity.draws).sd
        guard sd > 0 else { return nil }
        let influence = jackknife.influence(of: quantity.draws)
        return (influence, influence.periods.map { $0 / sd })
    }

    /// V_IJ ÷ V_post; 0 of draws that do not vary.
    private func ratio(_ draws: [Double]) -> Double {
        let sd = Estimate(draws: draws).sd
        return sd > 0 ? jackknife.variance(of: draws, blockLength: blockLength) / (sd * sd) : 0
    }

    /// The channel whose contribution or return a quantity is.
    private func channel(of quantity: String) -> String? {
        model.specification.channels.map(\.name).first { name in
            ["contribution", "roi", "mroi"].contains { "\($0)[\(name)]" == quantity }
        }
    }

    /// Channels of which lift tests say more than the prior, and those lifts. A test of several channels together tells of
    /// their sum alone.
    private func testedChannels(prior: [Quantity]) -> (channels: Set<String>, lifts: Set<String>) {
        let specification = model.specification
        let telling = specification.experiments.filter { experiment in
            guard let lift = prior.first(where: { $0.name == experiment.quantityName }) else { return false }
            // Half the prior's standard deviation: the interval of the two together is under half the prior's.
            let quantiles = Quantiles.quantiles([0.05, 0.95], of: lift.draws)
            let sd = (quantiles[1] - quantiles[0]) / (2 * SpecialFunctions.normalQuantile(0.95))
            return experiment.standardError < 0.5 * sd
        }
        let measured = specification.measuredReturns.filter { !$0.tests.isEmpty }.map(\.channel)
        let alone = telling.filter { $0.channels.count == 1 }.flatMap(specification.testedChannels)
        return (
            Set((measured + alone).map { specification.channels[$0].name }), Set(telling.map(\.quantityName))
        )
    }
}
