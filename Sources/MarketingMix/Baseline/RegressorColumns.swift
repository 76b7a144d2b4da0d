import Densities
import ModelDefinition

/// What a column of the linear part belongs to.
package enum RegressorKind: Sendable, Hashable {
    case control(Int)
    case treatment(Int)
    case seasonality
    case event(Int)
    case holiday
    case trend
    /// Nothing: the parameter has its prior alone.
    case idle
}

/// One column of the linear part on the model's scale, one value a cell.
package struct RegressorColumn: Sendable {
    package var kind: RegressorKind
    package var label: String
    package var values: [Double]
    var prior: Prior
}

/// The columns of the linear part in layout order: controls, treatments, Fourier modes, events, holidays, trend, knots.
struct RegressorColumns: Sendable {
    let controls: [RegressorColumn]
    let treatments: [RegressorColumn]
    let treatmentAmounts: TreatmentAmounts
    let fourier: [RegressorColumn]
    let events: [RegressorColumn]
    let holidays: [RegressorColumn]
    let trendSlope: [RegressorColumn]
    let trendDeltas: [RegressorColumn]
    /// Basis functions of a smooth trend, and their frequencies.
    let trendBasis: [RegressorColumn]
    let trendFrequencies: [Double]
    /// Of what makes media work more or less; empty where they always work alike.
    let effectiveness: [SmoothTrend.BasisFunction]
    /// A column of ones, where knots are there without an intercept.
    let knotLevel: [RegressorColumn]
    let knotIncrements: [RegressorColumn]
    /// By knot, in the preset `meridian`.
    let knotValues: [RegressorColumn]
    /// Parameters of the preset `meridian` that a single series leaves without use, by block.
    let idle: [(name: String, axis: String, columns: [RegressorColumn])]

    init(specification: ModelSpecification, dataset: Dataset, scaling: Scaling) {
        controls = dataset.controls.enumerated().map { index, control in
            let mean = scaling.controlMeans[index]
            let scale = scaling.controlScales[index]
            return RegressorColumn(
                kind: .control(index), label: control.name, values: control.values.map { ($0 - mean) / scale },
                prior: specification.prior(.control))
        }
        treatments = specification.treatments.enumerated().map { index, treatment in
            RegressorColumn(
                kind: .treatment(index), label: treatment.name,
                values: scaling.scaledTreatment(dataset, index: index), prior: treatment.prior)
        }
        treatmentAmounts = TreatmentAmounts(specification, dataset, scaling)
        idle = specification.preset == .meridian && dataset.geoCount == 1 ? Self.idle(specification, dataset) : []
        let geos = dataset.geoCount
        func inEveryGeo(_ values: [Double]) -> [Double] { Array(repeatElement(values, count: geos).joined()) }
        fourier = specification.seasonality.enumerated().flatMap { index, seasonality in
            fourierColumns(
                seasonality, dates: dataset.dates, preset: specification.preset,
                suffix: index == 0 ? "" : "_\(seasonality.periodDays)"
            ).map { column in
                RegressorColumn(
                    kind: .seasonality, label: column.label, values: inEveryGeo(column.values),
                    prior: specification.prior(.fourier, harmonic: column.harmonic))
            }
        }
        events = dataset.events.enumerated().map { index, event in
            RegressorColumn(
                kind: .event(index), label: event.name, values: event.values, prior: specification.prior(.event))
        }
        holidays = dataset.holidays.map { holiday in
            RegressorColumn(
                kind: .holiday, label: holiday.name, values: holiday.values, prior: specification.prior(.holiday))
        }
        let grid = specification.trendGrid(dataset.dates)
        let trend = TrendColumns(specification.trend, dates: dataset.dates, grid: grid)
        trendSlope =
            trend.slope.map {
                [
                    RegressorColumn(
                        kind: .trend, label: "slope", values: inEveryGeo($0), prior: specification.prior(.trendSlope))
                ]
            } ?? []
        trendDeltas = trend.joints.map { joint in
            RegressorColumn(
                kind: .trend, label: joint.date.description, values: inEveryGeo(joint.values),
                prior: specification.prior(.trendDelta))
        }
        let smooth = specification.trend == .gaussianProcess ? SmoothTrend(dates: dataset.dates, grid: grid).basis : []
        trendFrequencies = smooth.map(\.frequency)
        trendBasis = smooth.enumerated().map { index, function in
            RegressorColumn(
                kind: .trend, label: String(index + 1), values: inEveryGeo(function.values),
                prior: .normal(mean: 0, sd: 1))
        }
        effectiveness =
            switch (specification.mediaEffectiveness, specification.preset) {
            case (.constant, _): []
            case (.gaussianProcess, .pymcMarketing): SmoothTrend(peerPeriods: dataset.periodCount).basis
            case (.gaussianProcess, _): SmoothTrend(dates: dataset.dates, grid: grid).basis
            }
        let hasLevels = specification.preset == .meridian
        knotValues =
            hasLevels
            ? trend.levels.map { knot in
                RegressorColumn(
                    kind: .trend, label: knot.date.description, values: inEveryGeo(knot.values),
                    prior: specification.prior(.knotValue))
            } : []
        knotLevel =
            !trend.knots.isEmpty && !hasLevels && !specification.intercept
            ? [
                RegressorColumn(
                    kind: .trend, label: "level", values: [Double](repeating: 1, count: dataset.cellCount),
                    prior: specification.prior(.knotLevel))
            ] : []
        knotIncrements = (hasLevels ? [] : trend.knots).map { knot in
            RegressorColumn(
                kind: .trend, label: knot.date.description, values: inEveryGeo(knot.values),
                prior: specification.prior(.knotIncrement))
        }
    }

    private static func idle(
        _ specification: ModelSpecification, _ dataset: Dataset
    ) -> [(name: String, axis: String, columns: [RegressorColumn])] {
        func block(_ name: String, _ axis: String, _ labels: [String]) -> (String, String, [RegressorColumn]) {
            let columns = labels.map { label in
                RegressorColumn(
                    kind: .idle, label: label, values: [Double](repeating: 0, count: dataset.cellCount),
                    prior: .normal(mean: 0, sd: 1))
            }
            return (name, axis, columns)
        }
        return Medium.allCases.map { medium in
            let names = specification.channels.filter { $0.medium == medium }.map(\.name)
            return block(medium.meridianDeviation, medium.meridianAxis, names)
        } + [
            block("gamma_gc_dev", "control", specification.controls),
            block("gamma_gn_dev", "treatment", specification.treatments.map(\.name)),
        ]
    }

    /// All columns in layout order.
    var all: [RegressorColumn] {
        controls + treatments + fourier + events + holidays + trendSlope + trendDeltas + trendBasis + knotLevel
            + knotIncrements + knotValues + idle.flatMap(\.columns)
    }
}
