import Fitting
import MarketingMix
import ModelDefinition

/// The leave-one-out score of one cell: a line of `loo.csv`.
package struct LeaveOneOutRow: Sendable, Hashable {
    package var date: String
    /// Nil for a single series.
    package var geo: String?
    /// Log predictive density of the KPI given all other cells.
    package var expectedLogDensity: Double
    /// k̂ of the importance weights behind it.
    package var shape: Double
    /// What was left out, so that fits of other KPIs are not compared.
    package var kpi: Double

    package init(date: String, geo: String?, expectedLogDensity: Double, shape: Double, kpi: Double) {
        self.date = date
        self.geo = geo
        self.expectedLogDensity = expectedLogDensity
        self.shape = shape
        self.kpi = kpi
    }
}

extension LeaveOneOutRow {
    /// Of every cell with a KPI; none where the fit was too large for it.
    static func rows(of result: FitResult) -> [LeaveOneOutRow] {
        let data = result.model.dataset
        guard let loo = result.leaveOneOut else { return [] }
        return zip(data.knownCells, zip(loo.pointwise, loo.shapes)).map { cell, score in
            LeaveOneOutRow(
                date: data.dates[cell % data.periodCount].description,
                geo: data.geos.isEmpty ? nil : data.geos[cell / data.periodCount], expectedLogDensity: score.0,
                shape: score.1, kpi: data.kpi[cell])
        }
    }
}
