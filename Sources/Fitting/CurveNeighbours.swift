import Analysis
import MarketingMix
import ModelDefinition
import Posterior

/// Short fits of the curves beside one that nobody chose, done with the results of a fit: whether another predicts the
/// same data clearly better, and what it would say.
enum CurveNeighbours {
    private static let chains = 2
    private static let warmup = 300
    private static let draws = 250
    /// Sampled parameters and cells up to which this takes a second or two.
    private static let greatestDimension = 60
    private static let cellsMax = 400
    /// Draws of the given fit below which its score says too little.
    private static let drawsMin = 400
    private static let curves = ["Hill, slope 1", "Hill, free slope", "logistic"]

    /// One, or none where no neighbour is clearly better, or the model is too large to ask.
    static func warnings(
        model: MarketingMixModel, settings: FitSettings, leaveOneOut: LeaveOneOut?,
        quantities: [(name: String, summary: Summary)]
    ) -> [FitWarning] {
        let given = model.specification
        let preset = given.preset.defaults.saturation
        guard let leaveOneOut, model.dataset.geos.isEmpty, model.dataset.cellCount <= cellsMax,
            model.posterior(weights: nil).dimension <= greatestDimension,
            settings.chains * settings.draws >= drawsMin,
            given.channels.allSatisfy({ $0.saturation == preset })
        else { return [] }
        let own = AlternativeFit(
            choice: ModelAlternative.Choice.asGiven.rawValue, name: "", leaveOneOut: leaveOneOut, scoreError: 0,
            divergences: 0, highestRHat: 1,
            returns: AlternativeAssembly.returns(model, quantities))
        let others = ModelAlternative.list(model).enumerated().compactMap { index, alternative in
            alternative.choice == .saturation && curves.contains(alternative.name)
                ? fit(alternative, index: index, of: model, settings: settings) : nil
        }
        let study = AlternativeStudy([own] + others.filter { $0.highestRHat <= AlternativeStudy.greatestRHat })
        guard study.isClearlyBeaten(0) else { return [] }
        return [
            FitWarning(
                quantities: own.returns.map(\.name),
                sentence: study.findings[0] + " The curve was nobody's choice: see more with `tutti check --curves`.")
        ]
    }

    /// Nil where a chain finds no start.
    private static func fit(
        _ alternative: ModelAlternative, index: Int, of model: MarketingMixModel, settings: FitSettings
    ) -> AlternativeFit? {
        var short = settings
        short.chains = chains
        short.warmup = warmup
        short.draws = draws
        let records = (0..<chains).map { chain -> [UInt8] in
            guard var run = try? TaskRun(model: model, settings: short, task: .alternative(index, chain: chain)) else {
                return []
            }
            while !run.isFinished {
                guard (try? run.step()) != nil else { return [] }
            }
            return run.takeRecords()
        }
        return try? AlternativeAssembly.fit(alternative, index: index, of: model, settings: short) { records[$0] }
    }
}
