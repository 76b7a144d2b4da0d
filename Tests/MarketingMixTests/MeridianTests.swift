import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

/// The preset `meridian` against numbers computed with google-meridian 2.1.0, and where those do not reach against the
/// plainly written model.
struct MeridianTests {
    private static func channel(
        _ name: String, _ medium: Medium, effect: Effect, adstock: Adstock.Kind = .geometric,
        saturation: Saturation = .hill, order: TransformOrder = .adstockFirst, maximumLag: Int = 8,
        window: ClosedRange<CalendarDate>? = nil
    ) -> Channel {
        let adstock = Adstock(kind: adstock, maximumLag: maximumLag)
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: saturation, effect: effect) {
            priors[parameter] = Preset.meridian.defaults.prior(
                of: parameter, kind: .performance, medium: medium, adstock: adstock.kind,
                saturation: saturation)
        }
        return Channel(
            name: name, kind: .performance, medium: medium, adstock: adstock, saturation: saturation, order: order,
            effect: effect, calibrationWindow: window, priors: priors)
    }

    private static func treatment(
        _ name: String, baseline: Treatment.Baseline = .minimum, hasContributionPrior: Bool = true
    ) -> Treatment {
        Treatment(
            name: name, baseline: baseline, hasContributionPrior: hasContributionPrior,
            prior: Preset.meridian.defaults.prior(of: hasContributionPrior ? .treatmentContribution : .treatment))
    }

    /// 34 media weeks, of which the last 30 have a KPI.
    private static func national(
        _ channels: [Channel], treatments: [Treatment] = [treatment("promotion")], knots: Knots = .count(1),
        form: PosteriorForm = .marginal, change: (inout Dataset) -> Void = { _ in }
    ) -> MarketingMixModel {
        let all = 0..<34
        let start = CalendarDate(year: 2022, month: 1, day: 3)!
        func kpiWeeks(_ value: (Double) -> Double) -> [Double] { all.map { value(Double($0 - 4)) } }
        let reach = all.map { Double(3 * $0 % 8) / 10 }
        let frequency = all.map { 1 + 0.7 * Double($0 % 4) }
        let media0 = all.map { Double(7 * $0 % 11) }
        let media1 = all.map { $0 % 3 == 0 ? 0 : Double(5 * $0 % 7) }
        let organic = all.map { Double(4 * $0 % 9) }
        let zeros = all.map { _ in 0.0 }
        let exposures = ["m0": media0, "m1": media1, "rf": reach, "om": organic, "orf": reach]
        let spends = [
            "m0": media0.map { 0.05 * $0 }, "m1": media1.map { 0.08 * $0 },
            "rf": zip(reach, frequency).map { 0.1 * $0 * $1 },
        ]
        var dataset = Dataset(
            frequency: .week, dates: all.map { start.advanced(by: 7 * $0) },
            kpi: kpiWeeks { t in t < 0 ? .nan : 1 + 0.1 * (t * t).truncatingRemainder(dividingBy: 9) + 0.02 * t },
            revenuePerKPI: kpiWeeks { 2 + 0.1 * max(0, $0).truncatingRemainder(dividingBy: 5) },
            spend: channels.map { spends[$0.name] ?? zeros }, exposure: channels.map { exposures[$0.name]! },
            controls: [Regressor(name: "climate", values: kpiWeeks { sin($0 / 3) })], events: [], holidays: [])
        dataset.contactFrequency = channels.map { $0.medium.hasFrequency ? frequency : [] }
        dataset.treatments = treatments.map { treatment in
            Regressor(name: treatment.name, values: kpiWeeks { (2 * $0).truncatingRemainder(dividingBy: 6) })
        }
        dataset.setHistory(first: 4)
        change(&dataset)
        var specification = ModelFixture.specification(
            preset: .meridian, channels: channels, controls: ["climate"], intercept: false, trend: .knots(knots))
        specification.treatments = treatments
        specification.sampling.form = form
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    private static let goldenChannels = [
        channel("m0", .paid, effect: .roi), channel("m1", .paid, effect: .roi), channel("rf", .paidReach, effect: .roi),
        channel("om", .organic, effect: .contribution),
    ]

    private static func draw(_ model: MarketingMixModel, _ values: [String: [Double]]) throws -> [Double] {
        try model.layout.blocks.flatMap { block in
            let given = try #require(values[block.name], "\(block.name)")
            try #require(given.count == block.count, "\(block.name)")
            return given
        }
    }

    @Test("the national log density equals google-meridian's")
    func nationalGolden() throws {
        let model = Self.national(Self.goldenChannels)
        let draw = try Self.draw(
            model,
            [
                "knot_values": [0.2], "sigma": [0.7], "alpha_m": [0.3, 0.4], "alpha_rf": [0.4], "alpha_om": [0.5],
                "ec_m": [0.9, 1.1], "ec_rf": [1.1], "ec_om": [0.8], "slope_rf": [1.7], "beta_gm_dev": [-0.5, -0.2],
                "beta_grf_dev": [-0.5], "beta_gom_dev": [-0.5], "roi_m": [1.2, 1.7], "roi_rf": [0.8],
                "contribution_om": [0.02], "gamma_c": [0.3], "gamma_gc_dev": [0.2], "contribution_n": [0.05],
                "gamma_gn_dev": [-0.1],
            ])
        let parts = model.evaluate(unconstrained: model.unconstrain(draw))
        #expect(abs(parts.likelihood / -90.3898115792605 - 1) < 1e-13)
        #expect(abs((parts.likelihood + parts.prior) / -106.14991133290998 - 1) < 1e-13)
        #expect(abs(model.scaling.kpiScale / 0.31888695314937066 - 1) < 1e-14)
        var components = [Double](repeating: 0, count: model.components.count * 30)
        var fitted = [Double](repeating: 0, count: 30)
        model.decompose(constrained: draw, into: &components, fitted: &fitted)
        let expected = [0: 1.2065806062915294, 1: 1.489396603304826, 2: 1.71396512399605, 29: 0.9785160041578544]
        for (period, mean) in expected {
            let own = (fitted[period] - model.scaling.kpiShift) / model.scaling.kpiScale
            #expect(abs(own / mean - 1) < 1e-12, "\(period)")
        }
        let plain = MeridianReference(model)
        #expect(abs(plain.likelihood(draw) / -90.3898115792605 - 1) < 1e-12)
    }

    private static func models() -> [(name: String, model: MarketingMixModel)] {
        let window = CalendarDate("2022-01-20")!...CalendarDate("2022-05-11")!
        let knots: [Knots] = [.count(1), .count(5), .every(1)]
        var result: [(String, MarketingMixModel)] = []
        for (index, effect) in Effect.allCases.enumerated() {
            let organic: Effect = effect.needsSpend ? .contribution : effect
            let channels = [
                channel("m0", .paid, effect: effect, window: effect == .windowROI ? window : nil),
                channel("m1", .paid, effect: .roi, adstock: .meridianBinomial),
                channel(
                    "rf", .paidReach, effect: effect, adstock: index % 2 == 0 ? .geometric : .meridianBinomial,
                    window: effect == .windowROI ? window : nil),
                channel("om", .organic, effect: organic, order: .saturationFirst),
                channel("orf", .organicReach, effect: organic, saturation: index % 2 == 0 ? .hill : .none),
            ]
            let treatments = [
                treatment("price", baseline: .maximum), treatment("promotion", baseline: .value(1)),
                treatment("stores", hasContributionPrior: false),
            ]
            result.append(("\(effect)", national(channels, treatments: treatments, knots: knots[index % 3])))
            result.append(
                (
                    "\(effect), missing and held out",
                    national(Array(channels.prefix(3)), treatments: treatments) { dataset in
                        dataset.kpi[7] = .nan
                        dataset.holdOut(last: 5)
                    }
                ))
        }
        return result
    }

    @Test("every effect, medium, carry-over and treatment has the plainly written density, gradients by differences")
    func reference() {
        for (index, (name, model)) in Self.models().enumerated() {
            let reference = MeridianReference(model)
            var stream = testStream(UInt32(700 + index))
            for _ in 0..<40 {
                let draw = model.priorDraw(&stream)
                let expected = reference.likelihood(draw)
                let parts = model.evaluate(unconstrained: model.unconstrain(draw))
                #expect(agree(parts.likelihood, expected, 1e-8), "\(name): \(parts.likelihood) and \(expected)")
                #expect(agree(model.pointwiseSum(at: draw), expected, 1e-8), "\(name)")
            }
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                let density = posterior.density()
                for _ in 0..<20 {
                    let position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
                    let (value, gradient) = density.evaluated(at: position)
                    for coordinate in position.indices {
                        func at(_ step: Double) -> Double {
                            var moved = position
                            moved[coordinate] += step
                            return density.evaluated(at: moved).logDensity
                        }
                        let isClose = [1e-3, 1e-4].contains { h in
                            let difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
                            let tolerance = 1e-7 * abs(difference) + 1e-9 / h * max(1, abs(value)) * 1e-2
                            return abs(gradient[coordinate] - difference) <= tolerance
                        }
                        #expect(isClose, "\(name), \(form), coordinate \(coordinate)")
                    }
                }
            }
        }
    }

    @Test("a calibration window over all media periods is the plain return")
    func wholeWindow() {
        let window = CalendarDate("2021-01-01")!...CalendarDate("2023-01-01")!
        let plain = Self.national([Self.channel("m0", .paid, effect: .roi)])
        let windowed = Self.national([Self.channel("m0", .paid, effect: .windowROI, window: window)])
        var stream = testStream(760)
        for _ in 0..<20 {
            let draw = plain.priorDraw(&stream)
            let (a, b) = (
                plain.evaluate(unconstrained: plain.unconstrain(draw)),
                windowed.evaluate(unconstrained: windowed.unconstrain(draw))
            )
            #expect(agree(a.logDensity, b.logDensity, 1e-12))
        }
    }

    @Test("parameters that nothing uses are integrated out, and drawn from their prior")
    func idleParameters() {
        let model = Self.national(Self.goldenChannels)
        let posterior = model.posterior(form: .marginal, weights: nil)
        let names = Set(posterior.marginalizedNames)
        for name in ["beta_gm_dev[m0]", "beta_gom_dev[om]", "gamma_gc_dev[climate]", "gamma_gn_dev[promotion]"] {
            #expect(names.contains(name))
        }
        var recovery = ParameterRecovery(posterior)
        var stream = testStream(770)
        let position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
        let place = model.layout.blocks.first { $0.name == "gamma_gn_dev" }!.offset
        let draws = (0..<4000).map { _ in recovery.parameters(at: position, stream: &stream)[place] }
        let mean = draws.reduce(0, +) / 4000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
        #expect(abs(mean) < 4 / 4000.0.squareRoot())
        #expect(abs(variance - 1) < 4 * (2 / 4000.0).squareRoot())
    }
}

extension MarketingMixModel {
    /// The log-likelihood of all known cells by way of the decomposition.
    fileprivate func pointwiseSum(at draw: [Double]) -> Double {
        pointwiseLogLikelihood(at: draw).filter { !$0.isNaN }.reduce(0, +)
    }
}
