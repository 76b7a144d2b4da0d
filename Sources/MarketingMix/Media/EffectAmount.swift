import Densities
import ModelDefinition

/// What turns the parameter of an effect other than a coefficient into β = parameter · amount ÷ Σ v D, v the money of one
/// unit on the model's scale.
struct EffectAmount: Sendable {
    /// The money that the parameter multiplies ÷ KPI scale, by geo.
    let amounts: [Double]
    /// The exposures to which D compares the response; without them D is the response S itself.
    let comparison: Comparison?

    /// D = `sign` (S of these series − S).
    struct Comparison: Sendable {
        /// By geo.
        let series: [MediaSeries]
        /// 1 where the exposures are larger, −1 where they are smaller.
        let sign: Double
    }

    /// Neither media before the first KPI nor held-out periods are what the parameter is about: the former stay as they
    /// were on both sides. The preset `meridian` counts both.
    ///
    /// - Parameters:
    ///   - media: of the channel, by geo.
    ///   - scaling: its KPI scale, and its periods.
    init(
        _ channel: Channel, index: Int, preset: Preset, dataset: Dataset, media: [MediaSeries], scaling: Scaling
    ) {
        let kpiScale = scaling.kpiScale
        let countsAll = preset == .meridian
        let kpi = countsAll ? dataset.actualKPI : dataset.kpi
        let spend = dataset.spend[index]
        let days = channel.calibrationWindow
        let isInWindow = days.map(dataset.periods) ?? dataset.dates.map { _ in true }
        func isInside(_ cell: Int) -> Bool { isInWindow[cell % dataset.periodCount] }
        func money(_ cell: Int) -> Double {
            switch channel.effect {
            case .roi, .coefficient: spend[cell]
            case .windowROI: isInside(cell) ? spend[cell] : 0
            case .marginalROI: Effect.bump * spend[cell]
            case .contribution: kpi[cell].isNaN ? 0 : kpi[cell] * dataset.revenuePerKPI[cell]
            }
        }
        amounts = (0..<dataset.geoCount).map { geo in
            let total = dataset.cells(of: geo).prefix(scaling.periodCount).reduce(0.0) { $0 + money($1) }
            return kpiScale == 0 ? 0 : total / kpiScale
        }
        let earlier = dataset.history?.dates ?? []
        let isEarlierInWindow = days.map { dataset.frequency.periods(beginningOn: earlier, with: $0) } ?? []
        func compared(sign: Double, _ change: (Int, Double) -> Double) -> Comparison {
            Comparison(series: media.map { $0.changed(includingHistory: countsAll, change) }, sign: sign)
        }
        comparison =
            switch channel.effect {
            case .coefficient: nil
            case .roi, .contribution:
                countsAll || media.allSatisfy { $0.hasNoHistory } ? nil : compared(sign: -1) { _, _ in 0 }
            case .windowROI:
                compared(sign: -1) { period, exposure in
                    let isInside = period < 0 ? isEarlierInWindow[period + earlier.count] : isInWindow[period]
                    return isInside ? 0 : exposure
                }
            case .marginalROI: compared(sign: 1) { (1 + Effect.bump) * $1 }
            }
    }
}
