import Densities
import MarketingMix
import ModelDefinition
import Testing

struct DecompositionTests {
    private static func decompose(_ model: MarketingMixModel, _ draw: [Double]) -> (values: [Double], fitted: [Double])
    {
        let periods = model.dataset.periodCount
        var values = [Double](repeating: .nan, count: model.components.count * periods)
        var fitted = [Double](repeating: .nan, count: periods)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        return (values, fitted)
    }

    @Test("the parameter of an effect is the money that its channel is seen to bring", arguments: Effect.allCases)
    func effectMoney(effect: Effect) {
        guard effect != .coefficient else { return }
        let channel = ModelFixture.channel("a", effect: effect)
        let model = MarketingMixModel(
            specification: ModelFixture.specification(channels: [channel]),
            dataset: ModelFixture.dataset(periods: 40, channels: 1, revenuePerKPI: true))
        var without = model.dataset
        for (period, date) in without.dates.enumerated()
        where date <= ModelFixture.window.upperBound && date.advanced(by: 6) >= ModelFixture.window.lowerBound {
            without.exposure[0][period] = 0
        }
        let spend = model.dataset.spend[0]
        var stream = testStream(77)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let parameter = draw[model.layout.blocks.first { $0.name == effect.parameter.rawValue }!.offset]
            func money(_ multiplier: Double) -> Double {
                model.mediaResponse(channel: 0, constrained: draw, multiplier: multiplier).revenueInWindow
            }
            let seen: Double
            switch effect {
            case .roi: seen = money(1) / spend.reduce(0, +)
            case .marginalROI: seen = (money(1.01) - money(1)) / (0.01 * spend.reduce(0, +))
            case .contribution:
                seen = money(1) / zip(model.dataset.kpi, model.dataset.revenuePerKPI).map(*).reduce(0, +)
            case .windowROI:
                // The same curve and β on the exposure outside the window.
                let reference = ReferenceModel(model)
                let all = reference.saturated(0, draw)
                let outside = reference.saturated(0, draw) { period, x in without.exposure[0][period] == 0 ? 0 : x }
                let weights = model.dataset.revenuePerKPI
                func total(_ series: [Double]) -> Double { zip(series, weights).reduce(0) { $0 + $1.0 * $1.1 } }
                let share = 1 - total(outside) / total(all)
                let spent = zip(spend, without.exposure[0]).reduce(0) { $0 + ($1.1 == 0 ? $1.0 : 0) }
                seen = money(1) * share / spent
            case .coefficient: seen = .nan
            }
            #expect(agree(seen, parameter, 1e-9), "\(effect)")
        }
    }

    @Test("components add up to the fitted KPI exactly, and the fitted KPI is the plainly written model's mean")
    func additivity() {
        for preset in ModelFixture.presets {
            let model = ModelFixture.fullModel(
                preset: preset, channels: ModelFixture.mixedChannels(6, preset: preset), periods: 50)
            let reference = ReferenceModel(model)
            var stream = testStream(20)
            for _ in 0..<30 {
                let draw = model.priorDraw(&stream)
                let (values, fitted) = Self.decompose(model, draw)
                let means = reference.means(draw)
                for t in 0..<50 {
                    var sum = 0.0
                    for index in model.components.indices { sum += values[index * 50 + t] }
                    #expect(sum == fitted[t])
                    let mean = model.scaling.kpiShift + model.scaling.kpiScale * means[t]
                    #expect(agree(fitted[t], mean, 1e-11))
                }
            }
        }
    }

    @Test("components come as channels in the user's order, intercept, trend, seasonality, controls, events, holidays")
    func components() {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(3), periods: 30)
        #expect(
            model.components.map(\.name) == [
                "c0", "c1", "c2", "intercept", "trend", "seasonality", "price", "rival", "event0", "holidays",
            ])
        let bare = MarketingMixModel(
            specification: ModelFixture.specification(channels: [ModelFixture.channel("tv")], intercept: false),
            dataset: ModelFixture.dataset(periods: 12, channels: 1))
        #expect(bare.components.map(\.name) == ["tv", "intercept"])
        var stream = testStream(21)
        let draw = bare.priorDraw(&stream)
        let (values, _) = Self.decompose(bare, draw)
        #expect(values[12...].allSatisfy { $0 == bare.scaling.kpiShift })
    }

    @Test("each channel's component is its own response, whatever lane it sits in")
    func channels() {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(20), periods: 40)
        let reference = ReferenceModel(model)
        var stream = testStream(22)
        for _ in 0..<10 {
            let draw = model.priorDraw(&stream)
            let (values, _) = Self.decompose(model, draw)
            for channel in 0..<20 {
                let saturated = reference.saturated(channel, draw)
                let beta = reference.coefficient(channel, saturated, draw)
                for t in 0..<40 {
                    let expected = model.scaling.kpiScale * beta * saturated[t]
                    #expect(abs(values[channel * 40 + t] - expected) <= 1e-11 * max(1, abs(expected)))
                }
            }
        }
    }

    @Test("revenue brought within the window over money spent is the sampled return on investment, for every draw")
    func returnOnInvestment() throws {
        for saturation in Saturation.allCases {
            let model = ModelFixture.fullModel(
                channels: ["a", "b", "c"].map { ModelFixture.channel($0, saturation: saturation, freeSlope: true) },
                periods: 60)
            let block = try #require(model.layout.blocks.first { $0.name == "roi" })
            var stream = testStream(23)
            for _ in 0..<200 {
                let draw = model.priorDraw(&stream)
                for channel in 0..<3 {
                    let spend = model.dataset.spend[channel].reduce(0, +)
                    let response = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                    let roi = draw[block.offset + channel]
                    #expect(abs(response.revenueInWindow / spend - roi) <= 1e-12 * roi)
                }
            }
        }
    }

    @Test("the response at multiplier 1 is the component, none is 0, and only carry-over falls after the window")
    func response() {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(8), periods: 40)
        var stream = testStream(24)
        let draw = model.priorDraw(&stream)
        let (values, _) = Self.decompose(model, draw)
        for channel in 0..<8 {
            let response = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
            var kpi = 0.0
            var revenue = 0.0
            for t in 0..<40 {
                kpi += values[channel * 40 + t]
                revenue += model.dataset.revenuePerKPI[t] * values[channel * 40 + t]
            }
            #expect(agree(response.kpiInWindow, kpi, 1e-12))
            #expect(agree(response.revenueInWindow, revenue, 1e-12))
            let lastRevenue = model.dataset.revenuePerKPI[39]
            #expect(agree(response.revenueAfter, lastRevenue * response.kpiAfter, 1e-12))
            if model.specification.channels[channel].adstock.kind == .none { #expect(response.kpiAfter == 0) }
            let none = model.mediaResponse(channel: channel, constrained: draw, multiplier: 0)
            #expect(none.kpiInWindow == 0 && none.revenueInWindow == 0)
            #expect(none.kpiAfter == 0 && none.revenueAfter == 0)
        }
    }

    @Test("without saturation, the share of the response after the window is that of the weights reaching beyond it")
    func trailing() throws {
        // One burst in the last period: lag 0 falls inside the window, lags 1 ... L-1 after it.
        let channel = ModelFixture.channel("tv", maximumLag: 5, saturation: .none, effect: .coefficient)
        var dataset = ModelFixture.dataset(periods: 10, channels: 1)
        dataset.exposure = [(0..<10).map { $0 == 9 ? 3 : 0 }]
        dataset.spend = dataset.exposure
        let model = MarketingMixModel(
            specification: ModelFixture.specification(channels: [channel]), dataset: dataset)
        var stream = testStream(25)
        let draw = model.priorDraw(&stream)
        let weights = model.adstockWeights(channel: 0, constrained: draw)
        let response = model.mediaResponse(channel: 0, constrained: draw, multiplier: 1)
        let total = response.kpiInWindow + response.kpiAfter
        #expect(agree(response.kpiInWindow / total, weights[0], 1e-12))
        let doubled = model.mediaResponse(channel: 0, constrained: draw, multiplier: 2)
        #expect(agree(doubled.kpiAfter, 2 * response.kpiAfter, 1e-12))
    }

    @Test("the likelihood is the sum of its terms, in the decomposition as in the density")
    func pointwise() {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(9), periods: 41)
        let reference = ReferenceModel(model)
        var stream = testStream(26)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let terms = model.pointwiseLogLikelihood(at: draw)
            for (term, expected) in zip(terms, reference.pointwise(draw)) { #expect(agree(term, expected, 1e-10)) }
            let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
            #expect(agree(terms.reduce(0, +), likelihood, 1e-11))
            #expect(
                agree(model.residualScales(constrained: draw)[0], reference.sigma(draw) * model.scaling.kpiScale, 1e-15)
            )
        }
    }
}
