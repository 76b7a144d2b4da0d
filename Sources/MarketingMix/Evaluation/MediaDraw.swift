import Kernels
import ModelDefinition

/// What a channel's media do in one geo at one draw: carry-over and saturation, in the order of the channel.
package struct MediaDraw: Sendable {
    let filter: AdstockFilter
    let curve: any SaturationCurve
    let order: TransformOrder

    init(_ parameters: ParameterValues, channel: Int, geo: Int) {
        filter = parameters.adstockFilter(channel, geo: geo)
        curve = parameters.saturationCurve(channel, geo: geo)
        order = parameters.model.laneKinds[channel].order
    }

    /// S_t by period of the KPI, then of `trailing` periods without media.
    package func response(to series: MediaSeries, trailing: Int) -> [Double] {
        switch order {
        case .adstockFirst:
            return curve.apply(to: adstocked(series, trailing: trailing).span, times: 1)
        case .saturationFirst:
            let saturated =
                series.frequencies.isEmpty
                ? curve.apply(to: series.exposures.span, times: 1)
                : zip(curve.apply(to: series.frequencies.span, times: 1), series.exposures).map { $0 * $1 }
            let all = filter.apply(to: saturated, trailing: trailing)
            return series.historyCount == 0 ? all : Array(all.dropFirst(series.historyCount))
        }
    }

    /// A_t of the exposures by period of the KPI, then of `trailing` periods without media.
    func adstocked(_ series: MediaSeries, trailing: Int) -> [Double] {
        let all = filter.apply(to: series.exposures, trailing: trailing)
        return series.historyCount == 0 ? all : Array(all.dropFirst(series.historyCount))
    }
}
