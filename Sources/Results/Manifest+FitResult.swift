import Fitting
import MarketingMix
import ModelDefinition
import Posterior

extension Manifest {
    /// Of a fit.
    /// - Parameter warnings: of the checks of model and data, which follow those of the figures.
    package init(_ result: FitResult, run: Run, warnings: [String]) {
        let units = ResultUnits(result)
        self.init(
            run: run, seed: result.settings.seed, plan: Plan(result.settings), verdict: Verdict(result.verdict),
            scouts: result.scouts.map { Scouts(highestRHat: $0.highestRHat, areUsed: $0.areUsed) },
            crossValidation: result.leaveOneOut.map { CrossValidation($0, data: result.model.dataset) },
            holdout: Holdout(result), experiments: Self.experiments(of: result),
            mediation: result.mediation.map(Mediation.init),
            units: ["contribution": units.kpi, "roi": units.returns], money: Money(result.model),
            warnings: result.warnings.map(\.sentence.english) + warnings)
    }

    private static func experiments(of result: FitResult) -> [Experiment] {
        result.model.specification.experiments.compactMap { experiment in
            guard let quantity = result.quantitySummaries.first(where: { $0.name == experiment.quantityName }) else {
                return nil
            }
            return Experiment(
                name: experiment.name, lift: experiment.lift, standardError: experiment.standardError,
                modelMean: quantity.summary.mean, modelQ05: quantity.summary.q05, modelQ95: quantity.summary.q95)
        }
    }
}

extension Manifest.Money {
    init(_ model: MarketingMixModel) {
        let kpi = model.specification.kpi
        self.init(
            currency: kpi.currency.isEmpty ? nil : kpi.currency, vat: kpi.vat?.rawValue, margin: model.meanMargin())
    }
}

extension Manifest.Plan {
    /// - Parameter settings: with the draws that the chains had.
    package init(_ settings: FitSettings) {
        self.init(
            chains: settings.chains, warmup: settings.warmup, draws: settings.draws,
            targetAccept: settings.targetAcceptance, resamples: settings.resamples,
            scheme: settings.scheme.rawValue, resampleMethod: settings.resampleMethod.rawValue,
            blockLength: settings.blockLength,
            until: settings.until.rawValue, start: settings.resolvedStart.rawValue)
    }
}

extension Manifest.Holdout {
    /// Nil where nothing is held out.
    init?(_ result: FitResult) {
        guard let score = result.holdout else { return nil }
        self.init(
            periods: result.model.specification.holdout, cells: score.cellCount, logDensity: score.logDensity,
            crps: score.crps, coverage: score.coverage, absolutePercentageError: score.absolutePercentageError)
    }
}

extension Manifest.CrossValidation {
    init(_ loo: LeaveOneOut, data: Dataset) {
        let known = data.knownCells
        let doubtful = loo.doubtful.map { index in
            let cell = known[index]
            let date = data.dates[cell % data.periodCount].description
            return data.geos.isEmpty ? date : "\(data.geos[cell / data.periodCount]), \(date)"
        }
        self.init(
            expectedLogDensity: loo.expectedLogDensity, standardError: loo.standardError,
            parameterCount: loo.parameterCount, shapeLimit: loo.shapeLimit, doubtful: doubtful)
    }
}
