import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// What is held out is not seen.
struct HoldoutTests {
    private static let heldOut = 12

    /// A series or panel of every kind of column, the last periods held out; `isOther` has other values there.
    private static func model(_ preset: Preset, effect: Effect, geos: Int = 1, isOther: Bool) -> MarketingMixModel {
        let channels = ["tv", "search"].map { ModelFixture.channel($0, preset: preset, effect: effect) }
        let model =
            geos == 1
            ? ModelFixture.fullModel(channels: channels, periods: 60)
            : ModelFixture.panel(pooling: .partial, channels: channels, geos: geos, periods: 60)
        var dataset = model.dataset
        var specification = model.specification
        specification.preset = preset
        specification.treatments = [
            Treatment(name: "depth", baseline: .minimum, hasContributionPrior: false, prior: .normal(mean: 0, sd: 1))
        ]
        dataset.treatments = [Regressor(name: "depth", values: dataset.kpi.indices.map { Double($0 * 7 % 11) })]
        if isOther {
            for cell in dataset.kpi.indices where cell % 60 >= 60 - heldOut {
                dataset.kpi[cell] *= 3
                dataset.revenuePerKPI[cell] += 1
                for channel in channels.indices {
                    dataset.exposure[channel][cell] = 10 * dataset.exposure[channel][cell] + 500
                    dataset.spend[channel][cell] += 700
                }
                for control in dataset.controls.indices { dataset.controls[control].values[cell] -= 1000 }
                dataset.treatments[0].values[cell] -= 50
            }
        }
        dataset.holdOut(last: heldOut)
        specification.holdout = heldOut
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    @Test(
        "other values of everything in the held-out periods change neither density, nor coordinates, nor returns",
        arguments: [Preset.tutti, .pymcMarketing], [Effect.roi, .contribution, .coefficient, .marginalROI])
    func unseen(preset: Preset, effect: Effect) {
        for geos in [1, 3] {
            let model = Self.model(preset, effect: effect, geos: geos, isOther: false)
            let other = Self.model(preset, effect: effect, geos: geos, isOther: true)
            #expect(model.scaling == other.scaling && model.windowPeriodCount == 60 - Self.heldOut)
            var stream = testStream(8100)
            for _ in 0..<5 {
                let draw = model.priorDraw(&stream)
                let point = model.unconstrain(draw)
                #expect(model.evaluate(unconstrained: point) == other.evaluate(unconstrained: point))
                for form in PosteriorForm.allCases {
                    let (one, two) = (
                        model.posterior(form: form, weights: nil), other.posterior(form: form, weights: nil)
                    )
                    let position = one.samplerPosition(constrained: draw)
                    #expect(position == two.samplerPosition(constrained: draw))
                    let (a, b) = (one.density().evaluated(at: position), two.density().evaluated(at: position))
                    #expect(a.logDensity == b.logDensity && a.gradient == b.gradient)
                }
                for channel in 0..<2 {
                    #expect(
                        model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                            == other.mediaResponse(channel: channel, constrained: draw, multiplier: 1))
                    #expect(model.spend(channel: channel) == other.spend(channel: channel))
                }
            }
        }
    }

    @Test("the return of the training periods is its parameter")
    func window() {
        let model = Self.model(.tutti, effect: .roi, isOther: true)
        let names = model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        var stream = testStream(8101)
        for _ in 0..<5 {
            let draw = model.priorDraw(&stream)
            for (channel, name) in ["roi[tv]", "roi[search]"].enumerated() {
                let response = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                let index = names.firstIndex(of: name) ?? 0
                #expect(agree(response.revenueInWindow / model.spend(channel: channel), draw[index], 1e-10))
            }
        }
    }

    @Test("the preset meridian counts what is held out, as its package does")
    func parity() {
        var dataset = ModelFixture.dataset(periods: 30, channels: 1)
        let whole = Scaling(preset: .meridian, dataset: dataset)
        dataset.holdOut(last: 10)
        let scaling = Scaling(preset: .meridian, dataset: dataset)
        #expect(scaling == whole && scaling.periodCount == 30)
    }
}
