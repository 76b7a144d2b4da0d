import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Coordinates of effects that differ between geos.
@Suite("effects scattered over geos")
struct ScatteredEffectTests {
    private static let geos = 5
    private static let channels = [
        ModelFixture.channel("a"), ModelFixture.channel("b", saturation: .logistic, effect: .coefficient),
    ]

    /// A panel whose KPI is that of the model at η = `scale` and residuals of this size, on its own scale.
    private static func model(
        scale: Double, sigma: Double, retention: Double = 0.2, halfSaturation: Double = 0.8
    ) -> MarketingMixModel {
        let plain = ModelFixture.panel(pooling: .partial, channels: channels, geos: geos, periods: 60)
        var stream = testStream(4100)
        var draw = plain.priorDraw(&stream)
        func set(_ name: String, _ value: Double) {
            for block in plain.layout.blocks where block.name == name {
                for index in 0..<block.count { draw[block.offset + index] = value }
            }
        }
        set("roi", 3)
        set("beta", 1)
        set("eta", scale)
        set("ec", halfSaturation)
        set("alpha", retention)
        set("omega", 0.5)
        set("sigma", sigma)
        var dataset = plain.dataset
        dataset.kpi = plain.simulate(constrained: draw, stream: &stream).kpi
        return MarketingMixModel(specification: plain.specification, dataset: dataset)
    }

    @Test("are sampled by what the data tell: nothing of what all geos share, nearly all of a clear difference")
    func exponents() throws {
        let clear = Self.model(scale: 0.5, sigma: 0.02).posterior(form: .marginal, weights: nil)
        #expect(clear.scattered.count == 2)
        for effect in clear.scattered {
            #expect(effect.exponents.count == Self.geos)
            #expect(effect.exponents[0] == 0)
            #expect(effect.exponents.allSatisfy { (0..<1).contains($0) })
            #expect(try #require(effect.exponents.max()) > 0.8)
        }
        // Nothing can be seen through such noise, and where geos hardly differ η may be as small as it likes.
        #expect(Self.model(scale: 0.5, sigma: 30).posterior(form: .marginal, weights: nil).scattered.isEmpty)
        let equal = Self.model(scale: 1e-3, sigma: 0.5).posterior(form: .marginal, weights: nil)
        #expect(equal.scattered.flatMap(\.exponents).allSatisfy { $0 < 0.5 })
        // The model's own coordinates stay what they are.
        #expect(Self.model(scale: 0.5, sigma: 0.02).posterior(form: .joint, weights: nil).scattered.isEmpty)
    }

    @Test("are seen through shapes that priors do not expect")
    func unexpectedShapes() throws {
        // With residuals of a thousandth of the KPI's scale a geo's effect is known to a few parts in a thousand, and η of
        // a half lets it be anywhere: η²λ is above 1,000, and what is left for the exponent below 1 is 1/(1 + η²λ).
        let model = Self.model(scale: 0.5, sigma: 1e-3, retention: 0.7, halfSaturation: 2.5)
        let scattered = model.posterior(form: .marginal, weights: nil).scattered
        #expect(scattered.count == 2)
        for effect in scattered {
            #expect(effect.exponents[0] == 0)
            #expect(effect.exponents.dropFirst().allSatisfy { $0 > 0.99 })
        }
    }

    @Test("have the density of the model's own coordinates but for the Jacobian, η to the sum of exponents")
    func density() throws {
        let model = Self.model(scale: 0.5, sigma: 0.02)
        let posterior = model.posterior(form: .whitened, weights: nil)
        #expect(!posterior.scattered.isEmpty)
        let density = posterior.density()
        var recovery = ParameterRecovery(posterior)
        var stream = testStream(4101)
        for _ in 0..<50 {
            let draw = model.priorDraw(&stream)
            let position = posterior.samplerPosition(constrained: draw)
            let logJacobian = posterior.logJacobianOfScatter(draw)
            let own = model.evaluate(unconstrained: model.unconstrain(draw)).logDensity
            let difference = density.evaluated(at: position).logDensity + logJacobian - own
            #expect(abs(difference) <= 1e-9 * max(1, abs(own)))
            for (found, expected) in zip(recovery.parameters(at: position, stream: &stream), draw) {
                #expect(agree(found, expected, 1e-9))
            }
        }
    }

    @Test("have the gradient of central differences", arguments: [PosteriorForm.marginal, .whitened])
    func gradient(form: PosteriorForm) {
        let model = Self.model(scale: 0.5, sigma: 0.02)
        let posterior = model.posterior(form: form, weights: nil)
        let density = posterior.density()
        var stream = testStream(4102)
        for _ in 0..<30 {
            checkGradient(
                density, at: posterior.samplerPosition(constrained: model.priorDraw(&stream)), laplace: [],
                "\(form)")
        }
    }
}

extension MarketingMixPosterior {
    /// log |dζ ÷ dz|: Σ c log η over the directions of scattered effects.
    func logJacobianOfScatter(_ draw: [Double]) -> Double {
        scattered.reduce(0) { sum, effect in
            let name = model.specification.channels[effect.channel].name
            let scales = model.layout.blocks.filter { $0.name.hasPrefix("eta") }.flatMap { block in
                (0..<block.count).filter { block.elementName($0).hasSuffix("[\(name)]") }.map { block.offset + $0 }
            }
            return sum + effect.exponents.reduce(0, +) * Elementary.log(draw[scales[0]])
        }
    }
}
