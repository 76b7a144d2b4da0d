import Analysis
import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// One regression that `Resources/mediator-equation.py` solved by quadrature.
private struct EquationReference: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var geos: Int
    var periods: Int
    var kpi: [Double]
    var mediator: [Double]
    var drivers: [[Double]]
    var price: [Double]
    var rival: [Double]
    var alpha: [Double]
    var ec: [Double]
    var responses: [Double]
    var products: [Double]
    var exposure: Double
    var scales: [Double]
    var freedom: Double
    var mean: [Double]
    var sd: [Double]

    var testDescription: String { name }

    private struct File: Decodable { var cases: [EquationReference] }

    static let all: [EquationReference] = {
        guard let url = Bundle.module.url(forResource: "Resources/mediator-equation", withExtension: "json"),
            let file = try? JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        else { return [] }
        return file.cases
    }()

    /// Drivers d0, d1, …, then the mediator.
    var model: MarketingMixModel {
        var channels = drivers.indices.map { ModelFixture.channel("d\($0)", preset: .tutti, maximumLag: 4) }
        for index in channels.indices { channels[index].drives = [drivers.count] }
        channels.append(ModelFixture.channel("search", preset: .tutti, maximumLag: 4))
        let start = CalendarDate(year: 2022, month: 1, day: 3)!
        let exposures = drivers + [mediator]
        return MarketingMixModel(
            specification: ModelFixture.specification(
                channels: channels, controls: ["price", "rival"], trend: .linear),
            dataset: Dataset(
                frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) }, kpi: kpi,
                revenuePerKPI: kpi.map { _ in 1 }, spend: exposures, exposure: exposures,
                controls: [Regressor(name: "price", values: price), Regressor(name: "rival", values: rival)],
                events: [], holidays: [], geos: geos > 1 ? (0..<geos).map { "g\($0)" } : []))
    }

    /// The parameters at which it was solved; what does not enter is 1.
    func constrained(_ model: MarketingMixModel) -> [Double] {
        var values = [Double](repeating: 1, count: model.dimension)
        for block in model.layout.blocks {
            let given = ["alpha": alpha, "ec": ec][block.name] ?? []
            for (index, value) in given.enumerated() { values[block.offset + index] = value }
        }
        return values
    }
}

@Suite("mediators")
struct MediatorTests {
    @Test(
        "an equation's moments, and draws of strengths, are those that quadrature gives",
        arguments: EquationReference.all)
    private func equation(_ reference: EquationReference) throws {
        let model = reference.model
        let draw = reference.constrained(model)
        let equation = try #require(model.mediatorEquations.first)
        #expect(equation.mediator == reference.drivers.count)
        #expect(equation.drivers == Array(reference.drivers.indices))
        #expect(agree(equation.freedom, reference.freedom, 1e-10))
        let moments = equation.moments(at: ModelDraw(model, draw))
        for (own, expected) in zip(moments.responses, reference.responses) { #expect(agree(own, expected, 1e-9)) }
        for (own, expected) in zip(moments.products, reference.products) { #expect(agree(own, expected, 1e-9)) }
        for (own, expected) in zip(moments.scales, reference.scales) { #expect(agree(own, expected, 1e-10)) }
        #expect(agree(moments.exposure, reference.exposure, 1e-9))
        for (index, correlation) in equation.correlations(at: ModelDraw(model, draw)).enumerated() {
            let own = reference.responses[index * reference.drivers.count + index]
            #expect(agree(correlation, reference.products[index] / (own * reference.exposure).squareRoot(), 1e-9))
        }

        let count = 20_000
        let at = ModelDraw(model, draw)
        let draws = (0..<count).map { index in
            var stream = RandomStream(
                key: StreamKey(seed: 3, kind: 9, index: 600), iteration: UInt64(index), site: 0)
            return equation.strengths(at: at, from: &stream)
        }
        for driver in reference.drivers.indices {
            let strengths = draws.map { $0[driver] }
            #expect(strengths.allSatisfy { $0 >= 0 })
            let mean = strengths.reduce(0, +) / Double(count)
            let squares = strengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let sd = (squares / Double(count - 1)).squareRoot()
            // Five standard errors; that of a standard deviation is less than sd ÷ √n for tails no heavier than these.
            let error = reference.sd[driver] / Double(count).squareRoot()
            #expect(abs(mean - reference.mean[driver]) < 5 * error, "\(mean) against \(reference.mean[driver])")
            #expect(abs(sd - reference.sd[driver]) < 5 * error, "\(sd) against \(reference.sd[driver])")
        }
    }

    @Test("there are four references")
    func references() {
        #expect(EquationReference.all.count == 4)
    }

    /// c0 drives c1, c1 drives c2, and c0 drives c3.
    private static func driven(_ model: MarketingMixModel) -> MarketingMixModel {
        var specification = model.specification
        specification.channels[0].drives = [1, 3]
        specification.channels[1].drives = [2]
        return MarketingMixModel(specification: specification, dataset: model.dataset)
    }

    private static let national = driven(
        ModelFixture.fullModel(channels: ModelFixture.mixedChannels(4), periods: 41))

    @Test("a channel stands after those that drive it")
    func order() {
        var specification = Self.national.specification
        #expect(specification.mediators == [1, 2, 3])
        specification.channels[0].drives = []
        specification.channels[1].drives = []
        #expect(specification.mediators.isEmpty && Self.national.mediatorEquations.count == 3)
        specification.channels[3].drives = [0]
        specification.channels[2].drives = [0, 3]
        specification.channels[1].drives = [2]
        #expect(specification.mediators == [2, 3, 0])
    }

    @Test("what comes through a mediator is what the plainly written model loses without the driven exposure")
    func counterfactual() {
        let model = Self.national
        let reference = ReferenceModel(model)
        let equations = model.mediatorEquations
        #expect(equations.map(\.drivers) == [[0], [1], [0]])
        let strengths = [[0.7], [0.4], [2.5]]
        var stream = testStream(700)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let responses = MediatedResponse.all(at: ModelDraw(model, draw), equations: equations, strengths: strengths)
            #expect(responses.map(\.channel) == [0, 1])
            #expect(responses[0].paths.map(\.mediator) == [1, 2, 3] && responses[1].paths.map(\.mediator) == [2])

            /// Loss of response, of exposure, and of KPI of a mediator that loses these responses of a driver.
            func loss(_ mediator: Int, _ strength: Double, _ lost: [Double]) -> ([Double], Double, Double) {
                var exposures = [Double](repeating: 0, count: lost.count)
                let actual = reference.saturated(mediator, draw) { period, exposure in
                    exposures[period] = exposure
                    return exposure
                }
                let mean = exposures.reduce(0, +) / Double(exposures.count)
                var left = exposures
                let rest = reference.saturated(mediator, draw) { period, exposure in
                    left[period] = max(0, exposure - strength * mean * lost[period])
                    return left[period]
                }
                let difference = zip(actual, rest).map { $0 - $1 }
                let beta = model.scaling.kpiScale * reference.coefficient(mediator, actual, draw)
                let share = zip(exposures, left).reduce(0) { $0 + $1.0 - $1.1 } / (mean * Double(exposures.count))
                return (difference, share, beta * difference.reduce(0, +))
            }
            let first = reference.saturated(0, draw)
            let one = loss(1, 0.7, first)
            let two = loss(2, 0.4, one.0)
            let three = loss(3, 2.5, first)
            for (path, expected) in zip(responses[0].paths, [one, two, three]) {
                #expect(agree(path.exposureShare, expected.1, 1e-10))
                #expect(agree(path.kpi, expected.2, 1e-10) && path.kpi > 0)
            }
            let own = loss(2, 0.4, reference.saturated(1, draw))
            #expect(agree(responses[1].paths[0].kpi, own.2, 1e-10))
            #expect(agree(responses[0].totalKPI, responses[0].kpi + one.2 + two.2 + three.2, 1e-10))
            #expect(responses[0].kpi == model.mediaResponse(channel: 0, constrained: draw, multiplier: 1).kpiInWindow)
        }
    }

    @Test(
        "nothing driven is nothing brought, and all driven is all that the mediator brings", arguments: Pooling.allCases
    )
    func ends(pooling: Pooling) {
        let panel = ModelFixture.panel(
            pooling: pooling, channels: ModelFixture.mixedChannels(4), geos: 3, periods: 30)
        for model in [Self.national, Self.driven(panel)] {
            let equations = model.mediatorEquations
            var stream = testStream(701)
            let draw = model.priorDraw(&stream)
            let none = MediatedResponse.all(
                at: ModelDraw(model, draw), equations: equations, strengths: [[0], [0], [0]])
            for response in none {
                #expect(response.totalKPI == response.kpi && response.totalRevenue == response.revenue)
                #expect(response.paths.allSatisfy { $0.exposureShare == 0 })
            }
            let all = MediatedResponse.all(
                at: ModelDraw(model, draw), equations: equations, strengths: [[1e12], [1e12], [1e12]])
            for path in all[0].paths + all[1].paths {
                let whole = model.mediaResponse(channel: path.mediator, constrained: draw, multiplier: 1)
                #expect(path.kpi <= whole.kpiInWindow * (1 + 1e-12) && path.kpi > 0.5 * whole.kpiInWindow)
                #expect(path.revenue <= whole.revenueInWindow * (1 + 1e-12) && path.exposureShare > 0.5)
            }
        }
    }

    @Test("a driver or a mediator that never varies tells nothing, and drives nothing")
    func constant() {
        var dataset = ModelFixture.dataset(periods: 40, channels: 2)
        var channels = [ModelFixture.channel("c0", maximumLag: 0), ModelFixture.channel("c1", maximumLag: 0)]
        channels[0].drives = [1]
        for still in 0..<2 {
            for value in [0, 25.0] {
                var changed = dataset
                changed.exposure[still] = changed.exposure[still].map { _ in value }
                let model = MarketingMixModel(
                    specification: ModelFixture.specification(channels: channels), dataset: changed)
                let equation = model.mediatorEquations[0]
                var stream = testStream(702)
                let draw = model.priorDraw(&stream)
                #expect(equation.strengths(at: ModelDraw(model, draw), from: &stream) == [0])
                #expect(equation.correlations(at: ModelDraw(model, draw)) == [0])
            }
        }
        dataset.exposure[1] = dataset.exposure[0]
        let model = MarketingMixModel(specification: ModelFixture.specification(channels: channels), dataset: dataset)
        var stream = testStream(703)
        let draw = model.priorDraw(&stream)
        #expect(model.mediatorEquations[0].strengths(at: ModelDraw(model, draw), from: &stream)[0] > 0)
    }
}
