import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

struct MediaTests {
    /// A model of one channel whose parameters are all fixed, and its component over the KPI scale.
    private static func response(
        exposure: [Double], lag: Int?, saturation: Saturation, _ fixed: [MediaParameter: Double]
    ) -> [Double] {
        var channel = ModelFixture.channel(
            "x", preset: .pymcMarketing, maximumLag: lag, saturation: saturation, effect: .coefficient)
        channel.priors[.beta] = .point(1)
        for (name, value) in fixed { channel.priors[name] = .point(value) }
        var dataset = ModelFixture.dataset(periods: exposure.count, channels: 1)
        dataset.exposure = [exposure]
        dataset.spend = [exposure]
        let model = MarketingMixModel(
            specification: ModelFixture.specification(preset: .pymcMarketing, channels: [channel]), dataset: dataset)
        var values = [Double](repeating: 0, count: model.components.count * exposure.count)
        var fitted = [Double](repeating: 0, count: exposure.count)
        let draw = [Double](repeating: 0.5, count: model.dimension)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        return values.prefix(exposure.count).map { $0 / model.scaling.kpiScale }
    }

    @Test("geometric weights of retention one half are the published ones")
    func geometricWeights() {
        // alpha^l/sum alpha^k for L = 6.
        let expected = [
            0.507936507936508, 0.253968253968254, 0.126984126984127, 0.0634920634920635, 0.0317460317460317,
            0.0158730158730159,
        ]
        let impulse = [1.0] + [Double](repeating: 0, count: 9)
        let response = Self.response(exposure: impulse, lag: 5, saturation: .none, [.alpha: 0.5])
        for (value, weight) in zip(response, expected) { #expect(abs(value - weight) < 1e-14) }
        #expect(response[6...].allSatisfy { $0 == 0 })
    }

    private static func weights(_ adstock: Adstock, _ fixed: [MediaParameter: Double]) -> [Double] {
        var channel = ModelFixture.channel("x", preset: .pymcMarketing, adstock: adstock, saturation: .none)
        for (name, value) in fixed { channel.priors[name] = .point(value) }
        let model = MarketingMixModel(
            specification: ModelFixture.specification(preset: .pymcMarketing, channels: [channel]),
            dataset: ModelFixture.dataset(periods: 9, channels: 1))
        return model.adstockWeights(channel: 0, constrained: [Double](repeating: 0.5, count: model.dimension))
    }

    @Test("every kind of adstock has the published weights of a window of six")
    func publishedWeights() {
        // Six weights each, computed with pymc-marketing 1.3.0.
        let published: [(Adstock.Kind, [MediaParameter: Double], [Double])] = [
            (
                .delayed, [.alpha: 0.5, .theta: 2],
                [
                    0.0293847566574839, 0.235078053259871, 0.470156106519743, 0.235078053259871, 0.0293847566574839,
                    0.000918273645546373,
                ]
            ),
            (
                .binomial, [.alpha: 0.4],
                [
                    0.306514569098449, 0.243237727666686, 0.185037208721309, 0.132401848661652, 0.0859975233367601,
                    0.0468111225151446,
                ]
            ),
            (
                .weibullDensity, [.weibullScale: 2, .weibullShape: 3],
                [0.330851653585163, 0.551677954126873, 0.115456596981705, 0.00201226068337461, 1.53462288389444e-06, 0]
            ),
            (
                .weibullSurvival, [.weibullScale: 2, .weibullShape: 1.5],
                [
                    0.498969120976127, 0.350370379266457, 0.128894059327571, 0.0205297183983655, 0.00121342433264212,
                    2.32976988378478e-05,
                ]
            ),
        ]
        for (kind, parameters, expected) in published {
            let weights = Self.weights(Adstock(kind: kind, maximumLag: 5), parameters)
            for (weight, value) in zip(weights, expected) { #expect(abs(weight - value) < 1e-14, "\(kind)") }
        }
        // A half-life of 2: the weight halves in two periods; delayed, two periods from the peak.
        let halved = Self.weights(Adstock(kind: .geometric, maximumLag: 5, hasHalfLife: true), [.halfLife: 2])
        #expect(abs(halved[2] / halved[0] - 0.5) < 1e-14)
        let peaked = Self.weights(
            Adstock(kind: .delayed, maximumLag: 5, hasHalfLife: true), [.halfLife: 2, .theta: 1])
        #expect(abs(peaked[3] / peaked[1] - 0.5) < 1e-14)
    }

    @Test("every curve has the published value at 0.7")
    func publishedCurves() {
        let published: [(Saturation, [MediaParameter: Double], Double)] = [
            (.inverseLogistic, [.lam: 0.6, .beta: 1], 0.5654829063304189),
            (.tanh, [.beta: 0.8, .c: 0.5], 0.75310043079783),
            (.baselinedTanh, [.x0: 0.9, .gain: 0.6, .r: 0.4, .beta: 1], 0.4294021662794763),
            (.michaelisMenten, [.beta: 2, .lam: 0.5], 1.1666666666666667),
            (.sigmoid, [.beta: 0.9, .rate: 3, .lam: 0.4], 0.4315268575116195),
            (.root, [.exponent: 0.6, .beta: 1], 0.8073443754472972), (.log, [.beta: 1], 0.5306282510621704),
        ]
        let exposure = [1, 0.7, 0, 0.7, 0, 0.7, 0, 0]
        for (saturation, parameters, expected) in published {
            let height = parameters[.beta]!
            let response = Self.response(exposure: exposure, lag: nil, saturation: saturation, parameters)
            #expect(abs(response[1] - expected) < 1e-14 * max(1, height), "\(saturation)")
            #expect(response[2] == 0)
        }
    }

    @Test("a flat Weibull density of one lag is no carry-over, and huge delays leave the last weight")
    func degenerateWeights() {
        #expect(
            Self.weights(
                Adstock(kind: .weibullDensity, maximumLag: 0), [.weibullScale: 2, .weibullShape: 3]) == [1])
        let late = Self.weights(Adstock(kind: .delayed, maximumLag: 3), [.alpha: 0.1, .theta: 60])
        #expect(late[3] > 0.99 && late.allSatisfy(\.isFinite))
    }

    @Test("retention 0 keeps the exposure, and retention 1 averages it over the window")
    func retentionBounds() {
        let exposure = [1.0, 0, 0.5, 0.25, 0, 0, 0, 0, 0, 0.125]
        #expect(Self.response(exposure: exposure, lag: 3, saturation: .none, [.alpha: 0]) == exposure)
        let averaged = Self.response(exposure: exposure, lag: 3, saturation: .none, [.alpha: 1])
        for t in exposure.indices {
            let window = exposure[max(0, t - 3)...t].reduce(0, +) / 4
            #expect(abs(averaged[t] - window) < 1e-15)
        }
        #expect(averaged[8] == 0)
    }

    @Test("the logistic curve and the Hill curve have the published values at 0.7")
    func curves() {
        // tanh(lam x/2) at lam = 1.5; x^s/(x^s + ec^s) at s = 1.3, ec = 0.5.
        let exposure = [1, 0.7, 0, 0.7, 0, 0.7, 0, 0]
        let logistic = Self.response(exposure: exposure, lag: nil, saturation: .logistic, [.lam: 1.5])
        #expect(abs(logistic[1] - 0.4815497983643079) < 1e-15)
        let hill = Self.response(exposure: exposure, lag: nil, saturation: .hill, [.slope: 1.3, .ec: 0.5])
        #expect(abs(hill[1] - 0.6076426444723029) < 1e-15)
        #expect(logistic[2] == 0 && hill[2] == 0)
    }

    @Test("a Hill curve of exponent 1 is the same function, fixed or sampled")
    func concaveHill() {
        let exposure = [1, 0.7, 0, 0.3, 0.01, 1e-9, 0, 0.5]
        let fixed = Self.response(exposure: exposure, lag: 2, saturation: .hill, [.slope: 1, .ec: 0.4, .alpha: 0.6])
        let near = Self.response(
            exposure: exposure, lag: 2, saturation: .hill, [.slope: 1 + 1e-15, .ec: 0.4, .alpha: 0.6])
        for (a, b) in zip(fixed, near) { #expect(abs(a - b) <= 1e-13 * max(a, 1e-3)) }
    }

    @Test("weeks beyond the reach of any exposure have a response of exactly 0, whatever the exponent")
    func emptyWeeks() {
        var exposure = [Double](repeating: 0, count: 40)
        for t in [0, 1, 2, 20] { exposure[t] = 0.1 * Double(t + 1) }
        for slope in [0.3, 1, 4] {
            let response = Self.response(
                exposure: exposure, lag: 6, saturation: .hill, [.slope: slope, .ec: 0.5, .alpha: 0.83])
            for t in 0..<40 { #expect((response[t] == 0) == !(0...8).union(20...26).contains(t)) }
        }
    }

    @Test("a tiny exposure keeps the relative accuracy of its response")
    func relativeAccuracy() {
        let exposure = [1, 1e-12, 0, 1e-6, 0, 0, 0, 0]
        let logistic = Self.response(exposure: exposure, lag: nil, saturation: .logistic, [.lam: 0.5])
        for t in [1, 3] {
            let expected = tanh(0.5 * exposure[t] / 2)
            #expect(abs(logistic[t] - expected) <= 1e-15 * expected)
        }
    }
}

extension ClosedRange<Int> {
    fileprivate func union(_ other: ClosedRange<Int>) -> Set<Int> { Set(self).union(other) }
}
