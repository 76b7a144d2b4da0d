import Densities
import Kernels
import MarketingMix
import ModelDefinition

/// Small models on generated data.
enum ModelFixture {
    /// Those that `ReferenceModel` knows.
    static let presets: [Preset] = [.tutti, .pymcMarketing]
    /// Begins and ends inside a week of the data.
    static let window = CalendarDate("2022-02-09")!...CalendarDate("2022-04-05")!

    /// A channel with the preset's default priors; `freeSlope` frees the exponent of a Hill curve.
    static func channel(
        _ name: String, preset: Preset = .tutti, maximumLag: Int? = 4, saturation: Saturation = .hill,
        effect: Effect = .roi, freeSlope: Bool = false, kind: ChannelKind = .performance
    ) -> Channel {
        let adstock = Adstock(kind: maximumLag == nil ? .none : .geometric, maximumLag: maximumLag ?? 0)
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: saturation, effect: effect) {
            priors[parameter] = preset.defaults.prior(of: parameter, kind: kind, saturation: saturation)
        }
        if freeSlope { priors[.slope] = .logNormal(mean: 0.7, sd: 0.4) }
        return Channel(
            name: name, kind: kind, adstock: adstock, saturation: saturation, effect: effect,
            calibrationWindow: effect == .windowROI ? window : nil, priors: priors)
    }

    /// A channel of any adstock, saturation and order with the preset's default priors.
    static func channel(
        _ name: String, preset: Preset, adstock: Adstock, saturation: Saturation,
        order: TransformOrder = .adstockFirst, effect: Effect = .coefficient
    ) -> Channel {
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: saturation, effect: effect) {
            priors[parameter] = preset.defaults.prior(
                of: parameter, kind: .performance, adstock: adstock.kind, saturation: saturation)
        }
        return Channel(
            name: name, kind: .performance, adstock: adstock, saturation: saturation, order: order, effect: effect,
            calibrationWindow: effect == .windowROI ? window : nil, priors: priors)
    }

    static func specification(
        preset: Preset = .tutti, channels: [Channel], controls: [String] = [], events: [Event] = [],
        intercept: Bool = true, trend: Trend = .none, seasonality: [Seasonality] = [], priors: [String: Prior] = [:]
    ) -> ModelSpecification {
        ModelSpecification(
            name: "fixture", preset: preset, kpi: KPI(kind: .revenue, currency: "", margin: nil), channels: channels,
            controls: controls, events: events, holidayCountry: nil, intercept: intercept, trend: trend,
            seasonality: seasonality, priors: priors, sampling: SamplingSpecification(),
            resampling: ResamplingSpecification(), seed: 1)
    }

    /// Weekly data with zero-spend weeks; every series comes from its own stream of a fixed key.
    static func dataset(
        periods: Int, channels: Int, controls: [String] = [], events: Int = 0, holidays: Int = 0,
        revenuePerKPI: Bool = false
    ) -> Dataset {
        let key = StreamKey(seed: 20_220_103, kind: 7, index: UInt32(periods))
        func series(_ site: UInt32, _ value: (inout RandomStream, Int) -> Double) -> [Double] {
            var stream = RandomStream(key: key, iteration: 0, site: site)
            return (0..<periods).map { value(&stream, $0) }
        }
        let start = CalendarDate(year: 2022, month: 1, day: 3)!
        let exposure = (0..<channels).map { channel in
            series(UInt32(100 + channel)) { stream, _ in
                let active = stream.uniform() < 0.6
                let level = stream.uniform()
                return active ? 100 * level : 0
            }
        }
        return Dataset(
            frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) },
            kpi: series(1) { 1000 + 80 * $0.normal() + 2 * Double($1) },
            revenuePerKPI: series(2) { stream, _ in revenuePerKPI ? 2 + stream.uniform() : 1 },
            spend: exposure.map { $0.map { 1.5 * $0 } }, exposure: exposure,
            controls: controls.enumerated().map { index, name in
                Regressor(name: name, values: series(UInt32(300 + index)) { 40 + 10 * $0.normal() + Double($1) })
            },
            events: (0..<events).map { index in
                Regressor(name: "event\(index)", values: (0..<periods).map { $0 == 5 + index ? 1 : 0 })
            },
            holidays: (0..<holidays).map { index in
                Regressor(name: "holiday\(index)", values: (0..<periods).map { $0 % 9 == index ? 1.0 / 7 : 0 })
            })
    }

    /// A model with every part of the baseline, for these channels.
    static func fullModel(
        preset: Preset = .tutti, channels: [Channel], periods: Int, holidays: Int = 2
    ) -> MarketingMixModel {
        let controls = ["price", "rival"]
        let start = CalendarDate(year: 2022, month: 1, day: 3)!
        return MarketingMixModel(
            specification: specification(
                preset: preset, channels: channels, controls: controls,
                events: [Event(name: "event0", date: start.advanced(by: 35))],
                trend: .piecewiseLinear(every: 10), seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)]),
            dataset: dataset(
                periods: periods, channels: channels.count, controls: controls, events: 1, holidays: holidays,
                revenuePerKPI: true))
    }

    /// A panel with every part of the baseline; geos differ in size.
    static func panel(
        preset: Preset = .tutti, pooling: Pooling, channels: [Channel], geos: Int, periods: Int,
        priors: [String: Prior] = [:], hierarchy: [String: BlockHierarchy] = [:]
    ) -> MarketingMixModel {
        let controls = ["price"]
        var dataset = dataset(
            periods: geos * periods, channels: channels.count, controls: controls, events: 1, holidays: 2,
            revenuePerKPI: true)
        dataset.geos = (0..<geos).map { "g\($0)" }
        dataset.dates = Array(dataset.dates.prefix(periods))
        dataset.kpi = dataset.kpi.enumerated().map { $1 * Double(1 + $0 / periods) }
        var specification = specification(
            preset: preset, channels: channels, controls: controls,
            events: [Event(name: "event0", date: dataset.dates[5])], trend: .piecewiseLinear(every: 10),
            seasonality: [Seasonality(periodDays: 365.25, harmonics: 1)], priors: priors)
        specification.pooling = pooling
        specification.hierarchy = hierarchy
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    /// Channels whose kinds go round all saturations, both effects, with and without adstock.
    static func mixedChannels(_ count: Int, preset: Preset = .tutti) -> [Channel] {
        (0..<count).map { index in
            channel(
                "c\(index)", preset: preset, maximumLag: index % 5 == 4 ? nil : 1 + 3 * (index % 4),
                saturation: [.hill, .logistic, .none, .hill][index % 4], effect: index % 3 == 0 ? .coefficient : .roi,
                freeSlope: index % 4 == 3)
        }
    }
}

/// Streams of random numbers of the tests.
func testStream(_ index: UInt32, site: UInt32 = 0) -> RandomStream {
    RandomStream(key: StreamKey(seed: 99, kind: 9, index: index), iteration: 0, site: site)
}

extension MarketingMixDensity {
    /// Log density and gradient as arrays.
    func evaluated(at position: [Double]) -> (logDensity: Double, gradient: [Double]) {
        var gradient = [Double](repeating: 0, count: dimension)
        var span = gradient.mutableSpan
        let value = evaluate(at: position.span, gradient: &span)
        return (value, gradient)
    }
}

extension MarketingMixModel {
    /// Log-likelihood of every cell by way of the decomposition.
    func pointwiseLogLikelihood(at draw: [Double]) -> [Double] {
        var components = [Double](repeating: 0, count: self.components.count * dataset.cellCount)
        var fitted = [Double](repeating: 0, count: dataset.cellCount)
        decompose(constrained: draw, into: &components, fitted: &fitted)
        var result = fitted
        pointwiseLogLikelihood(constrained: draw, fitted: fitted, into: &result)
        return result
    }
}

/// |a - b| at most `tolerance` times the larger of 1 and |b|.
func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    a == b || abs(a - b) <= tolerance * max(1, abs(b))
}
