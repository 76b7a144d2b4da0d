import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Wording

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
        quantities: [(name: String, summary: Summary)], by processors: some ParallelMap
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
        let asked = ModelAlternative.list(model).enumerated().filter { _, alternative in
            alternative.choice == .saturation && curves.contains(alternative.name)
        }
        var short = settings
        (short.chains, short.warmup, short.draws) = (chains, warmup, Self.draws)
        let fitted = short
        let draws = processors.map(asked.count * chains) { place in
            let task = FitTask.alternative(asked[place / chains].offset, chain: place % chains)
            return records(of: task, model: model, settings: fitted)
        }
        let others = asked.enumerated().compactMap { place, other in
            try? AlternativeAssembly.fit(other.element, index: other.offset, of: model, settings: fitted) {
                draws[place * chains + $0]
            }
        }
        let study = AlternativeStudy([own] + others.filter { $0.highestRHat <= AlternativeStudy.greatestRHat })
        guard study.isClearlyBeaten(0) else { return [] }
        return [
            FitWarning(
                quantities: own.returns.map(\.name),
                sentence: study.judgement.followed(
                    by: Sentence(
                        "The curve was nobody's choice: see more with `tutti check --curves`.",
                        french: "Personne n’a choisi la courbe : `tutti check --curves` en dit plus.")))
        ]
    }

    /// None where the chain finds no start.
    private static func records(of task: FitTask, model: MarketingMixModel, settings: FitSettings) -> [UInt8] {
        guard var run = try? TaskRun(model: model, settings: settings, task: task) else { return [] }
        while !run.isFinished {
            guard (try? run.step()) != nil else { return [] }
        }
        return run.takeRecords()
    }
}
