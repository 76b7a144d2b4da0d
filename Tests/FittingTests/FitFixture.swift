import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition

/// A small two-channel series made from the model's own formulas, so that a fit of it is quick.
enum FitFixture {
    static let specification = ModelSpecification(
        name: "fixture", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: 0.4),
        channels: [channel("tv", kind: .brand), channel("search", kind: .performance)],
        controls: ["price"], events: [], holidayCountry: nil, intercept: true, trend: .linear,
        seasonality: [Seasonality(periodDays: 365.25, harmonics: 1)], priors: [:],
        sampling: SamplingSpecification(chains: 2, warmup: 60, draws: 40),
        resampling: ResamplingSpecification(resamples: 2, blockLength: 4), seed: 11)

    static let dataset = dataset(periods: 60)

    static func dataset(periods: Int) -> Dataset {
        var stream = RandomStream(key: StreamKey(seed: 5, kind: 99, index: 0), iteration: 0, site: 0)
        let first = CalendarDate(year: 2023, month: 1, day: 2)!
        let spend = (0..<2).map { _ in (0..<periods).map { _ in stream.uniform() < 0.3 ? 0 : 100 * stream.uniform() } }
        let price = (0..<periods).map { _ in stream.normal() }
        let kpi = (0..<periods).map { period in
            1000 + 2 * spend[0][period] + 3 * spend[1][period] - 20 * price[period] + 15 * stream.normal()
        }
        return Dataset(
            frequency: .week, dates: (0..<periods).map { first.advanced(by: 7 * $0) }, kpi: kpi,
            revenuePerKPI: Array(repeating: 1, count: periods), spend: spend, exposure: spend,
            controls: [Regressor(name: "price", values: price)], events: [], holidays: [])
    }

    static let model = MarketingMixModel(specification: specification, dataset: dataset)

    /// Scouts' draws, one after another, as if their step sizes had been so many times as large.
    static func scouts(_ settings: FitSettings, stepping factor: Double) throws -> [UInt8] {
        var bytes = try scouts(settings)
        let dimension = model.posterior(weights: nil).dimension
        for record in DrawRecord.ranges(in: bytes, dimension: dimension) ?? [] {
            let place = record.lowerBound + 8 * (dimension + 2)
            let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
            let size = (factor * Double(bitPattern: word)).bitPattern
            for byte in 0..<8 { bytes[place + byte] = UInt8(truncatingIfNeeded: size >> UInt64(8 * byte)) }
        }
        return bytes
    }

    /// The draws of a task that is run to its end.
    static func records(
        of task: FitTask, _ settings: FitSettings, model: MarketingMixModel = model, scouts: [UInt8] = []
    ) throws -> [UInt8] {
        var run = try TaskRun(model: model, settings: settings, task: task, scouts: scouts)
        while !run.isFinished { try run.step() }
        return run.takeRecords()
    }

    /// The draws of all scouts, one after another.
    static func scouts(_ settings: FitSettings, model: MarketingMixModel = model) throws -> [UInt8] {
        try (0..<ScoutRun.scouts).flatMap { try records(of: .scout($0), settings, model: model) }
    }

    private static func channel(_ name: String, kind: ChannelKind) -> Channel {
        let adstock = Adstock(kind: .geometric, maximumLag: 4)
        let parameters = Channel.parameters(adstock: adstock, saturation: .hill, effect: .roi)
        let priors = Dictionary(
            uniqueKeysWithValues: parameters.map {
                ($0, Preset.tutti.defaults.prior(of: $0, kind: kind, saturation: .hill))
            })
        return Channel(
            name: name, kind: kind, adstock: adstock, saturation: .hill, effect: .roi, priors: priors)
    }
}
