import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Slow components of channels.
struct LongTermTests {
    private static func model(
        _ saturation: Saturation, _ effect: Effect, geos: Int = 1, likelihood: LikelihoodFamily = .normal
    ) -> MarketingMixModel {
        let quick = ModelFixture.channel("tv", saturation: saturation, effect: effect, freeSlope: saturation == .hill)
        let slow = LongTerm.channel(of: quick, index: 1, effect: effect, frequency: .week, likelihood: likelihood)
        let channels = [ModelFixture.channel("search", effect: effect), quick, slow]
        let model =
            geos == 1
            ? ModelFixture.fullModel(channels: channels, periods: 130)
            : ModelFixture.panel(pooling: .partial, channels: channels, geos: geos, periods: 130)
        var dataset = model.dataset
        dataset.exposure[2] = dataset.exposure[1]
        dataset.spend[2] = dataset.spend[1]
        var specification = model.specification
        specification.likelihood = likelihood
        if likelihood.hasLogLink { dataset.kpi = dataset.kpi.map { abs($0) + 1 } }
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    @Test("has the saturation of its channel, and a carry-over and an effect of its own")
    func reference() {
        for (index, saturation) in [Saturation.hill, .logistic, .michaelisMenten, .root].enumerated() {
            for effect in [Effect.roi, .coefficient] {
                let model = Self.model(saturation, effect)
                let names = model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
                #expect(names.contains("half_life[tv_long_term]") || names.contains("half_life"))
                for parameter in saturation.parameters {
                    #expect(!names.contains("\(parameter.rawValue)[tv_long_term]"))
                }
                let reference = ReferenceModel(model)
                var stream = testStream(UInt32(7500 + index))
                for _ in 0..<20 {
                    let draw = model.priorDraw(&stream)
                    for (own, term) in zip(model.pointwiseLogLikelihood(at: draw), reference.pointwise(draw)) {
                        #expect(agree(own, term, 1e-9))
                    }
                    let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                    #expect(agree(likelihood, reference.likelihood(draw), 1e-9))
                }
            }
        }
    }

    @Test("a lift test of its channel changes it as well, in the report and in the likelihood")
    func lift() {
        let model = Self.model(.hill, .roi)
        let days = CalendarDate("2022-06-06")!...CalendarDate("2022-07-03")!
        let test = Experiment(
            name: "dark", channels: [1], geos: [], days: days, factor: 0, lift: -400, standardError: 90)
        var specification = model.specification
        specification.experiments = [test]
        let tested = MarketingMixModel(specification: specification, dataset: model.dataset)
        var stream = testStream(7600)
        for _ in 0..<10 {
            let draw = model.priorDraw(&stream)
            let both = model.specification.testedChannels(of: test)
            #expect(both == [1, 2])
            let reference = ReferenceModel(model)
            let isTested = model.dataset.dates.map(days.contains)
            var expected = 0.0
            for channel in both {
                let actual = reference.saturated(channel, draw)
                let dark = reference.saturated(channel, draw) { isTested[$0] ? 0 : $1 }
                let beta = model.scaling.kpiScale * reference.coefficient(channel, actual, draw)
                for period in isTested.indices where isTested[period] {
                    expected += beta * (dark[period] - actual[period])
                }
            }
            #expect(agree(model.lift(test, constrained: draw), expected, 1e-10))
            let standard = (test.lift - expected) / test.standardError
            let term = -0.5 * standard * standard - Elementary.log(test.standardError * (2 * Double.pi).squareRoot())
            let without = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
            let with = tested.evaluate(unconstrained: tested.unconstrain(draw)).likelihood
            #expect(agree(with, without + term, 1e-10))
        }
    }

    @Test("the gradient equals central differences in every form")
    func gradients() {
        let models = [
            Self.model(.hill, .roi), Self.model(.logistic, .coefficient), Self.model(.hill, .roi, geos: 3),
            Self.model(.hill, .coefficient, likelihood: .logNormal),
        ]
        for (index, model) in models.enumerated() {
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                var stream = testStream(UInt32(7600 + index))
                for _ in 0..<20 {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: [], rounding: 1e-13, "model \(index), \(form)")
                }
            }
        }
    }

    @Test("most of what it brings comes late, and its return is one of the channel's spend")
    func lateness() throws {
        let model = Self.model(.hill, .roi)
        var stream = testStream(77)
        let names = model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        let halfLife = try #require(names.firstIndex { $0.hasPrefix("half_life") })
        let roi = try #require(names.firstIndex(of: "roi[tv_long_term]"))
        var draw = model.priorDraw(&stream)
        draw[halfLife] = 26
        draw[roi] = 0.4
        let weights = model.adstockWeights(channel: 2, constrained: draw)
        #expect(weights.count == 105)
        // Half of the first weight after 26 weeks, and half of all before, but for what the window cuts off.
        #expect(agree(weights[26] / weights[0], 0.5, 1e-12))
        let early: Double = weights.prefix(26).reduce(0, +)
        let expected: Double = 0.5 / (1 - 0.0625)
        #expect(abs(early - expected) < 0.01)
        let response = model.mediaResponse(channel: 2, constrained: draw, multiplier: 1)
        let spend = model.dataset.spend[1].reduce(0, +)
        #expect(agree(response.revenueInWindow / spend, 0.4, 1e-10))
        #expect(response.revenueAfter > 0.1 * response.revenueInWindow)
    }
}
