import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Models of the logarithm of the KPI.
struct LogLinkTests {
    private static let periods = 41

    private static func model(_ preset: Preset) -> MarketingMixModel {
        let channels = (0..<3).map { index in
            ModelFixture.channel(
                "c\(index)", preset: preset, maximumLag: index + 2, saturation: index == 1 ? .logistic : .hill,
                effect: .coefficient)
        }
        let model = ModelFixture.fullModel(preset: preset, channels: channels, periods: periods)
        var specification = model.specification
        specification.likelihood = .logNormal
        // Under wide priors huge shares of both signs cancel, and the C library's rounding is all that a test would see.
        specification.priors = [
            "intercept": .normal(mean: 0, sd: 1), "control": .normal(mean: 0, sd: 0.002),
            "fourier": .laplace(mean: 0, scale: 0.2), "event": .normal(mean: 0, sd: 0.5),
            "trend_slope": .laplace(mean: 0, scale: 0.2), "trend_delta": .laplace(mean: 0, scale: 0.2),
        ]
        var dataset = model.dataset
        dataset.kpi = dataset.kpi.map { abs($0) + 1 }
        dataset.kpi[7] = .nan
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    /// KPI at logarithm 0: its largest value, or its geometric mean.
    private static func unit(_ model: MarketingMixModel) -> Double {
        let known = model.dataset.kpi.filter { !$0.isNaN }
        guard model.specification.preset == .tutti else { return known.max()! }
        return exp(known.map { log($0) }.reduce(0, +) / Double(known.count))
    }

    /// Draws whose factors stay within what the C library can raise.
    private static func draws(_ model: MarketingMixModel, _ count: Int, _ index: UInt32) -> [[Double]] {
        let reference = ReferenceModel(model)
        var stream = testStream(index)
        var draws: [[Double]] = []
        while draws.count < count {
            let draw = model.priorDraw(&stream)
            if reference.means(draw).allSatisfy({ abs($0) < 30 }) { draws.append(draw) }
        }
        return draws
    }

    @Test(
        "the likelihood is the log-normal density of the scaled KPI, in all and by cell",
        arguments: ModelFixture.presets)
    func likelihood(preset: Preset) {
        let model = Self.model(preset)
        let reference = ReferenceModel(model)
        let unit = Self.unit(model)
        for draw in Self.draws(model, 40, 81) {
            let sigma = reference.sigma(draw)
            let terms = zip(model.dataset.kpi, reference.means(draw)).map { kpi, mu -> Double in
                guard !kpi.isNaN else { return .nan }
                let y = kpi / unit
                let z = (log(y) - mu) / sigma
                return -z * z / 2 - log(y * sigma) - log(2 * Double.pi) / 2
            }
            let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
            #expect(agree(likelihood, terms.filter { !$0.isNaN }.reduce(0, +), 1e-11))
            for (own, term) in zip(model.pointwiseLogLikelihood(at: draw), terms) {
                #expect(term.isNaN ? own.isNaN : agree(own, term, 1e-9))
            }
        }
    }

    @Test("the gradient equals central differences in every form, and coefficients are integrated out")
    func gradients() {
        for (index, preset) in ModelFixture.presets.enumerated() {
            let model = Self.model(preset)
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: (0..<Self.periods).map { 0.5 + Double($0 % 3) })
                #expect(posterior.form == form)
                #expect(posterior.marginalizedNames.isEmpty == (form != .marginal))
                let laplace = Set(
                    model.layout.blocks.filter { $0.name == "gamma_fourier" || $0.name.hasPrefix("trend") }
                        .flatMap { $0.offset..<$0.offset + $0.count })
                for draw in Self.draws(model, 40, UInt32(8200 + index)) {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: draw),
                        laplace: preset == .pymcMarketing ? laplace : [], rounding: 1e-13, "\(preset), \(form)")
                }
            }
        }
    }

    @Test(
        "shares are the mean growth along an even path, and add up to the fitted KPI", arguments: ModelFixture.presets)
    func shares(preset: Preset) {
        let model = Self.model(preset)
        let reference = ReferenceModel(model)
        var components = [Double](repeating: 0, count: model.components.count * Self.periods)
        var fitted = [Double](repeating: 0, count: Self.periods)
        for draw in Self.draws(model, 20, 83) {
            model.decompose(constrained: draw, into: &components, fitted: &fitted)
            let sigma = reference.sigma(draw)
            let unit = Self.unit(model) * (preset == .tutti ? exp(sigma * sigma / 2) : 1)
            let means = reference.means(draw)
            let media = (0..<3).map { index in
                let saturated = reference.saturated(index, draw)
                let beta = reference.coefficient(index, saturated, draw)
                return saturated.map { beta * $0 }
            }
            for t in 0..<Self.periods {
                #expect(agree(fitted[t] / (unit * exp(means[t])), 1, 1e-10))
                let total = media[0][t] + media[1][t] + media[2][t]
                for index in 0..<3 {
                    // The integral of the derivative in m_c along s M, by Simpson's rule.
                    let steps = 400
                    let base = exp(means[t] - total) * media[index][t]
                    let integral =
                        (0...steps).map { step -> Double in
                            let weight = step == 0 || step == steps ? 1.0 : (step % 2 == 1 ? 4.0 : 2.0)
                            return weight * exp(Double(step) / Double(steps) * total)
                        }.reduce(0, +) / Double(3 * steps)
                    let expected = unit * base * integral
                    #expect(abs(components[index * Self.periods + t] - expected) <= 1e-8 * abs(expected) + 1e-12 * unit)
                }
            }
        }
    }

    @Test("media respond as the KPI with them less the KPI without, and are credited with their shares")
    func responses() {
        let model = Self.model(.tutti)
        let reference = ReferenceModel(model)
        let unit = Self.unit(model)
        for draw in Self.draws(model, 20, 84) {
            let sigma = reference.sigma(draw)
            let means = reference.means(draw)
            var components = [Double](repeating: 0, count: model.components.count * Self.periods)
            var fitted = [Double](repeating: 0, count: Self.periods)
            model.decompose(constrained: draw, into: &components, fitted: &fitted)
            for channel in 0..<3 {
                func term(_ factor: Double) -> [Double] {
                    let saturated = reference.saturated(channel, draw) { factor * $1 }
                    let beta = reference.coefficient(channel, saturated, draw)
                    return saturated.map { beta * $0 }
                }
                let actual = term(1)
                let own = model.mediaResponses(channel: channel, constrained: draw, multipliers: [0, 0.5, 1, 2])
                for (factor, response) in zip([0, 0.5, 1, 2], own) {
                    var expected = 0.0
                    for (t, value) in term(factor).enumerated() {
                        let without = unit * exp(means[t] - actual[t] + sigma * sigma / 2)
                        expected += without * (exp(value) - 1)
                    }
                    #expect(agree(response.kpiInWindow / unit, expected / unit, 1e-9))
                }
                let credited = model.attributedResponse(channel: channel, constrained: draw, actual: own[2])
                let share = components[channel * Self.periods..<(channel + 1) * Self.periods].reduce(0, +)
                #expect(agree(credited.kpiInWindow / unit, share / unit, 1e-10))
                // Media of the whole are credited with the same; media before the end of it with what they reach.
                let all = WeightedPeriods(
                    periods: 0..<Self.periods, shares: [Double](repeating: 1, count: Self.periods))
                let early = WeightedPeriods(periods: 0..<20, shares: [Double](repeating: 1, count: 20))
                let late = WeightedPeriods(
                    periods: 20..<Self.periods, shares: [Double](repeating: 1, count: Self.periods - 20))
                let windowed = model.windowedResponses(
                    channel: channel, constrained: draw, stretches: [all, early, late])
                #expect(agree(windowed[0].kpiInWindow / unit, credited.kpiInWindow / unit, 1e-10))
                #expect(agree(windowed[0].kpiAfter / unit, credited.kpiAfter / unit, 1e-9))
                let first = components[channel * Self.periods..<channel * Self.periods + 20].reduce(0, +)
                #expect(agree(windowed[1].kpiInWindow / unit, first / unit, 1e-10))
            }
        }
    }

    @Test("simulated data scatter around what is fitted by a log-normal, whose mean or median it is")
    func simulation() {
        for preset in ModelFixture.presets {
            let model = Self.model(preset)
            let draw = Self.draws(model, 1, 85)[0].enumerated().map { index, value in
                model.layout.blocks.contains { $0.offset == index && $0.name.hasSuffix("sigma") } ? 0.4 : value
            }
            let fitted = [Double](repeating: 120, count: Self.periods)
            let observations = Observations(model, constrained: draw, fitted: fitted)
            var stream = testStream(86)
            let count = 40_000
            let values = (0..<count).map { _ in observations.draw(cell: 3, from: &stream) }
            let mean = values.reduce(0, +) / Double(count)
            let median = values.sorted()[count / 2]
            let factor = exp(0.4 * 0.4 / 2)
            #expect(abs(mean / (preset == .tutti ? 120 : 120 * factor) - 1) < 0.01)
            #expect(abs(median / (preset == .tutti ? 120 / factor : 120) - 1) < 0.012)
            #expect(agree(observations.mean(cell: 3), preset == .tutti ? 120 : 120 * factor, 1e-12))
            let world = model.simulate(.autocorrelatedErrors, key: StreamKey(seed: 5, kind: 3, index: 1))
            #expect(world.series.kpi.allSatisfy { $0 > 0 })
        }
    }
}
