import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Channels that share what their parameters are around.
struct ChannelFamilyTests {
    private static let family = ChannelFamily(
        name: "video", channels: [0, 2],
        parameters: [
            ChannelFamily.PooledParameter(.roi, mean: nil, sd: .halfNormal(scale: 0.3)),
            ChannelFamily.PooledParameter(.alpha, mean: .normal(mean: -1, sd: 1), sd: .halfNormal(scale: 0.3)),
        ])

    private static func model(geos: Int, hasFamily: Bool) -> MarketingMixModel {
        let channels = (0..<3).map { ModelFixture.channel("c\($0)") }
        let model =
            geos == 1
            ? ModelFixture.fullModel(channels: channels, periods: 43)
            : ModelFixture.panel(pooling: .partial, channels: channels, geos: geos, periods: 43)
        var specification = model.specification
        specification.families = hasFamily ? [family] : []
        return MarketingMixModel(specification: specification, dataset: model.dataset)
    }

    private static func names(_ model: MarketingMixModel) -> [String] {
        model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
    }

    @Test("a member's parameter is exp(m + s z), or of a fraction its logistic function, and the likelihood follows")
    func values() throws {
        for geos in [1, 3] {
            let model = Self.model(geos: geos, hasFamily: true)
            let plain = Self.model(geos: geos, hasFamily: false)
            let names = Self.names(model)
            var stream = testStream(UInt32(7700 + geos))
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                let values = Dictionary(uniqueKeysWithValues: zip(names, draw))
                func sum(_ parameter: String, _ channel: String) throws -> Double {
                    let mean = try #require(values["\(parameter)_video_mean"])
                    let sd = try #require(values["\(parameter)_video_sd"])
                    return mean + sd * (try #require(values["\(parameter)_video_deviation[\(channel)]"]))
                }
                let same = try Self.names(plain).map { name -> Double in
                    switch name {
                    case "roi[c0]", "roi[c2]": exp(try sum("roi", String(name.dropFirst(4).dropLast())))
                    case "alpha[c0]", "alpha[c2]":
                        1 / (1 + exp(-(try sum("alpha", String(name.dropFirst(6).dropLast())))))
                    // A block of one channel alone has no label.
                    case "roi[c1]", "alpha[c1]":
                        try #require(values[name] ?? values[String(name.dropLast(4))])
                    default: try #require(values[name], "\(name)")
                    }
                }
                let own = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                let expected = plain.evaluate(unconstrained: plain.unconstrain(same)).likelihood
                #expect(agree(own, expected, 1e-9))
                let priors = model.layout.blocks.flatMap(\.priors)
                let prior = zip(priors, draw).map { $0.logDensity($1) }.reduce(0, +)
                if geos == 1 { #expect(agree(model.logPrior(constrained: draw), prior, 1e-12)) }
            }
        }
    }

    @Test("the gradient equals central differences in every form")
    func gradients() {
        for geos in [1, 3] {
            let model = Self.model(geos: geos, hasFamily: true)
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                var stream = testStream(UInt32(7800 + geos))
                for _ in 0..<30 {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: [], rounding: 1e-13, "\(geos) geos, \(form)")
                }
            }
        }
    }

    @Test("without a stated prior the common value has about the mean and spread of a channel's own")
    func defaults() throws {
        #expect(
            ChannelFamily.meanPrior(of: .roi, from: .logNormal(mean: 0.2, sd: 0.9)).map { prior in
                guard case .normal(let mean, let sd) = prior else { return false }
                return agree(mean, 0.2, 1e-12) && agree(sd, 0.9, 1e-12)
            } == true)
        // Beta(1, 3): mean 1/4, variance 3/80.
        let alpha = try #require(ChannelFamily.meanPrior(of: .alpha, from: .beta(a: 1, b: 3)))
        guard case .normal(let mean, let sd) = alpha else {
            Issue.record("the common value of a fraction has a normal prior")
            return
        }
        #expect(agree(mean, log(1.0 / 3), 1e-12))
        let expected: Double = (3.0 / 80).squareRoot() / (3.0 / 16)
        #expect(agree(sd, expected, 1e-12))
        #expect(ChannelFamily.meanPrior(of: .roi, from: .point(1)) == nil)
    }
}
