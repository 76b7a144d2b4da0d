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
    /// By how much a test changed the spend on a channel, in money.
    package func spendChange(of experiment: Experiment, channel: Int) -> Double {
        (experiment.factor - 1) * testedCells(of: experiment).reduce(0.0) { $0 + spend[channel][$1] }
    }

    /// Mean revenue per KPI in the periods and geos of a test; that of all where it lies outside the data.
    package func revenuePerKPI(in experiment: Experiment) -> Double {
        let tested = testedCells(of: experiment)
        let cells = tested.isEmpty ? Array(revenuePerKPI.indices) : tested
        return cells.reduce(0.0) { $0 + revenuePerKPI[$1] } / Double(cells.count)
    }

    private func testedCells(of experiment: Experiment) -> [Int] {
        let isTested = periods(with: experiment.days)
        return geos(of: experiment).flatMap { geo in cells(of: geo).filter { isTested[$0 % periodCount] } }
    }
}
