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

    /// Nil where nothing is held out.
    ///
    /// - Parameters:
    ///   - constrained: one vector of parameter values, in layout order, a draw.
    ///   - key: of the replications; draw d takes its noise from iteration d.
    ///   - processors: share the draws.
    package init?(
        model: MarketingMixModel, constrained: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) {
        let data = model.dataset
        let cells = data.heldOutKPI.indices.filter { !data.heldOutKPI[$0].isNaN }
        guard !cells.isEmpty, !constrained.isEmpty else { return nil }
        let draws = processors.mapBlocks(of: constrained.count, size: PosteriorAnalysis.blockLength) { block in
            var values = [Double](repeating: 0, count: model.components.count * data.cellCount)
            var fitted = [Double](repeating: 0, count: data.cellCount)
            return block.map { index in
                let draw = ModelDraw(model, constrained[index])
                draw.decompose(into: &values, fitted: &fitted)
                let observations = Observations(draw.parameters, fitted: fitted)
                var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
                return cells.map { HeldOutCell(observations, data, cell: $0, from: &stream) }
            }
        }.flatMap(\.self)
        var logDensity = 0.0
        var crps = 0.0
        var covered = 0
        var errors: [Double] = []
        for (index, cell) in cells.enumerated() {
            let known = data.heldOutKPI[cell]
            logDensity += logSumExp(draws.map { $0[index].logDensity }) - Elementary.log(Double(constrained.count))
            let sorted = draws.map { $0[index].replicated }.sorted()
            var mean = 0.0
            for draw in draws { mean += draw[index].mean / Double(constrained.count) }
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

/// What one draw says of a cell that was held out.
private struct HeldOutCell: Sendable {
    let mean: Double
    /// Of the KPI that came.
    let logDensity: Double
    let replicated: Double

    init(_ observations: Observations, _ data: Dataset, cell: Int, from stream: inout RandomStream) {
        mean = observations.mean(cell: cell)
        logDensity = observations.logDensity(data.heldOutKPI[cell], cell: cell)
        replicated = observations.draw(cell: cell, from: &stream)
    }
}
