import ModelDefinition

/// What turns the contribution of a treatment into its coefficient.
struct TreatmentAmounts: Sendable {
    /// By treatment, then geo: the money of its column, counted from its baseline, for a coefficient of 1.
    private let treatmentMoney: [[Double]]
    /// By geo. Held-out values count in the preset `meridian`.
    private let kpiMoney: [Double]

    init(_ specification: ModelSpecification, _ dataset: Dataset, _ scaling: Scaling) {
        let kpi = specification.preset == .meridian ? dataset.actualKPI : dataset.kpi
        kpiMoney = (0..<dataset.geoCount).map { geo in
            dataset.cells(of: geo).reduce(0) { $0 + (kpi[$1].isNaN ? 0 : kpi[$1] * dataset.revenuePerKPI[$1]) }
        }
        let units = zip(dataset.revenuePerKPI, scaling.populations(dataset)).map { scaling.kpiScale * $0 * $1 }
        treatmentMoney = specification.treatments.enumerated().map { index, treatment in
            let baseline = scaling.treatmentBaseline(treatment, index: index, dataset)
            let values = scaling.scaledTreatment(dataset, index: index)
            return (0..<dataset.geoCount).map { geo in
                dataset.cells(of: geo).prefix(scaling.periodCount).reduce(0) {
                    $0 + units[$1] * (values[$1] - baseline)
                }
            }
        }
    }

    /// The share of a geo in what a common coefficient of a treatment brings.
    func share(of treatment: Int, geo: Int) -> Double {
        let money = treatmentMoney[treatment].reduce(0, +)
        return money == 0 ? 0 : treatmentMoney[treatment][geo] / money
    }

    /// The coefficient of a treatment that brings all KPI money of a geo, or of all geos; 0 for one that never changes.
    func coefficientPerContribution(_ treatment: Int, geo: Int?) -> Double {
        let geos = geo.map { [$0] } ?? Array(kpiMoney.indices)
        let money = geos.reduce(0) { $0 + treatmentMoney[treatment][$1] }
        return money == 0 ? 0 : geos.reduce(0) { $0 + kpiMoney[$1] } / money
    }
}
