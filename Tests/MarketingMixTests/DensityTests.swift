import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

struct DensityTests {
    /// Every adstock, saturation, effect and baseline together.
    private static func combinations() -> [(name: String, model: MarketingMixModel)] {
        var result: [(String, MarketingMixModel)] = []
        for preset in ModelFixture.presets {
            for lag in [nil, 4] as [Int?] {
                for (saturation, freeSlope) in [(.hill, false), (.hill, true), (.logistic, false), (.none, false)]
                    as [(Saturation, Bool)]
                {
                    for effect in Effect.allCases {
                        let channels = ["a", "b"].map {
                            ModelFixture.channel(
                                $0, preset: preset, maximumLag: lag, saturation: saturation, effect: effect,
                                freeSlope: freeSlope)
                        }
                        let name = "\(preset) lag \(String(describing: lag)) \(saturation) \(freeSlope) \(effect)"
                        result.append(
                            (name + " full", ModelFixture.fullModel(preset: preset, channels: channels, periods: 33)))
                        result.append(
                            (
                                name + " bare",
                                MarketingMixModel(
                                    specification: ModelFixture.specification(
                                        preset: preset, channels: channels, intercept: false, trend: .linear),
                                    dataset: ModelFixture.dataset(periods: 17, channels: 2))
                            ))
                    }
                }
            }
        }
        return result
    }

    @Test("likelihood, prior and Jacobian equal the plainly written model's at prior draws of every combination")
    func reference() {
        for (index, (name, model)) in Self.combinations().enumerated() {
            let reference = ReferenceModel(model)
            var stream = testStream(UInt32(index))
            for _ in 0..<40 {
                let unconstrained = model.unconstrain(model.priorDraw(&stream))
                let draw = zip(model.layout.blocks.flatMap(\.transforms), unconstrained).map { $0.constrain($1) }
                let parts = model.evaluate(unconstrained: unconstrained)
                #expect(agree(parts.likelihood, reference.likelihood(draw), Self.precision(model, 1e-12)), "\(name)")
                let (prior, jacobian) = reference.priorAndJacobian(draw)
                #expect(agree(parts.prior, prior, 1e-12), "\(name)")
                #expect(agree(parts.jacobian, jacobian, 1e-10), "\(name)")
            }
        }
    }

    /// Every adstock with some curve and every curve with some adstock, in both orders, beside a channel of another kind.
    private static func kinds() -> [(name: String, model: MarketingMixModel)] {
        let kinds = Adstock.Kind.allCases.filter { $0 != .meridianBinomial }
        var adstocks = kinds.map { Adstock(kind: $0, maximumLag: $0 == .none ? 0 : 5) }
        adstocks += [.geometric, .delayed, .binomial, .weibullDensity, .weibullSurvival].map {
            Adstock(kind: $0, maximumLag: 3, isNormalized: false)
        }
        adstocks += [.geometric, .delayed].map { Adstock(kind: $0, maximumLag: 5, hasHalfLife: true) }
        adstocks.append(Adstock(kind: .meridianBinomial, maximumLag: 5))
        let curves: [Saturation] = [.logistic, .hill, .root, .none]
        let pairs =
            adstocks.enumerated().map { ($1, curves[$0 % curves.count]) }
            + Saturation.allCases.enumerated().map { (adstocks[$0 % 5], $1) }
        return pairs.enumerated().flatMap { index, pair in
            TransformOrder.allCases.map { order in
                let preset: Preset = index % 2 == 0 ? .pymcMarketing : .tutti
                let effects: [Effect] = [.roi, .marginalROI, .contribution, .windowROI]
                let effect = preset == .tutti && !pair.1.bindsHeight ? effects[index / 2 % 4] : .coefficient
                let channels = [
                    ModelFixture.channel(
                        "a", preset: preset, adstock: pair.0, saturation: pair.1, order: order, effect: effect),
                    ModelFixture.channel(
                        "b", preset: preset, adstock: Adstock(kind: pair.0.kind, maximumLag: 2), saturation: pair.1,
                        order: order, effect: effect),
                    ModelFixture.channel("c", preset: preset, saturation: .logistic, effect: .coefficient),
                ]
                return (
                    "\(preset) \(pair.0) \(pair.1) \(order) \(effect)",
                    MarketingMixModel(
                        specification: ModelFixture.specification(preset: preset, channels: channels),
                        dataset: ModelFixture.dataset(periods: 23, channels: 3, revenuePerKPI: index % 3 == 0))
                )
            }
        }
    }

    @Test("every kind of adstock and saturation, in both orders, has the plainly written density and its gradient")
    func kindsOfMedia() {
        for (index, (name, model)) in Self.kinds().enumerated() {
            let reference = ReferenceModel(model)
            var stream = testStream(UInt32(5000 + index))
            for _ in 0..<100 {
                let draw = model.priorDraw(&stream)
                let expected = reference.likelihood(draw)
                // The reference's powers overflow where the kernels' do not.
                guard expected.isFinite else { continue }
                let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                #expect(agree(likelihood, expected, 1e-10), "\(name) at \(draw)")
            }
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                let density = posterior.density()
                for _ in 0..<(form == .joint ? 300 : 100) {
                    checkGradient(
                        density, at: posterior.samplerPosition(constrained: model.priorDraw(&stream)), laplace: [],
                        rounding: Self.precision(model, 2e-14),
                        "\(name), \(form)")
                }
                for extreme in [-6.0, -3, 3, 6] {
                    for coordinate in 0..<posterior.dimension {
                        var position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
                        position[coordinate] = extreme
                        checkGradient(
                            density, at: position, laplace: [], rounding: Self.precision(model, 2e-14),
                            "\(name), \(form), extreme")
                    }
                }
            }
        }
    }

    /// Returns at the margin or over a window divide by the difference of two sums that may agree in most of their
    /// digits.
    private static func precision(_ model: MarketingMixModel, _ usual: Double) -> Double {
        model.specification.channels.contains { [.marginalROI, .windowROI].contains($0.effect) } ? 1e-8 : usual
    }

    @Test(
        "the gradient equals central differences at 1000 prior draws of every combination",
        arguments: PosteriorForm.allCases)
    func gradient(form: PosteriorForm) {
        for (index, (name, model)) in Self.combinations().enumerated() {
            let posterior = model.posterior(form: form, weights: nil)
            let density = posterior.density()
            let kinks = model.layout.blocks.flatMap { block in
                (0..<block.count).compactMap { element -> Int? in
                    guard case .laplace = block.priors[element] else { return nil }
                    return block.offset + element
                }
            }
            /// A draw away from the kinks of Laplace priors.
            func smoothDraw(_ stream: inout RandomStream) -> [Double] {
                var draw = model.priorDraw(&stream)
                while kinks.contains(where: { abs(draw[$0]) < 0.01 }) { draw = model.priorDraw(&stream) }
                return draw
            }
            var stream = testStream(UInt32(1200 + index))
            for _ in 0..<(form == .joint ? 1000 : 300) {
                checkGradient(
                    density, at: posterior.samplerPosition(constrained: smoothDraw(&stream)), laplace: [],
                    rounding: Self.precision(model, 2e-14),
                    "\(name), \(form)")
            }
            // Far tails: retentions of 2e-9 and 1 - 2e-9, half saturations at their bounds, rates of e^±6.
            for extreme in [-6.0, -3, 3, 6] {
                for coordinate in 0..<posterior.dimension {
                    var position = posterior.samplerPosition(constrained: smoothDraw(&stream))
                    position[coordinate] = extreme
                    checkGradient(
                        density, at: position, laplace: [], rounding: Self.precision(model, 2e-14),
                        "\(name), \(form), extreme")
                }
            }
        }
    }

    @Test(
        "the sampler's coordinates describe the same density, and its gradient by the chain rule",
        arguments: [PosteriorForm.joint, .whitened])
    func samplerCoordinates(form: PosteriorForm) {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(5), periods: 45)
        let posterior = model.posterior(form: form, weights: nil)
        let density = posterior.density()
        var recovery = ParameterRecovery(posterior)
        var stream = testStream(2)
        var unused = testStream(3)
        for _ in 0..<50 {
            let draw = model.priorDraw(&stream)
            let position = posterior.samplerPosition(constrained: draw)
            let own = model.evaluate(unconstrained: model.unconstrain(draw))
            let (value, gradient) = density.evaluated(at: position)
            #expect(agree(value, own.logDensity, 1e-12))
            for (a, b) in zip(recovery.parameters(at: position, stream: &unused), draw) { #expect(agree(a, b, 1e-11)) }
            // Along any direction d of the sampler's coordinates the two gradients see the same slope.
            let direction = position.map { _ in 1e-6 * stream.normal() }
            func unconstrained(_ factor: Double) -> [Double] {
                let moved = zip(position, direction).map { $0 + factor * $1 }
                return model.unconstrain(recovery.parameters(at: moved, stream: &unused))
            }
            let step = zip(unconstrained(1), unconstrained(-1)).map { 0.5 * ($0 - $1) }
            let slope = zip(gradient, direction).map(*).reduce(0, +)
            let ownSlope = zip(own.gradient, step).map(*).reduce(0, +)
            let size = zip(own.gradient, step).map { abs($0 * $1) }.reduce(0, +)
            #expect(abs(slope - ownSlope) <= 1e-7 * size, "\(slope) \(ownSlope) \(size)")
        }
    }

    @Test(
        "any number of channels and periods gives the plainly written model's density",
        arguments: [1, 2, 3, 7, 8, 9, 20], [3, 31, 32, 33, 64, 179])
    func lanes(channels: Int, periods: Int) {
        let model = MarketingMixModel(
            specification: ModelFixture.specification(
                channels: ModelFixture.mixedChannels(channels), trend: .linear),
            dataset: ModelFixture.dataset(periods: periods, channels: channels, revenuePerKPI: true))
        let reference = ReferenceModel(model)
        var stream = testStream(UInt32(3000 + 200 * channels + periods))
        for _ in 0..<5 {
            let draw = model.priorDraw(&stream)
            let parts = model.evaluate(unconstrained: model.unconstrain(draw))
            #expect(agree(parts.likelihood, reference.likelihood(draw), 1e-11))
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                checkGradient(
                    posterior.density(), at: posterior.samplerPosition(constrained: draw), laplace: [],
                    rounding: Self.precision(model, 2e-14),
                    "\(channels) channels, \(periods) periods, \(form)")
            }
        }
    }

    @Test(
        "the gradient of a panel equals central differences, its likelihood is that of its decomposition",
        arguments: Pooling.allCases, PosteriorForm.allCases)
    func panels(pooling: Pooling, form: PosteriorForm) {
        for (index, count) in [1, 3, 6, 9].enumerated() {
            for preset in ModelFixture.presets {
                let model = ModelFixture.panel(
                    preset: preset, pooling: pooling, channels: ModelFixture.mixedChannels(count, preset: preset),
                    geos: 3, periods: 21)
                let posterior = model.posterior(form: form, weights: nil)
                let density = posterior.density()
                var stream = testStream(UInt32(6000 + index))
                for _ in 0..<20 {
                    let draw = model.priorDraw(&stream)
                    let parts = model.evaluate(unconstrained: model.unconstrain(draw))
                    let terms = model.pointwiseLogLikelihood(at: draw)
                    #expect(agree(parts.likelihood, terms.reduce(0, +), 1e-10))
                    #expect(agree(parts.likelihood + parts.prior + parts.jacobian, parts.logDensity, 1e-12))
                    let laplace = Set(
                        model.layout.blocks.filter { $0.name == "gamma_fourier" || $0.name.hasPrefix("trend") }
                            .flatMap { $0.offset..<$0.offset + $0.count })
                    checkGradient(
                        density, at: posterior.samplerPosition(constrained: draw),
                        laplace: form == .joint && preset == .pymcMarketing ? laplace : [],
                        "\(count) channels, \(preset), \(pooling), \(form)")
                }
            }
        }
    }

    @Test("a cell without a KPI has no term in the likelihood, and nothing else changes")
    func missingCells() {
        // This preset scales by maxima, which stay.
        for pooling in Pooling.allCases {
            let whole = ModelFixture.panel(
                preset: .pymcMarketing, pooling: pooling,
                channels: ModelFixture.mixedChannels(4, preset: .pymcMarketing), geos: 3, periods: 30)
            let holes = [4, 17, 31, 32, 33, 58].filter { whole.dataset.kpi[$0] < whole.scaling.kpiScale }
            var dataset = whole.dataset
            for cell in holes { dataset.kpi[cell] = .nan }
            let ragged = MarketingMixModel(specification: whole.specification, dataset: dataset)
            #expect(ragged.scaling == whole.scaling)
            var stream = testStream(43)
            for _ in 0..<10 {
                let draw = whole.priorDraw(&stream)
                let position = whole.unconstrain(draw)
                let terms = whole.pointwiseLogLikelihood(at: draw)
                let known = ragged.pointwiseLogLikelihood(at: draw)
                let dropped = holes.reduce(0) { $0 + terms[$1] }
                let size = terms.map(abs).reduce(0, +)
                let difference =
                    whole.evaluate(unconstrained: position).logDensity
                    - ragged.evaluate(unconstrained: position).logDensity
                #expect(abs(difference - dropped) <= 1e-11 * size)
                for cell in terms.indices {
                    #expect(holes.contains(cell) ? known[cell].isNaN : known[cell] == terms[cell])
                }
                for form in PosteriorForm.allCases {
                    let posterior = ragged.posterior(form: form, weights: nil)
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: draw), laplace: [],

                        "ragged, \(pooling), \(form)")
                }
            }
        }
    }

    @Test("constants of the default model's scaling come from the cells that are known")
    func missingScaling() {
        let whole = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(2), periods: 40)
        var dataset = whole.dataset
        dataset.kpi[0] = .nan
        dataset.kpi[39] = .nan
        let ragged = MarketingMixModel(specification: whole.specification, dataset: dataset)
        let known = dataset.kpi[1..<39]
        let mean = known.reduce(0, +) / 38
        let variance = known.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 38
        #expect(
            agree(ragged.scaling.kpiShift, mean, 1e-14) && agree(ragged.scaling.kpiScale, variance.squareRoot(), 1e-14))
    }

    @Test("a panel with complete pooling of one geo's copies is that geo with as many weeks")
    func copiedGeos() {
        // Two geos with the same data: every weight of the likelihood doubles.
        let channels = ModelFixture.mixedChannels(4)
        let single = ModelFixture.fullModel(channels: channels, periods: 40)
        var dataset = single.dataset
        func twice(_ values: [Double]) -> [Double] { values + values }
        dataset.geos = ["a", "b"]
        dataset.kpi = twice(dataset.kpi)
        dataset.revenuePerKPI = twice(dataset.revenuePerKPI)
        dataset.spend = dataset.spend.map(twice)
        dataset.exposure = dataset.exposure.map(twice)
        for keyPath in [\Dataset.controls, \Dataset.events, \Dataset.holidays] {
            dataset[keyPath: keyPath] = dataset[keyPath: keyPath].map {
                Regressor(name: $0.name, values: twice($0.values))
            }
        }
        let panel = MarketingMixModel(specification: single.specification, dataset: dataset)
        #expect(panel.layout == single.layout)
        let doubled = single.posterior(form: .marginal, weights: [Double](repeating: 2, count: 40))
        let posterior = panel.posterior(form: .marginal, weights: nil)
        var stream = testStream(41)
        for _ in 0..<20 {
            let draw = single.priorDraw(&stream)
            let expected = doubled.density().evaluated(at: doubled.samplerPosition(constrained: draw))
            let found = posterior.density().evaluated(at: posterior.samplerPosition(constrained: draw))
            #expect(agree(found.logDensity, expected.logDensity, 1e-10))
            for (a, b) in zip(found.gradient, expected.gradient) { #expect(agree(a, b, 1e-8)) }
        }
    }

    @Test("the return on the spend of all geos is the sampled one for every draw, however effects differ")
    func pooledReturn() {
        let channels = (0..<3).map { ModelFixture.channel("c\($0)", effect: .roi) }
        for pooling in [Pooling.complete, .partial] {
            let model = ModelFixture.panel(pooling: pooling, channels: channels, geos: 4, periods: 30)
            let block = model.layout.blocks.first { $0.name == "roi" }!
            var stream = testStream(42)
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                for channel in 0..<3 {
                    let spend = model.dataset.spend[channel].reduce(0, +)
                    let revenue = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                        .revenueInWindow
                    #expect(agree(revenue / spend, draw[block.offset + channel], 1e-11))
                }
            }
        }
    }

    @Test("a period of weight 0 has no term, and weights multiply the terms of the others")
    func weights() {
        let model = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(4), periods: 37)
        let reference = ReferenceModel(model)
        var stream = testStream(4)
        var weights = (0..<37).map { _ in 2 * stream.uniform() }
        weights[0] = 0
        weights[20] = 0
        let weighted = model.posterior(form: .joint, weights: weights)
        let plain = model.posterior(form: .joint, weights: nil)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let position = plain.samplerPosition(constrained: draw)
            let terms = reference.pointwise(draw)
            let dropped = zip(weights, terms).map { ($0 - 1) * $1 }.reduce(0, +)
            let size = terms.map(abs).reduce(0, +)
            let difference =
                weighted.density().evaluated(at: position).logDensity
                - plain.density().evaluated(at: position).logDensity
            #expect(abs(difference - dropped) <= 1e-12 * max(1, size))
            checkGradient(
                weighted.density(), at: position, laplace: [], rounding: Self.precision(model, 2e-14), "weighted")
        }
    }

    @Test("a channel that never runs changes nothing but its own prior")
    func emptyChannel() {
        for saturation in Saturation.allCases {
            for effect in Effect.allCases {
                let channels = [
                    ModelFixture.channel("a", saturation: saturation, effect: effect),
                    ModelFixture.channel("empty", saturation: saturation, effect: effect, freeSlope: true),
                ]
                var dataset = ModelFixture.dataset(periods: 20, channels: 2)
                dataset.exposure[1] = dataset.exposure[1].map { _ in 0 }
                dataset.spend[1] = dataset.exposure[1]
                for preset in ModelFixture.presets {
                    let model = MarketingMixModel(
                        specification: ModelFixture.specification(preset: preset, channels: channels),
                        dataset: dataset)
                    dataset.exposure.removeLast()
                    dataset.spend.removeLast()
                    let alone = MarketingMixModel(
                        specification: ModelFixture.specification(preset: preset, channels: [channels[0]]),
                        dataset: dataset)
                    dataset.exposure.append(dataset.exposure[0].map { _ in 0 })
                    dataset.spend.append(dataset.exposure[1])
                    var stream = testStream(5)
                    let draw = model.priorDraw(&stream)
                    let kept = model.layout.blocks.flatMap { block in
                        (0..<block.count).filter { block.dimensions.first?.labels[$0] != "empty" }.map {
                            block.offset + $0
                        }
                    }
                    let parts = model.evaluate(unconstrained: model.unconstrain(draw))
                    let own = alone.evaluate(unconstrained: alone.unconstrain(kept.map { draw[$0] }))
                    #expect(agree(parts.likelihood, own.likelihood, Self.precision(model, 1e-13)))
                    #expect(parts.gradient.allSatisfy { $0.isFinite })
                    #expect(model.mediaResponse(channel: 1, constrained: draw, multiplier: 2).kpiInWindow == 0)
                }
            }
        }
    }
}
