import Analysis
import Fitting
import Kernels
import MarketingMix
import ModelDefinition

/// What the draws of an accepted fit say of new data: how likely these are at each draw, against the data that it was
/// made of, and what each draw makes of the reported quantities.
///
/// The weight of a draw is L(new data) ÷ L(old data): the priors are the same and cancel. They do so as long as the new
/// model has the parameters of the old one, no more and no less.
package struct AcceptedEvidence: Sendable {
    /// A part of the way from the old data to the new.
    package struct Stage: Sendable {
        package let model: MarketingMixModel
        /// By draw: log L of this stage's data − log L of the accepted fit's.
        package let logRatios: [Double]
        /// Names of the reported quantities, and their values, by quantity, then draw.
        package let names: [String]
        package let quantities: [[Double]]
    }

    /// The accepted fit on its own data.
    package let accepted: Stage
    /// The same periods as they are told now.
    package let restated: Stage
    /// All that is told now.
    package let current: Stage
    /// By period of the new data, then draw: how much more likely the period's KPI is than the accepted fit's data had it;
    /// of new periods their log-likelihood.
    package let periodLogRatios: [[Double]]
    /// By new period, then draw: what the accepted fit predicts of the KPI, over all geos; and what came.
    package let predicted: [(date: CalendarDate, draws: [Double], actual: Double)]

    /// - Returns: nil where the new model has other parameters, or the new data do not go on where the old ones began.
    package init?(_ result: AcceptedResult, current model: MarketingMixModel, by processors: some ParallelMap) {
        let old = result.model
        guard model.layout == old.layout, model.dataset.geos == old.dataset.geos,
            model.dataset.periodCount >= old.dataset.periodCount,
            Array(model.dataset.dates.prefix(old.dataset.periodCount)) == old.dataset.dates
        else { return nil }
        let oldCount = old.dataset.periodCount
        let restatedModel = MarketingMixModel(
            specification: model.specification, dataset: model.dataset.first(oldCount))
        guard restatedModel.layout == old.layout else { return nil }
        let draws = result.constrained
        let stages = [old, restatedModel, model]
        let told = stages.map { stage in Told(stage, draws: draws, by: processors) }
        func stage(_ index: Int) -> Stage {
            Stage(
                model: stages[index],
                logRatios: draws.indices.map { told[index].total[$0] - told[0].total[$0] },
                names: told[index].names, quantities: told[index].quantities)
        }
        accepted = stage(0)
        restated = stage(1)
        current = stage(2)
        let (first, last) = (told[0].periods, told[2].periods)
        periodLogRatios = (0..<model.dataset.periodCount).map { period in
            draws.indices.map { last[period][$0] - (period < oldCount ? first[period][$0] : 0) }
        }
        predicted = Self.predictions(model, after: oldCount, draws: draws)
    }

    /// The KPI of the periods after those of the accepted fit, by its draws.
    private static func predictions(
        _ model: MarketingMixModel, after oldCount: Int, draws: [[Double]]
    ) -> [(date: CalendarDate, draws: [Double], actual: Double)] {
        let data = model.dataset
        guard oldCount < data.periodCount else { return [] }
        // What came is not to be known where errors follow on each other.
        var blind = data
        for geo in 0..<data.geoCount {
            for cell in data.cells(of: geo).dropFirst(oldCount) { blind.kpi[cell] = .nan }
        }
        let blindModel = MarketingMixModel(specification: model.specification, dataset: blind)
        var values = [Double](repeating: 0, count: model.components.count * data.cellCount)
        var fitted = [Double](repeating: 0, count: data.cellCount)
        var sums = [[Double]](repeating: [], count: data.periodCount - oldCount)
        for (draw, parameters) in draws.enumerated() {
            blindModel.decompose(constrained: parameters, into: &values, fitted: &fitted)
            let observations = Observations(blindModel, constrained: parameters, fitted: fitted)
            var stream = RandomStream(
                key: StreamKey(seed: model.specification.seed, kind: StreamKind.nightPrediction.rawValue, index: 0),
                iteration: UInt64(draw), site: 0)
            let replicated = observations.replicate(from: &stream)
            for period in oldCount..<data.periodCount {
                sums[period - oldCount].append(
                    Self.sum(data, period) { data.kpi[$0].isNaN ? nil : replicated[$0] } ?? 0)
            }
        }
        return (oldCount..<data.periodCount).compactMap { period in
            Self.sum(data, period) { data.kpi[$0].isNaN ? nil : data.kpi[$0] }.map {
                (date: data.dates[period], draws: sums[period - oldCount], actual: $0)
            }
        }
    }

    /// Over the geos of a period; nil where none has a value.
    private static func sum(_ data: Dataset, _ period: Int, _ value: (Int) -> Double?) -> Double? {
        let values = (0..<data.geoCount).compactMap { value($0 * data.periodCount + period) }
        return values.isEmpty ? nil : Reductions.sum(values)
    }
}

/// What draws say of a model's data.
private struct Told: Sendable {
    /// Log-likelihood by draw, lift tests included, but for constants.
    let total: [Double]
    /// By period, then draw.
    let periods: [[Double]]
    let names: [String]
    /// By quantity, then draw.
    let quantities: [[Double]]

    init(_ model: MarketingMixModel, draws: [[Double]], by processors: some ParallelMap) {
        let data = model.dataset
        names = ReportedQuantities(model).names
        let blocks = Swift.stride(from: 0, to: draws.count, by: Self.blockCount).map {
            Array(draws[$0..<min($0 + Self.blockCount, draws.count)])
        }
        let parts = processors.map(blocks.count) {
            block -> [(periods: [Double], experiments: Double, quantities: [Double])] in
            var reported = ReportedQuantities(model)
            var pointwise = [Double](repeating: 0, count: data.cellCount)
            return blocks[block].map { parameters in
                let draw = ModelDraw(model, parameters)
                let quantities = reported.values(at: draw)
                draw.parameters.pointwiseLogLikelihood(fitted: reported.fitted, into: &pointwise)
                let periods = (0..<data.periodCount).map { period in
                    Reductions.sum(
                        (0..<data.geoCount).compactMap { geo in
                            let value = pointwise[geo * data.periodCount + period]
                            return value.isNaN ? nil : value
                        })
                }
                let experiments = model.specification.experiments.map { experiment in
                    let error = (draw.lift(experiment) - experiment.lift) / experiment.standardError
                    return -0.5 * error * error
                }
                return (periods, Reductions.sum(experiments), quantities)
            }
        }.flatMap(\.self)
        total = parts.map { Reductions.sum($0.periods) + $0.experiments }
        periods = (0..<data.periodCount).map { period in parts.map { $0.periods[period] } }
        quantities = names.indices.map { quantity in parts.map { $0.quantities[quantity] } }
    }

    private static let blockCount = 64
}
