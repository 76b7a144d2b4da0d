import Densities
import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// A shop whose television makes people search, made with the C library from formulas written out here.
private struct DrivenShop {
    static let periods = 120
    let dataset: Dataset
    /// KPI that television brought by itself, and that searches would not have brought without it.
    let direct: Double
    let through: Double

    /// - Parameter strength: searches that television at its ceiling adds ÷ searches without it.
    init(strength: Double, seed: UInt64) {
        var stream = RandomStream(key: StreamKey(seed: seed, kind: 98, index: 0), iteration: 0, site: 0)
        func weights(_ alpha: Double) -> [Double] {
            let all = (0...4).map { pow(alpha, Double($0)) }
            return all.map { $0 / all.reduce(0, +) }
        }
        func carried(_ x: [Double], _ weights: [Double]) -> [Double] {
            x.indices.map { t in
                weights.indices.reduce(0) { $0 + (t >= $1 ? weights[$1] * x[t - $1] : 0) }
            }
        }
        func response(_ x: [Double], alpha: Double, half: Double) -> [Double] {
            carried(x, weights(alpha)).map { $0 / ($0 + half) }
        }
        let tv = (0..<Self.periods).map { _ in stream.uniform() < 0.55 ? 40 + 60 * stream.uniform() : 0.0 }
        let seen = response(tv, alpha: 0.5, half: 50)
        let demand = (0..<Self.periods).map { sin(Double($0) / 8.3) }
        let plain = demand.map { 200 + 30 * $0 + 20 * stream.normal() }
        let searches = zip(plain, seen).map { $0 + 200 * strength * $1 }
        let tvEffect = 260.0
        let searchEffect = 1500.0
        let withTV = response(searches, alpha: 0.2, half: 250)
        let withoutTV = response(plain, alpha: 0.2, half: 250)
        direct = tvEffect * seen.reduce(0, +)
        through = searchEffect * zip(withTV, withoutTV).reduce(0) { $0 + $1.0 - $1.1 }
        let kpi = (0..<Self.periods).map { week in
            2000 + 60 * demand[week] + tvEffect * seen[week] + searchEffect * withTV[week] + 12 * stream.normal()
        }
        let first = CalendarDate(year: 2023, month: 1, day: 2)!
        dataset = Dataset(
            frequency: .week, dates: (0..<Self.periods).map { first.advanced(by: 7 * $0) }, kpi: kpi,
            revenuePerKPI: kpi.map { _ in 1 }, spend: [tv, searches.map { 0.5 * $0 }], exposure: [tv, searches],
            controls: [Regressor(name: "demand", values: demand)], events: [], holidays: [])
    }

    func fit() throws -> FitResult {
        var specification = FitFixture.specification
        specification.controls = ["demand"]
        specification.trend = .none
        specification.seasonality = []
        specification.channels[0].drives = [1]
        specification.sampling = SamplingSpecification(chains: 2, warmup: 300, draws: 300)
        specification.resampling = ResamplingSpecification()
        return try SequentialFit.run(
            model: MarketingMixModel(specification: specification, dataset: dataset),
            settings: FitSettings(specification))
    }
}

@Suite("mediation")
struct MediationTests {
    @Test("the total effect of a channel that drives another is found; its own contribution is not the whole of it")
    func total() throws {
        for seed in 1...3 {
            let shop = DrivenShop(strength: 0.8, seed: UInt64(seed))
            let result = try shop.fit()
            let row = try #require(result.mediation.first)
            #expect(result.mediation.count == 1 && row.channel == "tv" && row.mediator == "search")
            let truth = shop.direct + shop.through
            #expect(row.total.q05 < truth && truth < row.total.q95)
            #expect(row.direct.q95 < truth)
            #expect(row.through.q05 > 0.3 * shop.through)
            // Contributions stay direct ones, and returns are of the same money.
            let channel = try #require(result.analysis.channels.first)
            #expect(abs(channel.contribution.mean - row.direct.mean) < 1e-9 * row.direct.mean)
            #expect(abs(channel.roi!.q50 - row.directROI!.q50) < 1e-9 * row.directROI!.q50)
            #expect(abs(row.totalROI!.mean * channel.spend - row.total.mean) < 1e-9 * row.total.mean)
            #expect(abs(row.direct.mean + row.through.mean - row.total.mean) < 1e-9 * row.total.mean)
        }
    }

    @Test("where nothing is driven next to nothing comes through, and a model that declares nothing has no rows")
    func nothing() throws {
        for seed in 4...6 {
            let shop = DrivenShop(strength: 0, seed: UInt64(seed))
            let row = try #require(try shop.fit().mediation.first)
            #expect(row.through.q05 < row.through.sd)
            #expect(row.through.mean < 0.25 * DrivenShop(strength: 0.8, seed: UInt64(seed)).through)
        }
        let result = try SequentialFit.run(model: FitFixture.model, settings: FitSettings(FitFixture.specification))
        #expect(result.mediation.isEmpty)
    }
}
