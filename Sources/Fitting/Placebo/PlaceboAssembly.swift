import Analysis
import Kernels
import MarketingMix
import Posterior

/// Puts a study of placebos together from the draws of its tasks.
package enum PlaceboAssembly {
    /// Draws of the prior that say how wide it is: to a few per cent.
    private static let priorDraws = 500

    /// - Parameter records: the bytes of one task's draws by its place in `FitPlan.tasks`; asked for once each, in order.
    package static func assemble(
        model: MarketingMixModel, settings: FitSettings, records: (Int) throws -> [UInt8]
    ) throws -> PlaceboStudy {
        guard case .placebo(let fits, let count) = settings.study else {
            preconditionFailure("these are the settings of something else")
        }
        var rows: [PlaceboRow] = []
        var divergences = 0
        var highestRHats: [Double] = []
        for fit in 0..<fits {
            let (fitted, placebos) = model.placebos(ofFit: fit, fits: fits, count: count, settings: settings)
            let posterior = fitted.posterior(weights: nil)
            let draws = try StudyDraws(
                ofFit: fit, posterior: posterior, settings: settings, recovery: .placeboRecovery,
                label: { FitTask.placebo(fit, chain: $0).label }, records: records)
            divergences += draws.divergences
            let prior = (0..<UInt64(priorDraws)).map { draw in
                var stream = RandomStream(
                    key: StreamKey(settings, .placeboPrior, index: fit), iteration: draw, site: 0)
                return fitted.priorDraw(&stream)
            }
            let own = returns(of: placebos, model: fitted, constrained: draws.constrained)
            let before = returns(of: placebos, model: fitted, constrained: prior)
            highestRHats.append(
                own.map { $0.quantity.summary(chainCount: settings.chains).rHat }.filter(\.isFinite).max() ?? .nan)
            rows += placebos.indices.map { place in
                PlaceboRow(
                    placebo: placebos[place].name, source: model.specification.channels[placebos[place].source].name,
                    isPerMoney: own[place].isPerMoney, draws: own[place].quantity.draws,
                    prior: before[place].quantity.draws)
            }
        }
        return PlaceboStudy(
            rows: rows, divergences: divergences, draws: fits * settings.chains * settings.draws,
            highestRHats: highestRHats)
    }

    /// By placebo: its return, or without spend its contribution.
    private static func returns(
        of placebos: [Placebo], model: MarketingMixModel, constrained: [[Double]]
    ) -> [(isPerMoney: Bool, quantity: Quantity)] {
        let quantities = PosteriorAnalysis.quantities(model: model, constrained: constrained)
        return placebos.map { placebo in
            for isPerMoney in [true, false] {
                let name = "\(isPerMoney ? "roi" : "contribution")[\(placebo.name)]"
                if let found = quantities.last(where: { $0.name == name }) { return (isPerMoney, found) }
            }
            preconditionFailure("every channel has a contribution")
        }
    }
}
