import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

/// Where on its curve a channel runs.
@Suite("position on the saturation curve")
struct SaturationPositionTests {
    /// A model of one channel whose parameters are all fixed.
    private static func model(
        _ exposure: [Double], _ saturation: Saturation, _ fixed: [MediaParameter: Double], lag: Int? = nil
    ) -> MarketingMixModel {
        var channel = ModelFixture.channel(
            "x", preset: .pymcMarketing, maximumLag: lag, saturation: saturation, effect: .coefficient)
        channel.priors[.beta] = .point(1)
        for (name, value) in fixed { channel.priors[name] = .point(value) }
        var dataset = ModelFixture.dataset(periods: exposure.count, channels: 1)
        dataset.exposure = [exposure]
        dataset.spend = [exposure]
        return MarketingMixModel(
            specification: ModelFixture.specification(preset: .pymcMarketing, channels: [channel]), dataset: dataset)
    }

    private static func position(_ model: MarketingMixModel) -> Double? {
        ModelDraw(model, [Double](repeating: 0.5, count: model.dimension)).saturationPosition(channel: 0)
    }

    /// The exposure over its largest is 1 in every period, so that the position is 1 ÷ the exposure at half of the height.
    @Test(
        "is the exposure over that at half of the curve's height",
        arguments: [
            (.hill, [.ec: 0.4, .slope: 2.0], 1 / 0.4), (.hill, [.ec: 0.25, .slope: 1.0], 4),
            (.logistic, [.lam: 3.0], 3 / log(3.0)), (.inverseLogistic, [.lam: 0.2], 5),
            (.michaelisMenten, [.lam: 0.5], 2),
        ] as [(Saturation, [MediaParameter: Double], Double)])
    func closedForm(saturation: Saturation, fixed: [MediaParameter: Double], expected: Double) throws {
        let position = try #require(Self.position(Self.model([7, 7, 7, 7, 7, 7, 7, 7], saturation, fixed)))
        #expect(abs(position - expected) < 1e-12 * expected)
    }

    @Test("of an S-shaped curve it is half of the way from its value at 0 to 1")
    func sigmoid() throws {
        let position = try #require(
            Self.position(Self.model([2, 2, 2, 2, 2, 2, 2, 2], .sigmoid, [.rate: 3, .lam: 0.4])))
        func curve(_ x: Double) -> Double { 1 / (1 + exp(-3 * (x - 0.4))) }
        #expect(abs(curve(1 / position) - 0.5 * (1 + curve(0))) < 1e-12)
    }

    @Test("counts the periods in which the channel ran, with what is carried into them")
    func carryOver() throws {
        // With weights 2/3 and 1/3 the curve sees 2/3 · 4, then 1/3 · 4 without a run, then 2/3 · 8, over the largest of 8.
        let model = Self.model([4, 0, 8, 0, 0, 0, 0, 0], .michaelisMenten, [.lam: 0.5, .alpha: 0.5], lag: 1)
        let position = try #require(Self.position(model))
        #expect(abs(position - (2.0 / 3 * 4 + 2.0 / 3 * 8) / 2 / 8 / 0.5) < 1e-12)
    }

    @Test("does not exist of a curve without an end, or of a channel that never ran")
    func absent() {
        let exposure = [1.0, 2, 3, 4, 5, 6, 7, 8]
        #expect(Self.position(Self.model(exposure, .none, [:])) == nil)
        #expect(Self.position(Self.model(exposure, .log, [:])) == nil)
        #expect(Self.position(Self.model(exposure, .root, [.exponent: 0.5])) == nil)
        #expect(Self.position(Self.model(exposure.map { 0 * $0 }, .michaelisMenten, [.lam: 0.5])) == nil)
    }
}
