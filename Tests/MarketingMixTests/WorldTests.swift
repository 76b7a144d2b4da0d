import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("a simulated world")
struct WorldTests {
    private static let periods = 4000

    /// One channel, so long a series that a correlation is known to about 0.02.
    private var model: MarketingMixModel {
        var stream = RandomStream(key: StreamKey(seed: 5, kind: 99, index: 0), iteration: 0, site: 0)
        let spend = (0..<Self.periods).map { _ in 50 + 100 * stream.uniform() }
        let kpi = (0..<Self.periods).map { _ in 1000 + 100 * stream.normal() }
        let adstock = Adstock(kind: .geometric, maximumLag: 4)
        let parameters = Channel.parameters(adstock: adstock, saturation: .hill, effect: .roi)
        let priors = Dictionary(
            uniqueKeysWithValues: parameters.map {
                ($0, Preset.tutti.defaults.prior(of: $0, kind: .brand, saturation: .hill))
            })
        let specification = ModelSpecification(
            name: "world", preset: .tutti, kpi: KPI(kind: .revenue, currency: "", margin: nil),
            channels: [
                Channel(
                    name: "tv", kind: .brand, adstock: adstock, saturation: .hill, effect: .roi, priors: priors)
            ],
            controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [], priors: [:],
            sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        let first = CalendarDate(year: 2020, month: 1, day: 6)!
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .day, dates: (0..<Self.periods).map { first.advanced(by: $0) }, kpi: kpi,
                revenuePerKPI: kpi.map { _ in 1 }, spend: [spend], exposure: [spend], controls: [], events: [],
                holidays: []))
    }

    private let key = StreamKey(seed: 8, kind: 99, index: 1)

    private func correlation(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
        let count = Double(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        let product = zip(a, b).reduce(0.0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
        let squareA = a.reduce(0.0) { $0 + ($1 - meanA) * ($1 - meanA) }
        let squareB = b.reduce(0.0) { $0 + ($1 - meanB) * ($1 - meanB) }
        return product / (squareA * squareB).squareRoot()
    }

    private func deviation(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }

    @Test("has independent errors as modelled, and is what the model simulates")
    func asModelled() {
        let world = model.simulate(.asModelled, key: key)
        var parameters = RandomStream(key: key, iteration: 0, site: 0)
        var noise = RandomStream(key: key, iteration: 0, site: 1)
        #expect(world.series.kpi == model.simulate(constrained: model.priorDraw(&parameters), stream: &noise).kpi)
        #expect(abs(correlation(world.errors.dropLast(), world.errors.dropFirst())) < 0.05)
        #expect(world.hiddenDemand.isEmpty)
    }

    @Test("has errors that follow on each other, as large as the model's")
    func autocorrelation() {
        let world = model.simulate(.autocorrelatedErrors, key: key)
        let sigma = model.residualScales(constrained: world.series.parameters)[0]
        #expect(abs(correlation(world.errors.dropLast(), world.errors.dropFirst()) - 0.6) < 0.05)
        #expect(abs(correlation(world.errors.dropLast(2), world.errors.dropFirst(2)) - 0.36) < 0.06)
        #expect(abs(deviation(world.errors) / sigma - 1) < 0.08)
    }

    @Test("has a demand that goes with the channel and is not in its contribution")
    func confounder() {
        let world = model.simulate(.hiddenConfounder, key: key)
        let sigma = model.residualScales(constrained: world.series.parameters)[0]
        #expect(world.confoundedChannel == 0)
        #expect(abs(correlation(world.hiddenDemand, model.dataset.exposure[0]) - 0.7) < 0.04)
        #expect(abs(deviation(world.hiddenDemand) / sigma - 1.5) < 0.08)
        let plain = model.simulate(.asModelled, key: key)
        #expect(world.series.contributions == plain.series.contributions)
        for cell in 0..<10 {
            #expect(abs(world.series.kpi[cell] - plain.series.kpi[cell] - world.hiddenDemand[cell]) < 1e-6)
        }
    }

    @Test("carries media over by a kernel that the model does not have")
    func adstock() {
        let world = model.simulate(.wrongAdstock, key: key)
        #expect(world.model.specification.channels[0].adstock.kind == .weibullDensity)
        #expect(world.model.layout.blocks.contains { $0.elementName(0).hasPrefix("weibull_shape") })
        #expect(world.model.scaling == model.scaling)
        #expect(world.series.parameters.count == model.dimension + 1)
        #expect(world.series.kpi.count { $0.isFinite } == Self.periods)
    }
}
