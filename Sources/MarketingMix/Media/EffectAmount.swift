import Densities

/// What turns the parameter of an effect other than a coefficient into β = parameter · amount ÷ Σ v D, v the money of one
/// unit on the model's scale.
struct EffectAmount: Sendable {
    /// The money that the parameter multiplies ÷ KPI scale, by geo.
    let amounts: [Double]
    /// The exposures to which D compares the response; without them D is the response S itself.
    let comparison: Comparison?

    /// D = `sign` (S of these exposures − S).
    struct Comparison: Sendable {
        /// On the model's scale, by cell.
        let exposures: [Double]
        /// 1 where the exposures are larger, −1 where they are smaller.
        let sign: Double
    }

    /// - Parameters:
    ///   - exposures: of the channel on the model's scale, by cell.
    ///   - kpiScale: of `Scaling`.
    init(_ channel: Channel, index: Int, dataset: Dataset, exposures: [Double], kpiScale: Double) {
        let spend = dataset.spend[index]
        let days = channel.calibrationWindow
        let isInWindow = days.map(dataset.periods) ?? dataset.dates.map { _ in true }
        func isInside(_ cell: Int) -> Bool { isInWindow[cell % dataset.periodCount] }
        func money(_ cell: Int) -> Double {
            switch channel.effect {
            case .roi, .coefficient: spend[cell]
            case .windowROI: isInside(cell) ? spend[cell] : 0
            case .marginalROI: Effect.bump * spend[cell]
            case .contribution: dataset.kpi[cell].isNaN ? 0 : dataset.kpi[cell] * dataset.revenuePerKPI[cell]
            }
        }
        amounts = (0..<dataset.geoCount).map { geo in
            let total = dataset.cells(of: geo).reduce(0.0) { $0 + money($1) }
            return kpiScale == 0 ? 0 : total / kpiScale
        }
        comparison =
            switch channel.effect {
            case .roi, .contribution, .coefficient: nil
            case .windowROI:
                Comparison(exposures: exposures.enumerated().map { isInside($0) ? 0 : $1 }, sign: -1)
            case .marginalROI:
                Comparison(exposures: exposures.map { (1 + Effect.bump) * $0 }, sign: 1)
            }
    }
}
