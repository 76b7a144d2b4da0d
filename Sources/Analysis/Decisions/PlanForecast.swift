import Kernels
import MarketingMix

/// The KPI that is expected in one geo and period of a plan.
package struct ForecastRow: Sendable, Hashable {
    package var date: String
    /// Nil in a single series.
    package var geo: String?
    /// With the plan, and were what is spent now spent again; each with all that is not known, the scatter of single
    /// periods included.
    package var kpi: Estimate
    package var currentKPI: Estimate
}

/// A forecast of the KPI in the planned periods.
package enum PlanForecast {
    /// - Parameters:
    ///   - money: by cell of the layout.
    ///   - key: of the scatter; draw d takes it from iteration d, the same for both plans.
    package static func rows(
        _ media: PlannedMedia, money: [Double], key: StreamKey, by processors: some ParallelMap
    ) -> [ForecastRow] {
        let layout = media.layout
        func kpi(_ money: [Double]) -> [[[Double]]] {
            processors.map(media.drawCount) { draw in
                let data = media.model.dataset
                let constrained = media.constrained[draw]
                var values = [Double](repeating: 0, count: media.model.components.count * data.cellCount)
                var fitted = [Double](repeating: 0, count: data.cellCount)
                media.model.decompose(constrained: constrained, into: &values, fitted: &fitted)
                let observations = Observations(media.model, constrained: constrained, fitted: fitted)
                var stream = RandomStream(key: key, iteration: UInt64(draw), site: 0)
                return observations.follow(media.kpi(of: money, draw: draw), from: &stream)
            }
        }
        let (planned, current) = (kpi(money), kpi(layout.current))
        let geos = media.model.dataset.geos
        return (0..<layout.geoCount).flatMap { geo in
            layout.dates.enumerated().map { period, date in
                ForecastRow(
                    date: date.description, geo: geos.isEmpty ? nil : geos[geo],
                    kpi: Estimate(draws: planned.map { $0[geo][period] }),
                    currentKPI: Estimate(draws: current.map { $0[geo][period] }))
            }
        }
    }
}
