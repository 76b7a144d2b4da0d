import Densities
import Kernels

/// A return on investment as lift tests measured it, money of KPI per money spent.
package struct ReturnEstimate: Sendable, Hashable {
    package var mean: Double
    package var standardError: Double

    package init(mean: Double, standardError: Double) {
        self.mean = mean
        self.standardError = standardError
    }

    /// What a test says that changed the spend by so much, below 0 where it was cut.
    ///
    /// - Parameters:
    ///   - spendChange: money, not 0.
    ///   - revenuePerKPI: money of one KPI unit in the test.
    package init(_ experiment: Experiment, spendChange: Double, revenuePerKPI: Double) {
        mean = experiment.lift * revenuePerKPI / spendChange
        standardError = abs(experiment.standardError * revenuePerKPI / spendChange)
    }

    /// Independent estimates of one return, weighted by their precisions.
    ///
    /// - Parameter estimates: not empty.
    package init(combining estimates: [ReturnEstimate]) {
        var precision = 0.0
        var weighted = 0.0
        for estimate in estimates {
            let own = 1 / (estimate.standardError * estimate.standardError)
            precision += own
            weighted += own * estimate.mean
        }
        mean = weighted / precision
        standardError = 1 / precision.squareRoot()
    }

    /// The log-normal distribution with this mean above 0 and this standard deviation: σ² = log(1 + (se/mean)²) and
    /// μ = log mean − σ²/2.
    package var prior: Prior {
        let ratio = standardError / mean
        let variance = Elementary.log1p(ratio * ratio)
        return .logNormal(mean: Elementary.log(mean) - 0.5 * variance, sd: variance.squareRoot())
    }
}

extension Dataset {
    /// By how much a test changed the spend on a channel, in money: of a period that it touched, the share of its days.
    package func spendChange(of experiment: Experiment, channel: Int) -> Double {
        (experiment.factor - 1) * testedCells(of: experiment).reduce(0.0) { $0 + $1.share * spend[channel][$1.cell] }
    }

    /// Mean revenue per KPI over the days and geos of a test; that of all where it lies outside the data.
    package func revenuePerKPI(in experiment: Experiment) -> Double {
        let tested = testedCells(of: experiment)
        let cells = tested.isEmpty ? revenuePerKPI.indices.map { (cell: $0, share: 1.0) } : tested
        let days = cells.reduce(0.0) { $0 + $1.share }
        return cells.reduce(0.0) { $0 + $1.share * revenuePerKPI[$1.cell] } / days
    }

    private func testedCells(of experiment: Experiment) -> [(cell: Int, share: Double)] {
        let shares = testedShares(of: experiment)
        return geos(of: experiment).flatMap { geo in
            cells(of: geo).map { (cell: $0, share: shares[$0 % periodCount]) }.filter { $0.share > 0 }
        }
    }
}
