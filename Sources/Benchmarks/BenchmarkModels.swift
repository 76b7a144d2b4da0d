import Densities
import Kernels
import MarketingMix
import ModelDefinition

/// Models on simulated data, of the shapes that are measured.
enum BenchmarkModels {
    /// A national series: `channels` with geometric adstock of eight weights and a coefficient as effect.
    ///
    /// With `geos`, a panel of that many that share every parameter.
    static func national(
        periods: Int, channels: Int, controls: Int, saturation: Saturation = .logistic, geos: Int = 1
    ) -> MarketingMixModel {
        let periods = geos * periods
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 1, index: 0), iteration: 0, site: 0)
        let media = (0..<channels).map { _ in
            (0..<periods).map { _ in stream.uniform() < 0.2 ? 0 : stream.gamma(shape: 2) }
        }
        let regressors = (0..<controls).map { _ in (0..<periods).map { _ in stream.normal() } }
        let kpi = (0..<periods).map { period in
            media.reduce(20) { $0 + $1[period] } + regressors.reduce(0) { $0 + $1[period] } + stream.normal()
        }
        return model(
            kpi: kpi, media: media, controls: regressors, saturation: saturation, trend: .none, harmonics: 0, geos: geos
        )
    }

    /// Four years of weeks in which a slow trend moves sales, and media follow it: `knots` knots and six channels.
    static func knotted(knots: Int) -> MarketingMixModel {
        let periods = 208
        var stream = RandomStream(key: StreamKey(seed: 4, kind: 1, index: 0), iteration: 0, site: 0)
        var level = 0.0
        let trend = (0..<periods).map { period -> Double in
            level = 0.97 * level + 0.12 * stream.normal()
            return level + 0.8 * Elementary.sinCosTwoPi(Double(period) / 104).sin
        }
        let media = (0..<6).map { channel in
            trend.map { value in
                stream.uniform() < 0.15
                    ? 0 : Elementary.exp((0.4 + 0.1 * Double(channel)) * value + 0.5 * stream.normal())
            }
        }
        let price = (0..<2).map { _ in trend.map { 0.5 * $0 + stream.normal() } }
        let adstocks = media.map { series -> [Double] in
            var state = 0.0
            return series.map { value in
                state = 0.5 * state + value
                return state / (state + 2)
            }
        }
        let kpi = (0..<periods).map { period in
            20 + 2 * trend[period]
                + adstocks.enumerated().reduce(0) { $0 + (1 + 0.3 * Double($1.offset)) * $1.element[period] }
                - 0.3 * price[0][period] + 0.4 * stream.normal()
        }
        let every = (periods - 1) / (knots - 1)
        return model(
            kpi: kpi, media: media, controls: price, saturation: .logistic, trend: .knots(.every(every)), harmonics: 2)
    }

    /// A panel with partial pooling, its intercepts under a learned scale.
    static func panel(geos: Int, periods: Int, channels: Int) -> MarketingMixModel {
        let shared = national(periods: periods, channels: channels, controls: 2, geos: geos)
        var specification = shared.specification
        specification.pooling = .partial
        return MarketingMixModel(specification: specification, dataset: shared.dataset)
    }

    private static func model(
        kpi: [Double], media: [[Double]], controls: [[Double]], saturation: Saturation, trend: Trend, harmonics: Int,
        geos: Int = 1
    ) -> MarketingMixModel {
        let adstock = Adstock(kind: .geometric, maximumLag: 7)
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: saturation, effect: .coefficient) {
            priors[parameter] = Preset.tutti.defaults.prior(
                of: parameter, kind: .performance, saturation: saturation)
        }
        if saturation == .hill { priors[.slope] = .logNormal(mean: 0, sd: 0.4) }
        let channels = media.indices.map { index in
            Channel(
                name: "channel_\(index)", kind: .performance, adstock: adstock, saturation: saturation,
                effect: .coefficient, priors: priors)
        }
        guard let first = CalendarDate(year: 2020, month: 1, day: 6) else { preconditionFailure("a valid date") }
        let dates = (0..<kpi.count / geos).map { first.advanced(by: 7 * $0) }
        let specification = ModelSpecification(
            name: "benchmark", preset: .tutti, kpi: KPI(kind: .revenue, currency: "", margin: nil), channels: channels,
            controls: controls.indices.map { "control_\($0)" }, events: [], holidayCountry: nil, intercept: true,
            trend: trend, seasonality: harmonics == 0 ? [] : [Seasonality(periodDays: 365.25, harmonics: harmonics)],
            priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        let zeros = [Double](repeating: 0, count: kpi.count)
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: dates, kpi: kpi, revenuePerKPI: zeros.map { _ in 1 },
                spend: media.map { _ in zeros }, exposure: media,
                controls: controls.enumerated().map { Regressor(name: "control_\($0)", values: $1) }, events: [],
                holidays: [], geos: geos == 1 ? [] : (0..<geos).map { "geo_\($0)" },
                population: geos == 1 ? nil : (0..<geos).map { _ in 1 }))
    }
}
