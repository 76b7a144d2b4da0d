import Kernels
import MarketingMix
import ModelDefinition
import Posterior

/// How well the posterior predicts the cells that were held out, in KPI units.
package struct HoldoutScore: Sendable, Hashable {
    /// Cells with a KPI that was held out.
    package let cellCount: Int
    /// Σ log p(y | data), the mean over draws of the predictive density of every cell.
    package let logDensity: Double
    /// Mean of the continuous ranked probability score E|Y − y| − ½ E|Y − Y'| (Gneiting and Raftery 2007, eq. 21), from
    /// one replication a draw.
    package let crps: Double
    /// Share of cells within their central 90 % interval.
    package let coverage: Double
    /// Mean of |mean prediction − y| ÷ |y| over cells whose KPI is not 0; NaN without any.
    package let absolutePercentageError: Double

    /// Nil where nothing is held out; parameters are those of a `HeldOutPrediction`.
    package init?(
        model: MarketingMixModel, constrained: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) {
        guard let prediction = HeldOutPrediction(model: model, constrained: constrained, key: key, by: processors)
        else { return nil }
        self.init(prediction, model.dataset)
    }

    /// - Parameter data: with the KPI that was held out.
    package init(_ prediction: HeldOutPrediction, _ data: Dataset) {
        let (cells, draws) = (prediction.cells, prediction.draws)
        let drawCount = draws.count / cells.count
        func series(_ index: Int) -> StrideTo<Int> { stride(from: index, to: draws.count, by: cells.count) }
        var logDensity = 0.0
        var crps = 0.0
        var covered = 0
        var errors: [Double] = []
        for (index, cell) in cells.enumerated() {
            let known = data.heldOutKPI[cell]
            logDensity += logSumExp(series(index).map { draws[$0].logDensity }) - Elementary.log(Double(drawCount))
            let sorted = series(index).map { draws[$0].replicated }.sorted()
            var mean = 0.0
            for draw in series(index) { mean += draws[draw].mean / Double(drawCount) }
            crps += Self.crps(sorted, at: known) / Double(cells.count)
            let estimate = Estimate(draws: sorted)
            if estimate.q05 <= known, known <= estimate.q95 { covered += 1 }
            if known != 0 { errors.append(abs(mean - known) / abs(known)) }
        }
        cellCount = cells.count
        self.logDensity = logDensity
        self.crps = crps
        coverage = Double(covered) / Double(cells.count)
        absolutePercentageError = errors.reduce(0, +) / Double(errors.count)
    }

    /// The score of a sample in ascending order: E|Y − Y'| = 2/n² Σ_i (2 i − n − 1) y_(i), i from 1.
    package static func crps(_ sorted: [Double], at known: Double) -> Double {
        let count = Double(sorted.count)
        var distance = 0.0
        var spread = 0.0
        for (index, value) in sorted.enumerated() {
            distance += abs(value - known) / count
            spread += (2 * Double(index + 1) - count - 1) * value
        }
        return distance - spread / (count * count)
    }
}
