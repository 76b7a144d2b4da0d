import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

/// Against PyMC-Marketing 1.3.0's own compiled log density; origin of the numbers in Resources/README.md.
struct ParityTests {
    private struct Points: Decodable {
        struct Point: Decodable {
            let unconstrained: [Double]
            let logpPeer: Double
            let gradPeer: [Double]
        }
        struct Variable: Decodable {
            let name: String
        }
        let order: [Variable]
        let points: [Point]
    }

    private static func resource(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.url(forResource: "Resources/\(name)", withExtension: nil))
        return try Data(contentsOf: url)
    }

    /// The data set of the points: comma-separated numbers with a header, no quotes.
    private static func exampleModel() throws -> MarketingMixModel {
        let text = try String(decoding: resource("mmm_example.csv"), as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        func column(_ name: String) throws -> [Double] {
            let index = try #require(rows[0].firstIndex(of: name))
            return try rows.dropFirst().map { try #require(Double($0[index])) }
        }
        let media = [try column("x1"), try column("x2")]
        let controls = ["event_1", "event_2", "t"]
        return MarketingMixModel(
            specification: ModelFixture.specification(
                preset: .pymcMarketing,
                channels: ["x1", "x2"].map {
                    ModelFixture.channel(
                        $0, preset: .pymcMarketing, maximumLag: 7, saturation: .logistic, effect: .coefficient)
                },
                controls: controls, seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)]),
            dataset: Dataset(
                frequency: .week, dates: try rows.dropFirst().map { try #require(CalendarDate($0[0])) },
                kpi: try column("y"), revenuePerKPI: rows.dropFirst().map { _ in 1 }, spend: media, exposure: media,
                controls: try controls.map { Regressor(name: $0, values: try column($0)) }, events: [], holidays: []))
    }

    @Test("the log density and its gradient equal the peer's at its 20 points")
    func points() throws {
        try compare(try Self.exampleModel(), with: "pymc-marketing-national-default-logp-points.json")
    }

    private func compare(_ model: MarketingMixModel, with file: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let reference = try decoder.decode(Points.self, from: Self.resource(file))
        #expect(model.layout.blocks.map(\.unconstrainedName) == reference.order.map(\.name))
        #expect(reference.points.count == 20)
        let fourier = try #require(model.layout.blocks.first { $0.name == "gamma_fourier" })
        for (number, point) in reference.points.enumerated() {
            let parts = model.evaluate(unconstrained: point.unconstrained)
            #expect(abs(parts.logDensity - point.logpPeer) <= 1e-12 * abs(point.logpPeer))
            #expect(agree(parts.likelihood + (parts.prior + parts.jacobian), parts.logDensity, 1e-14))
            for coordinate in point.gradPeer.indices {
                let isKink = number == 0 && (0..<fourier.count).contains(coordinate - fourier.offset)
                if isKink { continue }
                let peer = point.gradPeer[coordinate]
                #expect(
                    abs(parts.gradient[coordinate] - peer) <= 1e-9 * max(abs(peer), 1e-3),
                    "point \(number), coordinate \(coordinate)")
            }
        }
    }

    /// The panel of the points: rows of each date by geo.
    private static func examplePanel(
        _ adapt: (inout ModelSpecification) -> Void = { _ in }
    ) throws -> MarketingMixModel {
        let text = try String(decoding: resource("mmm_multidimensional_example.csv"), as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        let header = rows[0]
        let geos = ["geo_a", "geo_b"]
        let ordered = geos.flatMap { geo in rows.dropFirst().filter { $0[1] == geo } }
        func column(_ name: String) throws -> [Double] {
            let index = try #require(header.firstIndex(of: name))
            return try ordered.map { try #require(Double($0[index])) }
        }
        let media = [try column("x1"), try column("x2")]
        let controls = ["event_1", "event_2"]
        var specification = ModelFixture.specification(
            preset: .pymcMarketing,
            channels: ["x1", "x2"].map {
                ModelFixture.channel(
                    $0, preset: .pymcMarketing, maximumLag: 7, saturation: .logistic, effect: .coefficient)
            },
            controls: controls, seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)])
        specification.pooling = .none
        adapt(&specification)
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week,
                dates: try ordered.prefix(ordered.count / 2).map { try #require(CalendarDate($0[0])) },
                kpi: try column("y"), revenuePerKPI: ordered.map { _ in 1 }, spend: media, exposure: media,
                controls: try controls.map { Regressor(name: $0, values: try column($0)) }, events: [], holidays: [],
                geos: geos))
    }

    @Test("the panel's log density and its gradient equal the peer's at its 20 points")
    func panelPoints() throws {
        try compare(try Self.examplePanel(), with: "pymc-marketing-panel-default-logp-points.json")
    }

    @Test("a hierarchical panel with a truncated likelihood has the formula's log density and gradient at 20 points")
    func hierarchicalPoints() throws {
        let model = try Self.examplePanel { specification in
            for index in specification.channels.indices {
                specification.channels[index].priors[.alpha] = .beta(a: 2, b: 5)
                specification.channels[index].priors[.lam] = .gamma(shape: 0.0625 / 0.0225, rate: 0.25 / 0.0225)
            }
            specification.priors = [
                "intercept": .normal(mean: 0.5, sd: 0.2), "control": .normal(mean: 0, sd: 0.5),
                "sigma": .halfNormal(scale: 0.5),
            ]
            specification.hierarchy = [
                "lam": .complete, "control": .complete, "sigma": .complete,
                "beta": .partial(
                    GeoDeviations(
                        form: .logNormal, mean: .normal(mean: -1.5, sd: 0.25), sd: .exponential(rate: 4))),
                "fourier": .partial(
                    GeoDeviations(form: .normal, mean: .point(0), sd: .halfNormal(scale: 0.2), scope: .block)),
            ]
            specification.likelihood = .truncatedNormal
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let reference = try decoder.decode(
            FormulaPoints.self, from: Self.resource("pymc-marketing-panel-hierarchical-logp-points.json"))
        // The peer's blocks stand in another order.
        let blocks = try reference.order.map { entry in
            try #require(model.layout.blocks.first { $0.unconstrainedName == entry.name }, "\(entry.name)")
        }
        let places = zip(blocks, reference.order).flatMap { block, entry in
            #expect(block.dimensions.map(\.labels.count) == entry.shape)
            return Array(block.offset..<block.offset + block.count)
        }
        #expect(places.sorted() == Array(0..<model.dimension) && model.dimension == 28)
        #expect(reference.points.count == 20)
        for (number, point) in reference.points.enumerated() {
            var position = [Double](repeating: 0, count: model.dimension)
            for (place, value) in zip(places, point.unconstrained) { position[place] = value }
            let parts = model.evaluate(unconstrained: position)
            #expect(abs(parts.logDensity - point.logpFormula) <= 1e-12 * abs(point.logpFormula))
            #expect(abs(parts.logDensity - point.logpPeer) <= 1e-7 * abs(point.logpPeer))
            for (coordinate, place) in places.enumerated() {
                let expected = point.gradFormula[coordinate]
                #expect(
                    abs(parts.gradient[place] - expected) <= 1e-9 * max(abs(expected), 1e-3),
                    "point \(number), coordinate \(coordinate)")
            }
        }
    }

    private struct FormulaPoints: Decodable {
        struct Point: Decodable {
            let unconstrained: [Double]
            let logpPeer: Double
            let logpFormula: Double
            let gradFormula: [Double]
        }
        struct Variable: Decodable {
            let name: String
            let shape: [Int]
        }
        let order: [Variable]
        let points: [Point]
    }

    @Test("the golden panel of three geos has the peer's likelihood, joint density and Jacobian")
    func goldenPanel() throws {
        let cells = (0..<3).flatMap { geo in (0..<40).map { (geo, $0) } }
        let x1 = cells.map { 1.5 * Double((7 * $1 + 3 * $0) % 11) }
        let x2 = cells.map { $1 % 3 == 0 ? 0 : Double((5 * $1 + 2 * $0) % 7) }
        let c1 = cells.map { Double($1 % 13) / 13 - 0.4 }
        let kpi = cells.enumerated().map { index, cell in
            20 + Double(3 * cell.0) + Double((cell.1 * cell.1 + cell.0) % 9) + 0.3 * x1[index] + 0.1 * Double(cell.1)
        }
        let start = try #require(CalendarDate("2022-01-03"))
        var specification = ModelFixture.specification(
            preset: .pymcMarketing,
            channels: ["x1", "x2"].map {
                ModelFixture.channel(
                    $0, preset: .pymcMarketing, maximumLag: 5, saturation: .logistic, effect: .coefficient)
            },
            controls: ["c1"], seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)])
        specification.pooling = .none
        let model = MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<40).map { start.advanced(by: 7 * $0) }, kpi: kpi,
                revenuePerKPI: cells.map { _ in 1 }, spend: [x1, x2], exposure: [x1, x2],
                controls: [Regressor(name: "c1", values: c1)], events: [], holidays: [], geos: ["a", "b", "c"]))
        let formulas: [String: (Int) -> Double] = [
            "intercept_contribution": { 0.3 + 0.05 * Double($0) }, "y_sigma": { 0.2 + 0.03 * Double($0) },
            "gamma_control": { 0.1 - 0.07 * Double($0) },
            "gamma_fourier": { 0.02 * Double($0 + 1) * ($0 % 2 == 0 ? 1 : -1) },
            "adstock_alpha": { 0.2 + 0.1 * Double($0) }, "saturation_lam": { 1.5 + 0.4 * Double($0) },
            "saturation_beta": { 0.3 + 0.1 * Double($0) },
        ]
        let draw = try model.layout.blocks.flatMap { block in
            let formula = try #require(formulas[block.name])
            return (0..<block.count).map(formula)
        }
        let parts = model.evaluate(unconstrained: model.unconstrain(draw))
        #expect(abs(parts.likelihood + 60.84242390124157) < 1e-10 * 60.8)
        #expect(abs(parts.likelihood + parts.prior + 98.84011773187473) < 1e-10 * 98.8)
        #expect(abs(parts.logDensity + 111.10711916057876) < 1e-10 * 111.1)
    }

    @Test("the golden single series has the peer's likelihood, joint density and Jacobian")
    func golden() throws {
        // Data, point and values: PyMC-Marketing 1.3.0, 40 weeks from 2022-01-03, L = 6, two harmonics.
        let weeks = Array(0..<40)
        let x1 = weeks.map { 1.5 * Double((7 * $0) % 11) }
        let x2 = weeks.map { $0 % 3 == 0 ? 0 : Double((5 * $0) % 7) }
        let c1 = weeks.map { Double($0 % 13) / 13 - 0.4 }
        let kpi = weeks.map { 20 + Double(($0 * $0) % 9) + 0.3 * x1[$0] + 0.1 * Double($0) }
        let start = try #require(CalendarDate("2022-01-03"))
        let model = MarketingMixModel(
            specification: ModelFixture.specification(
                preset: .pymcMarketing,
                channels: ["x1", "x2"].map {
                    ModelFixture.channel(
                        $0, preset: .pymcMarketing, maximumLag: 5, saturation: .logistic, effect: .coefficient)
                },
                controls: ["c1"], seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)]),
            dataset: Dataset(
                frequency: .week, dates: weeks.map { start.advanced(by: 7 * $0) }, kpi: kpi,
                revenuePerKPI: weeks.map { _ in 1 }, spend: [x1, x2], exposure: [x1, x2],
                controls: [Regressor(name: "c1", values: c1)], events: [], holidays: []))
        let values: [String: [Double]] = [
            "intercept_contribution": [0.3], "y_sigma": [0.2], "gamma_control": [0.1],
            "gamma_fourier": [0.02, -0.04, 0.06, -0.08], "adstock_alpha": [0.2, 0.3], "saturation_lam": [1.5, 1.9],
            "saturation_beta": [0.3, 0.4],
        ]
        let draw = try model.layout.blocks.flatMap { try #require(values[$0.name]) }
        let parts = model.evaluate(unconstrained: model.unconstrain(draw))
        #expect(abs(parts.likelihood + 20.90948731148067) < 1e-10 * 20.9)
        #expect(abs(parts.likelihood + parts.prior + 31.56588184659215) < 1e-10 * 31.6)
        #expect(abs(parts.logDensity + 37.64149351295876) < 1e-10 * 37.6)
    }
}
