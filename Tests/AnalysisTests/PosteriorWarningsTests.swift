import Analysis
import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// What a posterior shows of its own model.
struct PosteriorWarningsTests {
    private static func draws(_ model: MarketingMixModel, alpha: (Int) -> Double) -> [[Double]] {
        (0..<50).map { Campaign.Truth(alpha: alpha($0)).constrained(model) }
    }

    @Test("carry-over that has not faded at the end of its window is said, with its last weight")
    func window() {
        // Weights 1, α, α² of the campaign's television; by its prior E α² = 2/20 for Beta(1, 3).
        let model = Campaign.model()
        let prior = (0..<400).map { index in
            // Quantiles of Beta(1, 3): 1 − (1 − p)^(1/3).
            Campaign.Truth(alpha: 1 - Elementary.exp(Elementary.log(1 - (Double(index) + 0.5) / 400) / 3))
                .constrained(model)
        }
        let pressed = CarryOverWarning.warnings(
            model: model, constrained: Self.draws(model) { _ in 0.9 }, prior: prior)
        #expect(pressed.count == 1)
        #expect(
            pressed[0].quantities == ["adstock_alpha[tv]"]
                && pressed[0].sentence.english.contains("after 2 periods it still has 81 %"))
        let faded = CarryOverWarning.warnings(
            model: model, constrained: Self.draws(model) { _ in 0.2 }, prior: prior)
        #expect(faded.isEmpty)
        // A posterior that is the prior is no news.
        #expect(CarryOverWarning.warnings(model: model, constrained: prior, prior: prior).isEmpty)
    }

    private static func hill() -> MarketingMixModel {
        var specification = Campaign.model().specification
        specification.preset = .tutti
        specification.channels = ["tv", "search", "press"].map { name in
            Channel(
                name: name, kind: .performance, adstock: Adstock(kind: .none, maximumLag: 0), saturation: .hill,
                effect: .coefficient,
                priors: [
                    .ec: .truncatedNormal(mean: 0.8, sd: 0.8, lower: 0.1, upper: 10), .slope: .point(1),
                    .beta: .halfNormal(scale: 1),
                ])
        }
        return MarketingMixModel(specification: specification, dataset: Campaign.model().dataset)
    }

    @Test("a half-saturation in the outermost part of its prior is said, on either side")
    func edge() {
        let model = Self.hill()
        let block = model.layout.blocks.first { $0.name == "ec" }
        guard let block else {
            Issue.record("no ec")
            return
        }
        func sentences(_ values: [Double]) -> [FitWarning] {
            var point = model.layout.blocks.flatMap { $0.priors.map { $0.mean ?? 1 } }
            for (index, value) in values.enumerated() { point[block.offset + index] = value }
            return PriorEdgeWarning.warnings(model: model, constrained: [point, point, point])
        }
        // The prior puts 2 % above 2.53 and 2 % below 0.146.
        #expect(sentences([0.8, 2.4, 0.2]).isEmpty)
        let found = sentences([0.8, 2.7, 0.11])
        #expect(found.count == 2)
        #expect(found[0].sentence.english.contains("ec[search]") && found[0].sentence.english.contains("the upper end"))
        #expect(found[1].sentence.english.contains("ec[press]") && found[1].sentence.english.contains("the lower end"))
    }

    @Test("correlation of successive residuals is that of the closed form")
    func correlation() throws {
        let dataset = Dataset(
            frequency: .week, dates: (0..<30).map { CalendarDate("2024-01-01")!.advanced(by: 7 * $0) },
            kpi: [Double](repeating: 1, count: 60), revenuePerKPI: [Double](repeating: 1, count: 60), spend: [],
            exposure: [], controls: [], events: [], holidays: [], geos: ["north", "south"])
        // Alternating: −29/30. In pairs of equal signs: (15 − 14)/30.
        let alternating = (0..<30).map { $0 % 2 == 0 ? 1.0 : -1 }
        let pairs = (0..<30).map { $0 / 2 % 2 == 0 ? 5.0 : -5 }
        let one = try #require(ResidualWarning.correlation(of: alternating + alternating, dataset))
        #expect(abs(one.value + 29.0 / 30) < 1e-12 && one.pairs == 58)
        let both = try #require(ResidualWarning.correlation(of: alternating + pairs, dataset))
        #expect(both.value < 0 && both.value > -0.6)
        // What is not known makes no pair.
        var holes = alternating + alternating
        for cell in holes.indices where cell % 3 == 0 { holes[cell] = .nan }
        #expect(ResidualWarning.correlation(of: holes, dataset)?.pairs == 20)
    }

    @Test("a KPI that is a moving average makes its residuals go together, and they alone are said")
    func movingAverage() {
        func model(smoothed: Bool) -> MarketingMixModel {
            var stream = RandomStream(key: StreamKey(seed: 9, kind: 99, index: 0), iteration: 0, site: 0)
            let noise = (0..<122).map { _ in stream.normal() }
            let base = Campaign.model()
            var specification = base.specification
            specification.channels = [specification.channels[1]]
            let kpi = (0..<120).map { week -> Double in
                guard smoothed else { return 30 + noise[week] }
                let sum: Double = noise[week] + noise[week + 1] + noise[week + 2]
                return 30 + sum / 3
            }
            let dates = (0..<120).map { CalendarDate("2022-01-03")!.advanced(by: 7 * $0) }
            let spend = (0..<120).map { Double($0 % 7) }
            return MarketingMixModel(
                specification: specification,
                dataset: Dataset(
                    frequency: .week, dates: dates, kpi: kpi, revenuePerKPI: kpi.map { _ in 1 }, spend: [spend],
                    exposure: [spend], controls: [], events: [], holidays: []))
        }
        for isSmoothed in [true, false] {
            let model = model(smoothed: isSmoothed)
            let level = 30 / model.scaling.kpiScale
            let point = model.layout.blocks.map { block in
                block.name == "intercept_contribution" ? level : block.name == "saturation_beta" ? 1e-6 : 0.1
            }
            let found = ResidualWarning.warnings(model: model, constrained: [point, point])
            // Of three successive terms two are shared: 2/3.
            #expect(found.count == (isSmoothed ? 1 : 0))
            if isSmoothed {
                #expect(
                    found[0].sentence.english.contains("errors: ar1")
                        && found[0].sentence.english.contains("correlation 0.6"))
            }
        }
        var specification = model(smoothed: true).specification
        specification.errors = .autoregressive
        let own = MarketingMixModel(specification: specification, dataset: model(smoothed: true).dataset)
        #expect(ResidualWarning.warnings(model: own, constrained: []).isEmpty)
    }

    @Test("a total of 0 or less, or one that large returns leave, has no shares")
    func shares() {
        func analysis(level: Double) -> PosteriorAnalysis {
            let model = Campaign.model()
            let draws = [5.0, 5.1].map {
                Campaign.Truth(effects: [0.01, 0.01, 0.01], level: level, sigma: $0).constrained(model)
            }
            return PosteriorAnalysis(model: model, constrained: draws, chainCount: 1)
        }
        let usual = analysis(level: 30)
        #expect(usual.hasShares && usual.channels.allSatisfy { $0.share != nil })
        let negative = analysis(level: -30)
        #expect(!negative.hasShares && negative.totals.mediaShare == nil)
        #expect(negative.channels.allSatisfy { $0.share == nil })
    }
}
