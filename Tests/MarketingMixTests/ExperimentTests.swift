import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("experiments")
struct ExperimentTests {
    /// From a Wednesday to a Tuesday, in weeks of Mondays: 5 days of the first, 2 of the last.
    private static let days = CalendarDate("2022-03-02")!...CalendarDate("2022-04-12")!

    private static func experiment(
        _ channels: [Int], factor: Double = 0, geos: [String] = [], lift: Double = -400, error: Double = 90
    ) -> Experiment {
        Experiment(
            name: "test", channels: channels, geos: geos, days: days, factor: factor, lift: lift, standardError: error)
    }

    private static func models(_ experiments: [Experiment]) -> [MarketingMixModel] {
        func add(_ model: MarketingMixModel, _ experiments: [Experiment]) -> MarketingMixModel {
            var specification = model.specification
            specification.experiments = experiments
            return MarketingMixModel(specification: specification, dataset: model.dataset)
        }
        let national = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(5), periods: 41)
        let channels = ModelFixture.mixedChannels(3)
        return [add(national, experiments)]
            + Pooling.allCases.map {
                add(ModelFixture.panel(pooling: $0, channels: channels, geos: 3, periods: 30), experiments)
            }
    }

    @Test("a lift is the change of the plainly written model's KPI over the tested periods, by the days tested in each")
    func lift() {
        let model = Self.models([])[0]
        let reference = ReferenceModel(model)
        for experiment in [Self.experiment([0]), Self.experiment([0, 2, 4], factor: 1.6)] {
            let testedDays = model.dataset.dates.map { date in
                (0..<7).count { experiment.days.contains(date.advanced(by: $0)) }
            }
            #expect(testedDays.filter { $0 > 0 } == [5, 7, 7, 7, 7, 7, 2])
            var stream = testStream(300)
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                var expected = 0.0
                for channel in experiment.channels {
                    let actual = reference.saturated(channel, draw)
                    let tested = reference.saturated(channel, draw) { period, exposure in
                        testedDays[period] > 0 ? experiment.factor * exposure : exposure
                    }
                    let beta = model.scaling.kpiScale * reference.coefficient(channel, actual, draw)
                    for period in testedDays.indices where testedDays[period] > 0 {
                        expected += Double(testedDays[period]) / 7 * beta * (tested[period] - actual[period])
                    }
                }
                #expect(agree(model.lift(experiment, constrained: draw), expected, 1e-10))
            }
        }
    }

    @Test("the lift of a panel is the sum of its geos'", arguments: Pooling.allCases)
    func liftOfPanel(pooling: Pooling) {
        let model = ModelFixture.panel(pooling: pooling, channels: ModelFixture.mixedChannels(3), geos: 3, periods: 30)
        var stream = testStream(301)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let lifts = model.dataset.geos.map {
                model.lift(Self.experiment([0, 1], geos: [$0]), constrained: draw)
            }
            #expect(lifts.allSatisfy { $0 != 0 })
            #expect(agree(model.lift(Self.experiment([0, 1]), constrained: draw), lifts.reduce(0, +), 1e-12))
            #expect(
                agree(
                    model.lift(Self.experiment([0, 1], geos: ["g0", "g2"]), constrained: draw), lifts[0] + lifts[2],
                    1e-12))
        }
    }

    @Test("an experiment adds its normal density to the likelihood, and its gradient equals central differences")
    func density() {
        let all = [Self.experiment([0]), Self.experiment([1, 2], factor: 1.4, lift: 300, error: 200)]
        for (index, pair) in zip(Self.models(all), Self.models([])).enumerated() {
            let (model, without) = pair
            var stream = testStream(UInt32(400 + index))
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                var expected = without.evaluate(unconstrained: without.unconstrain(draw)).likelihood
                for experiment in all {
                    let standard =
                        (experiment.lift - model.lift(experiment, constrained: draw)) / experiment.standardError
                    expected -= 0.5 * standard * standard + Elementary.log(experiment.standardError)
                    expected -= 0.5 * Elementary.log(2 * Double.pi)
                }
                let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                #expect(agree(likelihood, expected, 1e-10))
                for form in PosteriorForm.allCases {
                    let posterior = model.posterior(form: form, weights: nil)
                    let density = posterior.density()
                    let position = posterior.samplerPosition(constrained: draw)
                    let (value, gradient) = density.evaluated(at: position)
                    for coordinate in position.indices {
                        func at(_ step: Double) -> Double {
                            var moved = position
                            moved[coordinate] += step
                            return density.evaluated(at: moved).logDensity
                        }
                        let isClose = [1e-3, 1e-4].contains { h in
                            let slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
                            return abs(gradient[coordinate] - slope) <= 1e-7 * abs(slope) + 2e-14 / h
                                * max(1, abs(value))
                        }
                        #expect(isClose, "\(form), coordinate \(coordinate)")
                    }
                }
            }
        }
    }

    @Test("an experiment of no precision leaves the posterior as it is")
    func noPrecision() {
        let model = Self.models([Self.experiment([0], error: 1e12)])[0]
        let without = Self.models([])[0]
        var stream = testStream(500)
        let draw = model.priorDraw(&stream)
        let one = model.evaluate(unconstrained: model.unconstrain(draw))
        let other = without.evaluate(unconstrained: without.unconstrain(draw))
        for (a, b) in zip(one.gradient, other.gradient) { #expect(agree(a, b, 1e-12)) }
    }
}
