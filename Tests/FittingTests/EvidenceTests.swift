import Analysis
import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Small worlds of which it is known what the returns stand on; Deploy/evidence.sh has many.
@Suite("evidence of a fit")
struct EvidenceTests {
    private struct World {
        /// Largest spend of a week; the noise has a standard deviation of 15.
        var spend: Double
        /// Both channels bring so much for each money spent.
        var yield: Double
        var prior: Prior
        var errorCorrelation = 0.0

        static let rich = World(spend: 100, yield: 2, prior: .logNormal(mean: 0.2, sd: 0.9))
        static let poor = World(spend: 0.1, yield: 2, prior: .logNormal(mean: 0.2, sd: 0.9))
        static let autocorrelated = World(
            spend: 100, yield: 2, prior: .logNormal(mean: 0.2, sd: 0.9), errorCorrelation: 0.85)
    }

    private static func result(_ world: World, seed: UInt64, resamples: Int = 0) throws -> FitResult {
        var stream = RandomStream(key: StreamKey(seed: seed, kind: 98, index: 0), iteration: 0, site: 0)
        let periods = 130
        var specification = FitFixture.specification
        for channel in specification.channels.indices { specification.channels[channel].priors[.roi] = world.prior }
        specification.controls = []
        specification.sampling = SamplingSpecification(chains: 2, warmup: 300, draws: 400)
        specification.resampling = ResamplingSpecification(resamples: resamples, blockLength: 4)
        let spend = specification.channels.map { _ in
            (0..<periods).map { _ in stream.uniform() < 0.3 ? 0 : world.spend * stream.uniform() }
        }
        let rest = (1 - world.errorCorrelation * world.errorCorrelation).squareRoot()
        var last = stream.normal()
        let kpi = (0..<periods).map { period in
            defer { last = world.errorCorrelation * last + rest * stream.normal() }
            return 1000 + world.yield * (spend[0][period] + spend[1][period]) + 15 * last
        }
        let first = FitFixture.dataset.dates[0]
        let dataset = Dataset(
            frequency: .week, dates: (0..<periods).map { first.advanced(by: 7 * $0) }, kpi: kpi,
            revenuePerKPI: Array(repeating: 1, count: periods), spend: spend, exposure: spend, controls: [],
            events: [], holidays: [])
        return try SequentialFit.run(
            model: MarketingMixModel(specification: specification, dataset: dataset),
            settings: FitSettings(specification))
    }

    private static func returns(_ result: FitResult) -> [EvidenceGrade] {
        result.evidence.filter { $0.quantity.hasPrefix("roi[") }.map(\.grade)
    }

    @Test("returns stand on the data where there are many, on the prior where there are none", arguments: [1, 2])
    func grades(seed: UInt64) throws {
        #expect(Self.returns(try Self.result(.rich, seed: seed)) == [.dataDriven, .dataDriven])
        #expect(Self.returns(try Self.result(.poor, seed: seed)) == [.priorDriven, .priorDriven])
        #expect(Self.returns(try Self.result(.autocorrelated, seed: seed)) == [.misspecified, .misspecified])
    }

    @Test(
        "a test that says more than the prior makes the returns of its channel lift-tested, one that says less does not"
    )
    func tested() throws {
        func grades(standardError: Double) throws -> [EvidenceGrade] {
            var (specification, dataset) = (FitFixture.specification, FitFixture.dataset)
            specification.sampling = SamplingSpecification(chains: 2, warmup: 300, draws: 400)
            specification.resampling = ResamplingSpecification()
            dataset.spend = dataset.spend.map { $0.map { 0.01 * $0 } }
            dataset.exposure = dataset.spend
            specification.experiments = [
                Experiment(
                    name: "dark", channels: [0], geos: [],
                    days: dataset.dates[20]...dataset.dates[27].advanced(by: 6), factor: 0, lift: -6,
                    standardError: standardError)
            ]
            let result = try SequentialFit.run(
                model: MarketingMixModel(specification: specification, dataset: dataset),
                settings: FitSettings(specification))
            return ["roi[tv]", "roi[search]", "lift[dark]"].compactMap { name in
                result.evidence.first { $0.quantity == name }?.grade
            }
        }
        let telling = try grades(standardError: 0.5)
        #expect(telling[0] == .liftTested && telling[1] != .liftTested && telling[2] == .liftTested)
        #expect(try !grades(standardError: 1000).contains(.liftTested))
    }

    @Test("the infinitesimal jackknife is near the refits, which say how stable the advice is")
    func refits() throws {
        let result = try Self.result(.rich, seed: 4, resamples: 40)
        for row in result.evidence where row.quantity.hasPrefix("contribution[") || row.quantity == "total" {
            let ratio = row.jackknifeSD / (row.refitSD ?? .nan)
            // Forty refits know a standard deviation within 11 %.
            #expect(ratio > 0.7 && ratio < 1.4, "\(row.quantity) \(ratio)")
        }
        let stability = result.evidence.compactMap(\.decisionStability)
        #expect(stability.count == 6 && stability.allSatisfy { $0 >= 0 && $0 <= 1 })
    }

    @Test("the week that was planted is the one that carries a channel's figures most")
    func influence() throws {
        var dataset = FitFixture.dataset
        let week = dataset.spend[0].indices.max { dataset.spend[0][$0] < dataset.spend[0][$1] } ?? 0
        dataset.kpi[week] += 120
        let model = MarketingMixModel(specification: FitFixture.specification, dataset: dataset)
        var settings = FitSettings(FitFixture.specification)
        (settings.warmup, settings.draws, settings.resamples) = (300, 400, 0)
        let rows = try SequentialFit.run(model: model, settings: settings).influence
        #expect(rows.count == 20 && rows.map(\.rank) == Array(1...10) + Array(1...10))
        #expect(rows[0].channel == "tv" && rows[0].date == dataset.dates[week] && rows[0].contribution > 0)
        #expect((rows[0].roi ?? 0) > 0)
    }
}
