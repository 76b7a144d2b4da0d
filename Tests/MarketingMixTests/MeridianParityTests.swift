import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

/// Against google-meridian 2.1.0's own log density in cases of every kind; origin of the numbers in Resources/README.md.
struct MeridianParityTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Configuration: Decodable, Sendable {
            var mediaEffectsDist: String?
            var mediaPriorType: String?
            var organicMediaPriorType: String?
            var nonMediaTreatmentsPriorType: String?
            var adstockDecaySpec: String?
            var hillBeforeAdstock: Bool?
            var uniqueSigmaForEachGeo: Bool?
            var maxLag: Int?
            var knots: KnotSetting?
            var holdout: Int?
            var window: [Int]?
        }
        struct Point: Decodable, Sendable {
            var values: [String: [Double]]
            var logJoint: Double
            var logLikelihood: Double
        }
        enum KnotSetting: Decodable, Sendable {
            case count(Int)
            case places([Int])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let count = try? container.decode(Int.self) {
                    self = .count(count)
                } else {
                    self = .places(try container.decode([Int].self))
                }
            }
        }
        var name: String
        var geos: Int
        var config: Configuration
        var points: [Point]

        var testDescription: String { name }
    }

    static let cases: [Case] = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard
            let url = Bundle.module.url(forResource: "Resources/meridian-logp-points.json", withExtension: nil),
            let data = try? Data(contentsOf: url), let cases = try? decoder.decode([Case].self, from: data)
        else { return [] }
        return cases
    }()

    private static let mediaPeriods = 34
    private static let start = CalendarDate(year: 2022, month: 1, day: 3)!

    /// The data of meridian-logp-points.py, geo after geo: 34 media weeks of which the last 30 have a KPI.
    private static func dataset(geos: Int, treatments: [String]) -> Dataset {
        func series(_ value: (Double, Double, Double) -> Double) -> [Double] {
            (0..<geos).flatMap { geo in
                (0..<mediaPeriods).map { value(Double(geo), Double($0), Double($0) - 4) }
            }
        }
        func mod(_ x: Double, _ divisor: Double) -> Double {
            let rest = x.truncatingRemainder(dividingBy: divisor)
            return rest < 0 ? rest + divisor : rest
        }
        let populations: [Double] = geos > 1 ? [100, 250, 60] : [1]
        let m0 = series { g, u, _ in mod(7 * u + 3 * g, 11) }
        let m1 = series { g, u, _ in mod(u, 3) == 0 ? 0 : mod(5 * u + 2 * g, 7) }
        let size = series { g, _, _ in 1 + g }
        let reach = series { g, u, _ in mod(3 * u + g, 8) / 10 }
        let frequency = series { g, u, _ in 1 + 0.7 * mod(u + g, 4) }
        func times(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 * $1 } }
        let zeros = size.map { _ in 0.0 }
        var dataset = Dataset(
            frequency: .week, dates: (0..<mediaPeriods).map { start.advanced(by: 7 * $0) },
            kpi: series { g, _, t in
                let units = (1 + 0.1 * mod(t * t + g, 9) + 0.02 * t) * populations[Int(g)]
                return t < 0 ? .nan : units * (1 + 0.1 * g)
            },
            revenuePerKPI: series { _, _, t in 2 + 0.1 * mod(t, 5) },
            spend: [
                times(m0, size).map { 0.05 * $0 * 20 }, times(m1, size).map { 0.08 * $0 * 20 },
                times(reach, frequency).map { 0.1 * $0 * 40 }, zeros, zeros,
            ],
            exposure: [
                times(m0, size), times(m1, size), times(reach, size),
                times(series { g, u, _ in mod(4 * u + g, 9) }, size),
                series { g, u, _ in mod(5 * u + 2 * g, 9) / 20 },
            ],
            controls: [
                Regressor(name: "climate", values: series { g, _, t in sin(t / 3 + g) }),
                Regressor(name: "income", values: series { g, _, t in cos(t / 5 - g) }),
            ], events: [], holidays: [], geos: geos > 1 ? (0..<geos).map { "g\($0)" } : [],
            population: geos > 1 ? populations : nil)
        dataset.contactFrequency = [[], [], frequency, [], series { g, u, _ in 1 + 0.4 * mod(u + 2 * g, 5) }]
        dataset.treatments = [
            Regressor(name: treatments[0], values: series { g, _, t in mod(2 * t + g, 6) }),
            Regressor(name: treatments[1], values: series { g, _, t in mod(t * t + 2 * g, 7) }),
        ]
        dataset.setHistory(first: 4)
        return dataset
    }

    private static func effect(_ name: String?, else standard: Effect) -> Effect {
        switch name {
        case "roi": .roi
        case "mroi": .marginalROI
        case "contribution": .contribution
        case "coefficient": .coefficient
        default: standard
        }
    }

    private static func channel(_ name: String, _ medium: Medium, _ config: Case.Configuration) -> Channel {
        var effect = effect(
            medium.isOrganic ? config.organicMediaPriorType : config.mediaPriorType,
            else: medium.isOrganic ? .contribution : .roi)
        var window: ClosedRange<CalendarDate>?
        if let given = config.window, !medium.isOrganic {
            effect = .windowROI
            window = start.advanced(by: 7 * given[0])...start.advanced(by: 7 * given[1] - 1)
        }
        let adstock = Adstock(
            kind: config.adstockDecaySpec == "binomial" ? .meridianBinomial : .geometric,
            maximumLag: config.maxLag ?? 8)
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: .hill, effect: effect) {
            priors[parameter] = Preset.meridian.defaults.prior(
                of: parameter, kind: .performance, medium: medium, adstock: adstock.kind,
                saturation: .hill)
        }
        return Channel(
            name: name, kind: .performance, medium: medium, adstock: adstock, saturation: .hill,
            order: config.hillBeforeAdstock == true ? .saturationFirst : .adstockFirst, effect: effect,
            calibrationWindow: window, priors: priors)
    }

    static func model(_ given: Case) -> MarketingMixModel {
        let config = given.config
        let treatments = ["promotion", "price"]
        let hasContribution = config.nonMediaTreatmentsPriorType != "coefficient"
        var dataset = dataset(geos: given.geos, treatments: treatments)
        dataset.holdOut(last: config.holdout ?? 0)
        let knots: Knots =
            switch config.knots {
            case nil: given.geos > 1 ? .every(1) : .count(1)
            case .count(let count): .count(count)
            case .places(let places): .dates(places.map { dataset.dates[$0] })
            }
        var specification = ModelFixture.specification(
            preset: .meridian,
            channels: [
                channel("m0", .paid, config), channel("m1", .paid, config), channel("rf", .paidReach, config),
                channel("om", .organic, config), channel("orf", .organicReach, config),
            ], controls: ["climate", "income"],
            intercept: Preset.meridian.defaults.hasIntercept(hasGeos: given.geos > 1), trend: .knots(knots))
        specification.treatments = treatments.map { name in
            Treatment(
                name: name, baseline: .minimum, hasContributionPrior: hasContribution,
                prior: Preset.meridian.defaults.prior(of: hasContribution ? .treatmentContribution : .treatment))
        }
        specification.pooling = .partial
        specification.hierarchy = Preset.meridian.defaults.hierarchy
        if config.mediaEffectsDist == "normal" {
            let sd = Preset.meridian.defaults.prior(of: .eta)
            specification.hierarchy[ModelSpecification.effectBlock] = .partial(GeoDeviations(form: .normal, sd: sd))
        }
        if config.uniqueSigmaForEachGeo == true {
            specification.hierarchy["sigma"] = .independent
        }
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    static func draw(_ model: MarketingMixModel, _ values: [String: [Double]]) throws -> [Double] {
        try model.layout.blocks.flatMap { block in
            let given = try #require(values[block.name], "\(block.name)")
            try #require(given.count == block.count, "\(block.name)")
            return given
        }
    }

    @Test("the log density equals google-meridian's", arguments: cases)
    func points(_ given: Case) throws {
        let model = Self.model(given)
        #expect(given.points.count == 3)
        for point in given.points {
            let draw = try Self.draw(model, point.values)
            let parts = model.evaluate(unconstrained: model.unconstrain(draw))
            #expect(agree(parts.likelihood, point.logLikelihood, 1e-10))
            #expect(agree(parts.likelihood + parts.prior, point.logJoint, 1e-10))
            let cells = model.pointwiseLogLikelihood(at: draw).filter { !$0.isNaN }
            #expect(agree(cells.reduce(0, +), point.logLikelihood, 1e-10))
        }
    }

    @Test(
        "all cases are there, and the gradient equals central differences in every form",
        arguments: PosteriorForm.allCases)
    func gradient(form: PosteriorForm) {
        #expect(Self.cases.count == 11)
        for (index, given) in Self.cases.enumerated() {
            let posterior = Self.model(given).posterior(form: form, weights: nil)
            let density = posterior.density()
            var stream = testStream(UInt32(780 + index))
            for _ in 0..<6 {
                let position = posterior.samplerPosition(constrained: posterior.model.priorDraw(&stream))
                let (value, gradient) = density.evaluated(at: position)
                guard value > -1e5 else { continue }
                for coordinate in position.indices {
                    func at(_ step: Double) -> Double {
                        var moved = position
                        moved[coordinate] += step
                        return density.evaluated(at: moved).logDensity
                    }
                    let isClose = [1e-3, 1e-4].contains { h in
                        let difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
                        let tolerance = 1e-7 * abs(difference) + 1e-11 / h * max(1, abs(value))
                        return abs(gradient[coordinate] - difference) <= tolerance
                    }
                    #expect(isClose, "\(given.name), \(form), coordinate \(coordinate)")
                }
            }
        }
    }
}
