import Analysis
import Kernels
import MarketingMix
import Posterior

/// Puts a study of alternatives together from the draws of its tasks.
package enum AlternativeAssembly {
    /// Numbers in one table of pointwise log-likelihoods; draws are left out evenly beyond it.
    private static let termsMax = 16_000_000

    /// - Parameter records: the bytes of one task's draws by its place in `FitPlan.tasks`; asked for once each, in order.
    package static func assemble(
        model: MarketingMixModel, settings: FitSettings, records: (Int) throws -> [UInt8]
    ) throws -> AlternativeStudy {
        guard case .alternatives(let count) = settings.study else {
            preconditionFailure("these are the settings of something else")
        }
        let alternatives = ModelAlternative.list(model)
        precondition(alternatives.count == count, "a plan of other alternatives")
        return AlternativeStudy(
            try alternatives.enumerated().map { index, alternative in
                try fit(alternative, index: index, of: model, settings: settings) { chain in
                    try records(index * settings.chains + chain)
                }
            })
    }

    /// - Parameters:
    ///   - index: that of the alternative in `ModelAlternative.list`.
    ///   - model: as given.
    ///   - records: the bytes of the draws of a chain.
    static func fit(
        _ alternative: ModelAlternative, index: Int, of model: MarketingMixModel, settings: FitSettings,
        records: (Int) throws -> [UInt8]
    ) throws -> AlternativeFit {
        let fitted = model.alternative(index)
        let posterior = fitted.posterior(weights: nil)
        var chains: [[[Double]]] = []
        var divergences = 0
        for chain in 0..<settings.chains {
            guard
                let draws = DrawRecord.decode(
                    try records(chain), dimension: posterior.dimension, count: settings.draws)
            else { throw FitAssemblyError.records(task: FitTask.alternative(index, chain: chain).label) }
            divergences += draws.count { $0.statistics.diverging }
            let key = StreamKey(settings, .alternativeRecovery, index: index * settings.chains + chain)
            chains.append(FitAssembly.recover(draws, posterior: posterior, key: key))
        }
        return fit(alternative, of: fitted, chains: chains, divergences: divergences)
    }

    private static func fit(
        _ alternative: ModelAlternative, of model: MarketingMixModel, chains: [[[Double]]], divergences: Int
    ) -> AlternativeFit {
        let quantities = PosteriorAnalysis.quantities(model: model, constrained: chains.flatMap(\.self))
        let summaries = quantities.map { ($0.name, $0.summary(chainCount: chains.count)) }
        let parameters = chains[0][0].indices.map { place in
            Summary(chains: chains.map { chain in chain.map { $0[place] } })
        }
        let all = parameters + summaries.map(\.1)
        let step = max(1, chains.count * chains[0].count * model.dataset.cellCount / termsMax)
        let terms = chains.map {
            logLikelihoods(model, $0.enumerated().filter { $0.offset % step == 0 }.map(\.element))
        }
        let efficiency = relativeEfficiency(all, draws: chains.count * chains[0].count)
        // By cell, the chains one after another.
        let whole = LeaveOneOut(
            logLikelihood: terms[0].indices.map { cell in terms.flatMap { $0[cell] } }, relativeEfficiency: efficiency)
        let scores = Moments(
            terms.map { LeaveOneOut(logLikelihood: $0, relativeEfficiency: efficiency).expectedLogDensity })
        return AlternativeFit(
            choice: alternative.choice.rawValue, name: alternative.name, leaveOneOut: whole,
            scoreError: chains.count > 1 ? (scores.variance / Double(chains.count)).squareRoot() : .nan,
            divergences: divergences,
            highestRHat: all.filter { !$0.isConstant }.map(\.rHat).filter(\.isFinite).max() ?? .nan,
            returns: returns(model, summaries))
    }

    static func returns(
        _ model: MarketingMixModel, _ summaries: [(name: String, summary: Summary)]
    ) -> [AlternativeFit.Return] {
        model.specification.channels.compactMap { channel in
            for isPerMoney in [true, false] {
                let name = "\(isPerMoney ? "roi" : "contribution")[\(channel.name)]"
                if let found = summaries.first(where: { $0.name == name }) {
                    return AlternativeFit.Return(
                        channel: channel.name, isPerMoney: isPerMoney, summary: found.summary)
                }
            }
            return nil
        }
    }

    /// The mean effective share of all draws.
    private static func relativeEfficiency(_ summaries: [Summary], draws: Int) -> Double {
        let sizes = summaries.map { ($0.sd / $0.mcseMean) * ($0.sd / $0.mcseMean) }.filter(\.isFinite)
        guard !sizes.isEmpty else { return 1 }
        return min(1, Reductions.sum(sizes) / Double(sizes.count * draws))
    }

    /// By cell with a KPI, then draw: log density of the KPI, so that models that scale it differently compare.
    private static func logLikelihoods(_ model: MarketingMixModel, _ draws: [[Double]]) -> [[Double]] {
        let cells = model.dataset.cellCount
        let known = model.dataset.knownCells
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var terms = fitted
        let shifts = known.map { Elementary.log(model.kpiUnit(ofCell: $0)) }
        var result = known.map { _ in [Double](repeating: 0, count: draws.count) }
        for (index, draw) in draws.enumerated() {
            model.decompose(constrained: draw, into: &values, fitted: &fitted)
            model.pointwiseLogLikelihood(constrained: draw, fitted: fitted, into: &terms)
            for place in known.indices { result[place][index] = terms[known[place]] - shifts[place] }
        }
        return result
    }
}
