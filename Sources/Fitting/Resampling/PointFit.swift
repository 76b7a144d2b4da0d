import Kernels
import MarketingMix
import ModelDefinition

/// What a fit says of each cell in the mean over some of its draws: what is fitted, and what is left.
struct PointFit {
    private let model: MarketingMixModel
    /// By cell on the model's scale, in standard deviations of what the model expects; 0 where the KPI is not known.
    private let residuals: [Double]
    /// By channel and cell: its contribution in the same unit.
    private let contributions: [[Double]]
    /// By cell: what is fitted on the model's scale.
    private let levels: [Double]

    /// Draws that are averaged: the mean of a hundred is known to a tenth of their spread.
    static let drawCount = 100

    /// - Parameters:
    ///   - positions: draws in the sampler's coordinates, at least one.
    ///   - key: recovers the parameters that are integrated out.
    init(_ posterior: MarketingMixPosterior, positions: [[Double]], key: StreamKey) {
        let model = posterior.model
        let cells = model.dataset.cellCount
        var recovery = ParameterRecovery(posterior)
        var components = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var residuals = [Double](repeating: 0, count: cells)
        var levels = [Double](repeating: 0, count: cells)
        let channels = model.components.indices.filter { model.components[$0].isChannel }
        var contributions = [[Double]](repeating: [Double](repeating: 0, count: cells), count: channels.count)
        let share = 1 / Double(positions.count)
        for (index, position) in positions.enumerated() {
            var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
            let parameters = recovery.parameters(at: position, stream: &stream)
            model.decompose(constrained: parameters, into: &components, fitted: &fitted)
            let observations = Observations(model, constrained: parameters, fitted: fitted)
            for cell in model.dataset.knownCells {
                residuals[cell] += share * observations.residual(cell: cell)
                levels[cell] += share * observations.level(cell: cell)
                for (place, channel) in channels.enumerated() {
                    contributions[place][cell] +=
                        share * observations.deviations(components[channel * cells + cell], cell: cell)
                }
            }
        }
        self.model = model
        self.residuals = residuals
        self.contributions = contributions
        self.levels = levels
    }

    /// The blocks of periods in which what is left of the fit belongs together, and so do the slopes of the likelihood in
    /// what each channel does: the longest of those that Politis and White's rule gives for these series.
    ///
    /// No shorter than a month of weeks, since the rule is noisy; no longer than an eighth of the series, since the spread
    /// between resamples of a few blocks is a guess. A series of which the rule says nothing leaves the least.
    var blockLength: Int {
        let series = [perPeriod { residuals[$0] }] + contributions.map { own in perPeriod { residuals[$0] * own[$0] } }
        let longest = series.map(BlockLength.circular).filter { !$0.isNaN }.max() ?? 0
        let most = max(BlockLength.automaticMin, series[0].count / BlockLength.fewestBlocks)
        return min(max(BlockLength.automaticMin, Int(longest.rounded(.up))), most)
    }

    /// Sums over geos, of the periods in which any KPI is known: resamples take all geos of a period together.
    private func perPeriod(_ value: (Int) -> Double) -> [Double] {
        var sums = [Double](repeating: 0, count: model.dataset.periodCount)
        for cell in model.dataset.knownCells { sums[cell % sums.count] += value(cell) }
        return knownPeriods.map { sums[$0] }
    }

    /// Periods in which any KPI is known.
    private var knownPeriods: [Int] {
        Set(model.dataset.knownCells.map { $0 % model.dataset.periodCount }).sorted()
    }

    /// The model of a KPI whose errors were resampled: those on the model's scale, less their mean in each geo.
    ///
    /// - Parameters:
    ///   - scheme: one that replaces the KPI.
    ///   - block: periods in a block.
    func resampled(_ scheme: ResampleScheme, blockLength block: Int, key: StreamKey) -> MarketingMixModel {
        let (periods, length) = (knownPeriods, model.dataset.periodCount)
        let errors = centredErrors
        var target = levels
        switch scheme {
        case .wild:
            let factors = ResampledErrors.multipliers(count: periods.count, blockLength: block, key: key)
            for (factor, period) in zip(factors, periods) {
                for geo in 0..<model.dataset.geoCount {
                    target[geo * length + period] += factor * errors[geo * length + period]
                }
            }
        default:
            let sources = ResampledErrors.sources(count: periods.count, blockLength: block, key: key)
            for (source, period) in zip(sources, periods) {
                for geo in 0..<model.dataset.geoCount {
                    target[geo * length + period] += errors[geo * length + periods[source]]
                }
            }
        }
        return model.replacing(target: target)
    }

    /// By cell; 0 where the KPI is not known.
    private var centredErrors: [Double] {
        let target = model.target
        var errors = [Double](repeating: 0, count: target.count)
        for geo in 0..<model.dataset.geoCount {
            let known = model.dataset.cells(of: geo).filter { !model.dataset.kpi[$0].isNaN }
            let mean = Reductions.sum(known.map { target[$0] - levels[$0] }) / Double(max(1, known.count))
            for cell in known { errors[cell] = target[cell] - levels[cell] - mean }
        }
        return errors
    }
}
