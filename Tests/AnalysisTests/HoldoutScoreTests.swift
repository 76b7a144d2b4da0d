import Analysis
import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("the score of a holdout")
struct HoldoutScoreTests {
    @Test("the score of a sample is that of its definition, and near the closed form of a normal distribution")
    func crps() {
        var stream = RandomStream(key: StreamKey(seed: 5, kind: 9, index: 0), iteration: 0, site: 0)
        let few = (0..<9).map { _ in stream.normal() }.sorted()
        var pairs = 0.0
        for a in few { for b in few { pairs += abs(a - b) / 81 } }
        let distances: [Double] = few.map { abs($0 - 0.4) / 9 }
        let direct = distances.reduce(0, +) - 0.5 * pairs
        #expect(abs(HoldoutScore.crps(few, at: 0.4) - direct) < 1e-14)

        // sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)), Gneiting and Raftery 2007, eq. 5.
        let many = (0..<200_000).map { _ in 3 + 2 * stream.normal() }.sorted()
        for known in [3.0, 4.5, -2] {
            let z = (known - 3) / 2
            let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            let central: Double = z * erf(z / 2.0.squareRoot())
            let expected: Double = 2 * (central + 2 * density - 1 / Double.pi.squareRoot())
            #expect(abs(HoldoutScore.crps(many, at: known) - expected) < 0.02)
        }
    }

    private static let specification = ModelSpecification(
        name: "line", preset: .tutti, kpi: KPI(kind: .units, currency: "", margin: nil),
        channels: [
            Channel(
                name: "tv", kind: .performance, adstock: Adstock(kind: .none, maximumLag: 0), saturation: .none,
                effect: .coefficient, priors: [.beta: .halfNormal(scale: 1)])
        ],
        controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
        priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)

    private static func dataset(periods: Int) -> Dataset {
        let start = CalendarDate(year: 2024, month: 1, day: 1)!
        let media = (0..<periods).map { Double($0 * $0 % 7) }
        return Dataset(
            frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) },
            kpi: media.enumerated().map { week, tv in Double(200 + week * 5 % 13) + 3 * tv },
            revenuePerKPI: [Double](repeating: 1, count: periods), spend: [media], exposure: [media], controls: [],
            events: [], holidays: [])
    }

    /// A model whose last periods are held out, after a shift of their KPI, and a draw of its prior.
    private static func held(_ last: Int, shift: Double = 0) -> (model: MarketingMixModel, draw: [Double]) {
        var data = dataset(periods: 60)
        for cell in 60 - last..<60 { data.kpi[cell] += shift }
        data.holdOut(last: last)
        let model = MarketingMixModel(specification: specification, dataset: data)
        var stream = RandomStream(key: StreamKey(seed: 8, kind: 9, index: 1), iteration: 0, site: 0)
        return (model, model.priorDraw(&stream))
    }

    @Test("what is held out moves neither the likelihood nor a constant of the model, and is what is scored")
    func masked() throws {
        let (model, draw) = Self.held(6)
        let (other, _) = Self.held(6, shift: 1e5)
        #expect(model.scaling == other.scaling)
        #expect(model.dataset.actualKPI == Self.dataset(periods: 60).kpi)
        let point = model.unconstrain(draw)
        #expect(model.evaluate(unconstrained: point) == other.evaluate(unconstrained: point))
        let key = StreamKey(seed: 1, kind: 3, index: 1)
        let score = try #require(HoldoutScore(model: model, constrained: [draw, draw], key: key))
        let far = try #require(HoldoutScore(model: other, constrained: [draw, draw], key: key))
        #expect(score.cellCount == 6 && far.cellCount == 6)
        #expect(far.coverage == 0)
        #expect(far.crps > score.crps && far.logDensity < score.logDensity)
        #expect(HoldoutScore(model: Self.held(0).model, constrained: [draw], key: key) == nil)
    }

    @Test("a model that made the data covers nine in ten of what was held out")
    func coverage() throws {
        let specification = Self.specification
        var data = Self.dataset(periods: 400)
        let model = MarketingMixModel(specification: specification, dataset: data)
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 9, index: 1), iteration: 0, site: 0)
        let draw = model.priorDraw(&stream)
        // Held out by hand, so that the scaling, and with it the meaning of the draw, stays.
        data.heldOutKPI = model.simulate(constrained: draw, stream: &stream).kpi
        let score = try #require(
            HoldoutScore(
                model: MarketingMixModel(specification: specification, dataset: data),
                constrained: [[Double]](repeating: draw, count: 1000), key: StreamKey(seed: 1, kind: 3, index: 1)))
        // Three binomial standard deviations of 400 cells.
        #expect(abs(score.coverage - 0.9) < 3 * (0.09 / 400).squareRoot())
        // The log density of a normal of the model's own scale, -log sigma - log(2 pi)/2 - 1/2 a cell.
        let sigma = model.residualScales(constrained: draw)[0]
        let expected = -log(sigma) - 0.5 * log(2 * Double.pi) - 0.5
        #expect(abs(score.logDensity / 400 - expected) < 3 * 0.5.squareRoot() / 20)
    }

    @Test("under other likelihoods too, with the density of what was held out", arguments: LikelihoodFamily.allCases)
    func families(family: LikelihoodFamily) throws {
        var specification = Self.specification
        specification.likelihood = family
        specification.preset = .pymcMarketing
        var data = Self.dataset(periods: 400)
        let model = MarketingMixModel(specification: specification, dataset: data)
        var stream = RandomStream(key: StreamKey(seed: 4, kind: 9, index: 1), iteration: 0, site: 0)
        var draw = model.priorDraw(&stream)
        let sigma = try #require(model.layout.blocks.first { $0.name == "y_sigma" })
        draw[sigma.offset] = 1.3
        data.heldOutKPI = model.simulate(constrained: draw, stream: &stream).kpi
        let score = try #require(
            HoldoutScore(
                model: MarketingMixModel(specification: specification, dataset: data),
                constrained: [[Double]](repeating: draw, count: 1000), key: StreamKey(seed: 1, kind: 3, index: 1)))
        // Three binomial standard deviations of 400 cells, and the error of quantiles of 1000 replications.
        #expect(abs(score.coverage - 0.9) < 3 * (0.09 / 400).squareRoot() + 0.01)
        var values = [Double](repeating: 0, count: model.components.count * 400)
        var fitted = [Double](repeating: 0, count: 400)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        let observations = Observations(model, constrained: draw, fitted: fitted)
        let expected = fitted.indices.map {
            observations.logDensity(data.heldOutKPI[$0], cell: $0)
        }.reduce(0, +)
        #expect(abs(score.logDensity - expected) < 1e-9 * abs(expected))
        if family == .truncatedNormal { #expect((data.heldOutKPI.min() ?? -1) >= 0) }
    }
}
