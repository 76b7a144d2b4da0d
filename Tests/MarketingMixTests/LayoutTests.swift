import Densities
import MarketingMix
import ModelDefinition
import Testing

struct LayoutTests {
    @Test("blocks of the default model come in the documented order with their dimensions")
    func tuttiOrder() {
        let model = ModelFixture.fullModel(
            channels: [
                ModelFixture.channel("tv", effect: .roi),
                ModelFixture.channel("search", maximumLag: nil, saturation: .logistic, effect: .coefficient),
                ModelFixture.channel("radio", effect: .roi, freeSlope: true),
            ], periods: 30)
        let blocks = model.layout.blocks
        #expect(
            blocks.map(\.unconstrainedName) == [
                "intercept", "alpha_logodds__", "ec_interval__", "slope_log__", "lam_log__", "roi_log__", "beta_log__",
                "gamma_control", "gamma_fourier", "gamma_event", "gamma_holiday", "trend_slope", "trend_delta",
                "sigma_log__",
            ])
        #expect(
            blocks.map { $0.dimensions.first?.name ?? "" } == [
                "", "alpha_channel", "ec_channel", "slope_channel", "lam_channel", "roi_channel", "beta_channel",
                "control", "fourier_mode", "event", "holiday", "", "changepoint", "",
            ])
        #expect(blocks[1].dimensions.first?.labels == ["tv", "radio"])
        #expect(blocks[3].dimensions.first?.labels == ["radio"])
        #expect(blocks[8].dimensions.first?.labels == ["sin_1", "sin_2", "cos_1", "cos_2"])
        var offset = 0
        for block in blocks {
            #expect(block.offset == offset)
            #expect(block.count == (block.dimensions.first?.labels.count ?? 1))
            #expect(block.priors.count == block.count && block.transforms.count == block.count)
            offset += block.count
        }
        #expect(model.dimension == offset)
    }

    @Test("a panel of one geo has no parameters of differences between geos, a larger one has them by geo")
    func panelLayout() {
        func names(geos: Int) -> [String] {
            ModelFixture.panel(
                pooling: .partial, channels: [ModelFixture.channel("tv")], geos: geos, periods: 20
            ).layout.blocks.map(\.name)
        }
        let differences = ["eta", "effect_deviation", "omega", "intercept_deviation"]
        #expect(differences.allSatisfy { !names(geos: 1).contains($0) })
        #expect(differences.allSatisfy(names(geos: 2).contains))
        let blocks = ModelFixture.panel(
            pooling: .none, channels: [ModelFixture.channel("tv"), ModelFixture.channel("radio")], geos: 3, periods: 20
        ).layout.blocks
        let alpha = blocks.first { $0.name == "alpha" }
        #expect(alpha?.dimensions.map(\.name) == ["geo", "channel"] && alpha?.count == 6)
        #expect(alpha?.elementName(3) == "alpha[g1, radio]")
    }

    @Test("a parameter with a point prior is no coordinate, and the others keep the whole axis")
    func pointPriors() {
        var channel = ModelFixture.channel("tv")
        channel.priors[.alpha] = .point(0.5)
        let model = MarketingMixModel(
            specification: ModelFixture.specification(
                channels: [channel, ModelFixture.channel("radio")], priors: ["intercept": .point(0.1)]),
            dataset: ModelFixture.dataset(periods: 20, channels: 2))
        #expect(model.layout.blocks.map(\.name) == ["alpha", "ec", "roi", "sigma"])
        #expect(model.layout.blocks.map { $0.dimensions.first?.name } == ["alpha_channel", "channel", "channel", nil])
        var stream = testStream(30)
        let draw = model.priorDraw(&stream)
        #expect(
            model.adstockWeights(channel: 0, constrained: draw)[1] == 0.5
                * model.adstockWeights(channel: 0, constrained: draw)[0])
    }

    @Test("values survive the way to the model's coordinates and to the sampler's and back")
    func roundTrip() {
        for preset in Preset.allCases {
            let model = ModelFixture.fullModel(
                preset: preset, channels: ModelFixture.mixedChannels(5, preset: preset), periods: 60)
            let posterior = model.posterior(form: .joint, weights: nil)
            var recovery = ParameterRecovery(posterior)
            var stream = testStream(31)
            for _ in 0..<100 {
                let draw = model.priorDraw(&stream)
                let back = recovery.parameters(at: posterior.samplerPosition(constrained: draw), stream: &stream)
                for (a, b) in zip(back, draw) { #expect(agree(a, b, 1e-12)) }
            }
        }
    }

    @Test("each parameter keeps its own prior: harmonics of the default model shrink by their number")
    func priors() throws {
        let model = ModelFixture.fullModel(channels: [ModelFixture.channel("tv")], periods: 30)
        let fourier = try #require(model.layout.blocks.first { $0.name == "gamma_fourier" })
        #expect(
            fourier.priors == [0.5, 0.25, 0.5, 0.25].map { Prior.normal(mean: 0, sd: $0) })
    }

    @Test("prior draws have the priors' means")
    func priorDraws() {
        let model = ModelFixture.fullModel(channels: [ModelFixture.channel("tv", effect: .coefficient)], periods: 30)
        var stream = testStream(32)
        let count = 4000
        var sums = [Double](repeating: 0, count: model.dimension)
        for _ in 0..<count {
            for (index, value) in model.priorDraw(&stream).enumerated() { sums[index] += value }
        }
        // Five standard errors; the seed is fixed, so the check does not flicker.
        for (index, prior) in model.layout.blocks.flatMap(\.priors).enumerated() {
            guard let mean = prior.mean, let sd = prior.standardDeviation else { continue }
            #expect(abs(sums[index] / Double(count) - mean) < 5 * sd / Double(count).squareRoot())
        }
    }
}
