import Analysis
import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("placebos")
struct PlaceboTests {
    private static let settings: FitSettings = {
        var settings = FitSettings(FitFixture.specification)
        settings.study = .placebo(fits: 2, count: 3)
        settings.chains = 2
        settings.warmup = 100
        settings.draws = 100
        return settings
    }()

    private func placebos(ofFit fit: Int, model: MarketingMixModel = FitFixture.model) -> (
        model: MarketingMixModel, placebos: [Placebo]
    ) {
        model.placebos(ofFit: fit, fits: 2, count: 3, settings: Self.settings)
    }

    @Test("have every period of their channel once, in whole blocks none of which is where it was")
    func blocks() {
        for (count, block) in [(60, 4), (157, 6), (8, 4), (103, 5)] {
            for index in UInt32(0)..<50 {
                let key = StreamKey(seed: 3, kind: 99, index: index)
                let sources = BlockShuffle.sources(count: count, blockLength: block, key: key)
                #expect(sources.sorted() == Array(0..<count))
                let joints = sources.indices.count { (sources[$0] + 1) % count != sources[($0 + 1) % count] }
                #expect(joints <= count / block)
                if count % block == 0 { #expect(sources.indices.allSatisfy { sources[$0] != $0 }) }
            }
        }
    }

    @Test("come in every order of blocks that has none at its place, with equal chance")
    func cycles() {
        // Three blocks have two cycles; where the circle is cut is one of six places.
        var counts: [[Int]: Int] = [:]
        for index in UInt32(0)..<6000 {
            let key = StreamKey(seed: 4, kind: 99, index: index)
            counts[BlockShuffle.sources(count: 6, blockLength: 2, key: key), default: 0] += 1
        }
        // A cycle moves every period by two or by four, wherever the cut is.
        #expect(counts.count == 2)
        for count in counts.values { #expect(abs(Double(count) - 3000) < 4 * 1500.0.squareRoot()) }
    }

    @Test("are spread over the fits and over the channels")
    func plan() {
        #expect(Placebo.sources(of: FitFixture.model) == [0, 1])
        #expect(Placebo.fitCount(of: 3, model: FitFixture.model) == 2)
        #expect(FitPlan(Self.settings).tasks == [0, 1].flatMap { fit in [0, 1].map { .placebo(fit, chain: $0) } })
        let all = (0..<2).flatMap { placebos(ofFit: $0).placebos }
        #expect(all.map(\.index) == [0, 1, 2] && all.map(\.source) == [0, 1, 0])
        #expect(all.map(\.name) == ["placebo 1", "placebo 2", "placebo 3"])
    }

    @Test("have the money of their channel in other periods, and leave the model's own channels alone")
    func media() {
        let (model, placebos) = placebos(ofFit: 1)
        let own = FitFixture.model
        #expect(model.specification.channels.dropLast(2) == own.specification.channels[...])
        #expect(Array(model.dataset.spend.prefix(2)) == own.dataset.spend && model.dataset.kpi == own.dataset.kpi)
        for (place, placebo) in placebos.enumerated() {
            let spend = model.dataset.spend[2 + place]
            #expect(spend != own.dataset.spend[placebo.source])
            #expect(spend.sorted() == own.dataset.spend[placebo.source].sorted())
            #expect(spend == model.dataset.exposure[2 + place])
        }
        let first = self.placebos(ofFit: 0).model.dataset.spend[2]
        #expect(first != model.dataset.spend[3], "two placebos of one channel differ")
    }

    @Test("of a panel keep geos together")
    func panel() {
        var data = FitFixture.dataset
        let periods = data.periodCount
        data = Dataset(
            frequency: data.frequency, dates: data.dates, kpi: data.kpi + data.kpi,
            revenuePerKPI: data.revenuePerKPI + data.revenuePerKPI, spend: data.spend.map { $0 + $0.map { 3 * $0 } },
            exposure: data.exposure.map { $0 + $0.map { 3 * $0 } },
            controls: data.controls.map { Regressor(name: $0.name, values: $0.values + $0.values) }, events: [],
            holidays: [], geos: ["north", "south"])
        let model = MarketingMixModel(specification: FitFixture.specification, dataset: data)
        let spend = placebos(ofFit: 0, model: model).model.dataset.spend[2]
        #expect(Array(spend[periods...]) == spend[..<periods].map { 3 * $0 })
    }

    @Test(
        "have an effect of either sign, as wide about 0 as their channel's prior is from there",
        arguments: [
            // E[x²] of a half-normal is its scale squared, of a log-normal exp(2 m + 2 s²).
            (Prior.halfNormal(scale: 2), 2.0), (.logNormal(mean: 0.2, sd: 0.9), 2.7456010150169163),
            (.uniform(lower: 0, upper: 3), 1.7320508075688772),
        ])
    func prior(own: Prior, width: Double) {
        var specification = FitFixture.specification
        specification.channels[0].priors[.roi] = own
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        let placebo = placebos(ofFit: 0, model: model).model.specification.channels[2]
        guard case .normal(let mean, let sd) = placebo.priors[.roi] else {
            Issue.record("no normal prior")
            return
        }
        #expect(mean == 0 && abs(sd - width) < 1e-12)
        #expect(Set(placebo.priors.keys) == Set(placebo.parameters))
    }

    @Test("are not made of channels whose effect cannot be negative, or that never run")
    func sources() {
        var specification = FitFixture.specification
        specification.channels[0].effect = .coefficient
        specification.channels[0].saturation = .tanh
        for parameter in specification.channels[0].parameters {
            specification.channels[0].priors[parameter] = .point(1)
        }
        specification.channels[0].priors = specification.channels[0].priors.filter {
            specification.channels[0].parameters.contains($0.key)
        }
        var data = FitFixture.dataset
        let model = MarketingMixModel(specification: specification, dataset: data)
        #expect(Placebo.sources(of: model) == [1])
        data.exposure[1] = data.exposure[1].map { _ in 0 }
        #expect(Placebo.sources(of: MarketingMixModel(specification: specification, dataset: data)).isEmpty)
    }

    @Test("with effect 0 leave what is fitted as it is, and bring as much as they lose with the other sign")
    func effects() throws {
        let (model, _) = placebos(ofFit: 0)
        var stream = RandomStream(key: StreamKey(seed: 9, kind: 99, index: 0), iteration: 0, site: 0)
        var point = model.priorDraw(&stream)
        let block = try #require(model.layout.blocks.first { $0.name == "roi" })
        #expect(block.count == 3)
        func fitted(_ roi: Double) -> (placebo: [Double], all: [Double]) {
            point[block.offset + 2] = roi
            let periods = model.dataset.periodCount
            var values = [Double](repeating: 0, count: model.components.count * periods)
            var sum = [Double](repeating: 0, count: periods)
            model.decompose(constrained: point, into: &values, fitted: &sum)
            return (Array(values[2 * periods..<3 * periods]), sum)
        }
        let (none, gain, loss) = (fitted(0), fitted(2), fitted(-2))
        #expect(none.placebo.allSatisfy { $0 == 0 })
        #expect(gain.placebo.contains { $0 > 1 })
        for (period, value) in gain.placebo.enumerated() {
            #expect(abs(value + loss.placebo[period]) < 1e-9)
            #expect(abs(gain.all[period] - none.all[period] - value) < 1e-9)
        }
        // The return is what all of it brings per money spent.
        let (brought, spent) = (gain.placebo.reduce(0, +), model.dataset.spend[2].reduce(0, +))
        #expect(abs(brought - 2 * spent) < 1e-9 * spent)
    }

    @Test("are fitted and told, one row each")
    func study() throws {
        let tasks = FitPlan(Self.settings).tasks
        let study = try PlaceboAssembly.assemble(model: FitFixture.model, settings: Self.settings) {
            try FitFixture.records(of: tasks[$0], Self.settings)
        }
        #expect(study.rows.map(\.placebo) == ["placebo 1", "placebo 2", "placebo 3"])
        #expect(study.rows.map(\.source) == ["tv", "search", "tv"])
        #expect(study.highestRHats.count == 2 && study.draws == 400)
        for row in study.rows {
            // The prior is some three wide, and the data know returns of some 3 well.
            #expect(row.isPerMoney && row.priorShare < 0.5 && abs(row.mean) < 1)
            #expect(row.q05 < row.q50 && row.q50 < row.q95)
        }
        #expect(throws: FitAssemblyError.self) {
            try PlaceboAssembly.assemble(model: FitFixture.model, settings: Self.settings) { _ in [1, 2, 3] }
        }
    }
}
