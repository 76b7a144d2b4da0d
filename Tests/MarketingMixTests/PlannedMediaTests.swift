import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("media of a plan")
struct PlannedMediaTests {
    private static let planned = 6

    private static let adstocks: [Adstock] = [
        Adstock(kind: .geometric, maximumLag: 4), Adstock(kind: .delayed, maximumLag: 5),
        Adstock(kind: .weibullSurvival, maximumLag: 3), Adstock(kind: .none, maximumLag: 0),
        Adstock(kind: .binomial, maximumLag: 7),
    ]

    /// All saturations and several carry-overs, both orders.
    static func channels(_ likelihood: LikelihoodFamily = .normal) -> [Channel] {
        let saturations: [Saturation] = [
            .hill, .logistic, .none, .michaelisMenten, .sigmoid, .root, .tanh, .inverseLogistic,
        ]
        return saturations.enumerated().map { index, saturation in
            var channel = ModelFixture.channel(
                "c\(index)", preset: .tutti, adstock: adstocks[index % adstocks.count], saturation: saturation,
                order: index % 3 == 2 ? .saturationFirst : .adstockFirst)
            if saturation == .hill { channel.priors[.slope] = .logNormal(mean: 0.2, sd: 0.4) }
            return channel
        }
    }

    private static func model(
        _ data: Dataset, likelihood: LikelihoodFamily = .normal, priors: [String: Prior] = [:]
    ) -> MarketingMixModel {
        var specification = ModelFixture.specification(channels: channels(likelihood), priors: priors)
        specification.likelihood = likelihood
        specification.holdout = data.heldOutKPI.isEmpty ? 0 : 1
        return MarketingMixModel(specification: specification, dataset: data)
    }

    private static let periods = 40

    /// Data of the past, and the same followed by a plan and by periods without media; spend is 1.5 times exposure.
    private static func worlds() -> (past: Dataset, all: Dataset) {
        let count = channels().count
        var all = ModelFixture.dataset(periods: periods + planned + 10, channels: count)
        for channel in 0..<count {
            for period in (periods + planned)..<(periods + planned + 10) {
                all.exposure[channel][period] = 0
                all.spend[channel][period] = 0
            }
            // One price throughout.
            all.spend[channel] = all.exposure[channel].map { 1.5 * $0 }
        }
        all.holdOut(last: planned + 10)
        return (all.first(periods), all)
    }

    private static func components(_ model: MarketingMixModel, _ draw: [Double]) -> (
        media: [[Double]], fitted: [Double]
    ) {
        let cells = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        return (
            model.specification.channels.indices.map { Array(values[$0 * cells..<($0 + 1) * cells]) }, fitted
        )
    }

    @Test("days of a plan have the season of their weekday, with a year of data and with less", arguments: [400, 300])
    func weekdays(dayCount: Int) {
        var dates = [CalendarDate("2023-01-02")!]
        while dates.count < dayCount { dates.append(Frequency.day.next(after: dates[dates.count - 1])) }
        let spend = [Double](repeating: 10, count: dayCount)
        let model = MarketingMixModel(
            specification: ModelSpecification(
                name: "shop", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: nil),
                channels: [
                    Channel(
                        name: "tv", kind: .brand, adstock: Adstock(kind: .none, maximumLag: 0), saturation: .none,
                        effect: .coefficient, priors: [.beta: .halfNormal(scale: 1)])
                ],
                controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none,
                seasonality: [Seasonality(periodDays: 7, harmonics: 3)], priors: [:],
                sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1),
            dataset: Dataset(
                frequency: .day, dates: dates, kpi: (0..<dayCount).map { 100 + Double($0 % 7) },
                revenuePerKPI: spend.map { _ in 1 }, spend: [spend], exposure: [spend], controls: [], events: [],
                holidays: [], geos: []))
        var random = testStream(502)
        let draw = model.priorDraw(&random)
        let fitted = Self.components(model, draw).fitted
        let layout = MediaPlanLayout(model, periodCount: 20)
        let planned = PlannedMedia(layout, model: model, constrained: [draw]).kpi(of: layout.current, draw: 0)[0]
        let size = fitted.map(abs).max() ?? 0
        #expect((fitted.max() ?? 0) - (fitted.min() ?? 0) > 1e-3 * size)
        // Media are the same every day, and so are days a whole number of weeks apart.
        for (day, kpi) in planned.enumerated() {
            #expect(abs(kpi - fitted[dayCount - 7 + day % 7]) < 1e-9 * size, "\(day)")
        }
    }

    @Test("a plan brings what the model says of data that has it, less what data without it has")
    func plannedIsDecomposed() {
        let (past, all) = Self.worlds()
        let model = Self.model(past)
        let with = Self.model(all)
        var emptied = all
        for channel in all.exposure.indices {
            for period in Self.periods..<all.periodCount { emptied.exposure[channel][period] = 0 }
        }
        let without = Self.model(emptied)
        let layout = MediaPlanLayout(model, periodCount: Self.planned)
        #expect(layout.channels == Array(all.exposure.indices))
        let money = all.spend.flatMap { $0[Self.periods..<Self.periods + Self.planned] }
        var random = testStream(501)
        let draws = (0..<8).map { _ in model.priorDraw(&random) }
        let media = PlannedMedia(layout, model: model, constrained: draws)
        let revenues = media.revenues(of: money, draws: 0..<8)
        let byChannel = layout.channels.indices.map { media.revenues(of: money, channel: $0) }
        for (draw, parameters) in draws.enumerated() {
            let (own, other) = (Self.components(with, parameters), Self.components(without, parameters))
            let differences = zip(own.media, other.media).map { pair in
                zip(pair.0, pair.1).reduce(0) { $0 + $1.0 - $1.1 }
            }
            #expect(agree(revenues[draw], differences.reduce(0, +), 1e-9))
            for channel in differences.indices { #expect(agree(byChannel[channel][draw], differences[channel], 1e-9)) }
            let kpi = media.kpi(of: money, draw: draw)[0]
            let fitted = own.fitted[Self.periods..<Self.periods + Self.planned]
            #expect(zip(kpi, fitted).allSatisfy { agree($0, $1, 1e-9) })
        }
    }

    @Test("the same with a log link, where media multiply each other")
    func logLink() {
        let (past, all) = Self.worlds()
        let model = Self.model(past, likelihood: .logNormal)
        let with = Self.model(all, likelihood: .logNormal)
        let layout = MediaPlanLayout(model, periodCount: Self.planned)
        let money = all.spend.flatMap { $0[Self.periods..<Self.periods + Self.planned] }
        var random = testStream(502)
        let draws = (0..<4).map { _ in model.priorDraw(&random) }
        let media = PlannedMedia(layout, model: model, constrained: draws)
        for (draw, parameters) in draws.enumerated() {
            let fitted = Self.components(with, parameters).fitted[Self.periods..<Self.periods + Self.planned]
            #expect(zip(media.kpi(of: money, draw: draw)[0], fitted).allSatisfy { agree($0, $1, 1e-9) })
        }
        Self.checkSlopes(media, money, tolerance: 1e-5)
    }

    /// Slopes beside central differences, and the sum of weighted draws beside single ones.
    private static func checkSlopes(_ media: PlannedMedia, _ money: [Double], tolerance: Double) {
        let shares = [Double](repeating: 1, count: money.count)
        let count = media.drawCount
        let weights = (0..<count).map { 1 / Double(1 + $0) }
        func value(_ money: [Double]) -> Double {
            zip(media.revenues(of: money, draws: 0..<count), weights).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let all = media.derivatives(of: money, shares: shares, draws: 0..<count, weights: weights)
        #expect(zip(all.revenues, media.revenues(of: money, draws: 0..<count)).allSatisfy { agree($0, $1, 1e-12) })
        for cell in money.indices where money[cell] > 1 {
            let step = 1e-4 * money[cell]
            func at(_ steps: Double) -> Double {
                var moved = money
                moved[cell] += steps * step
                return value(moved)
            }
            let difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
            let size = abs(value(money)) / max(1, money[cell])
            #expect(abs(all.slopes[cell] - difference) < tolerance * max(abs(difference), 1e-3 * size), "cell \(cell)")
        }
    }

    @Test("slopes are those of the revenue, also where prices rise with money")
    func slopes() {
        let (past, all) = Self.worlds()
        let model = Self.model(past)
        let money = all.spend.flatMap { $0[Self.periods..<Self.periods + Self.planned] }
        var random = testStream(503)
        let draws = (0..<5).map { _ in model.priorDraw(&random) }
        for rises in [[:], ["c0": 0.3, "c2": 0.1, "c5": 0.2]] as [[String: Double]] {
            let layout = MediaPlanLayout(model, periodCount: Self.planned, priceRises: rises)
            Self.checkSlopes(PlannedMedia(layout, model: model, constrained: draws), money, tolerance: 1e-6)
        }
    }

    @Test(
        "where cells of a channel move together the bend is the second derivative; by themselves they are bounded by it"
    )
    func bends() {
        let (past, all) = Self.worlds()
        let model = Self.model(past)
        let layout = MediaPlanLayout(model, periodCount: Self.planned)
        let money = all.spend.flatMap { $0[Self.periods..<Self.periods + Self.planned] }
        var random = testStream(504)
        let media = PlannedMedia(layout, model: model, constrained: [model.priorDraw(&random)])
        for channel in layout.channels.indices where channel != 4 && channel != 0 {
            // Curves that bend one way.
            let cells = layout.cells(channel: channel, geo: 0)
            let total = cells.reduce(0) { $0 + money[$1] }
            let shares = money.indices.map { cells.contains($0) ? money[$0] / total : 0 }
            let all = media.derivatives(of: money, shares: shares, draws: 0..<1, weights: [1])
            func value(_ change: Double) -> Double {
                media.revenues(of: zip(money, shares).map { $0 + change * $1 }, draws: 0..<1)[0]
            }
            let step = 1e-3 * total
            let difference = -(value(step) - 2 * value(0) + value(-step)) / (step * step)
            let bend = cells.reduce(0) { $0 + all.bends[$1] }
            #expect(abs(bend - difference) < 1e-3 * abs(difference) + 1e-9, "\(channel): \(bend), \(difference)")
        }
    }

    @Test("a panel's plan is the sum of its geos' plans, and a slow component comes with its channel")
    func panel() {
        let channels = [
            ModelFixture.channel("a", effect: .coefficient), ModelFixture.channel("b", effect: .roi),
        ]
        let model = ModelFixture.panel(pooling: .partial, channels: channels, geos: 3, periods: 30)
        let layout = MediaPlanLayout(model, periodCount: 5)
        #expect(layout.cellCount == 2 * 3 * 5)
        var random = testStream(505)
        let media = PlannedMedia(
            layout, model: model, constrained: [model.priorDraw(&random), model.priorDraw(&random)])
        let money = layout.current
        var sum = [0.0, 0.0]
        for geo in 0..<3 {
            var own = [Double](repeating: 0, count: money.count)
            for channel in 0..<2 {
                for cell in layout.cells(channel: channel, geo: geo) { own[cell] = money[cell] }
            }
            for (draw, value) in media.revenues(of: own, draws: 0..<2).enumerated() { sum[draw] += value }
        }
        #expect(zip(sum, media.revenues(of: money, draws: 0..<2)).allSatisfy { agree($0, $1, 1e-10) })
        Self.checkSlopes(media, money, tolerance: 1e-6)

        var slow = ModelFixture.channel("a", effect: .coefficient)
        slow.priors[.alpha] = .beta(a: 1, b: 3)
        let long = LongTerm.channel(of: slow, index: 0, effect: .coefficient, frequency: .week, likelihood: .normal)
        var data = ModelFixture.dataset(periods: 60, channels: 1)
        data.spend.append(data.spend[0])
        data.exposure.append(data.exposure[0])
        data.contactFrequency.append([])
        let both = MarketingMixModel(
            specification: ModelFixture.specification(channels: [slow, long]), dataset: data)
        let plan = MediaPlanLayout(both, periodCount: 5)
        #expect(plan.channels == [0] && plan.cellCount == 5)
        let parameters = both.priorDraw(&random)
        let together = PlannedMedia(plan, model: both, constrained: [parameters])
        Self.checkSlopes(together, plan.current, tolerance: 1e-6)
        #expect(together.revenues(of: plan.current, draws: 0..<1)[0] > 0)
    }

    @Test("where a year is known, what is not media comes again; the trend stays")
    func outlook() {
        let channels = [ModelFixture.channel("a", effect: .coefficient)]
        var specification = ModelFixture.specification(
            channels: channels, controls: ["price"], trend: .linear,
            seasonality: [Seasonality(periodDays: 364, harmonics: 2)])
        specification.events = []
        let model = MarketingMixModel(
            specification: specification,
            dataset: ModelFixture.dataset(periods: 60, channels: 1, controls: ["price"]))
        let layout = MediaPlanLayout(model, periodCount: 4)
        var random = testStream(506)
        let draw = model.priorDraw(&random)
        let kpi = PlannedMedia(layout, model: model, constrained: [draw]).kpi(
            of: [Double](repeating: 0, count: 4), draw: 0)[0]
        var values = [Double](repeating: 0, count: model.components.count * 60)
        var fitted = [Double](repeating: 0, count: 60)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        func component(_ name: String, _ period: Int) -> Double {
            values[model.components.firstIndex { $0.name == name }! * 60 + period]
        }
        let last =
            component("intercept", 59) + component("trend", 59) + component("seasonality", 11) + component("price", 11)
        // The fourth week hears of the last known one alone, by the fifth weight.
        let carried = model.dataset.exposure[0][59] == 0 ? 0 : model.adstockWeights(channel: 0, constrained: draw)[4]
        #expect(carried == 0 ? agree(kpi[3], last, 1e-10) : kpi[3] > last)
        #expect(kpi[3] - last < component("a", 59) + component("a", 58) + 1e-9)
    }
}
