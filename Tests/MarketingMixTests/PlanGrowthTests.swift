import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("a plan of channels that multiply each other, without the model")
struct PlanGrowthTests {
    /// All curves, several carry-overs and both orders, in two geos.
    private static func media(_ likelihood: LikelihoodFamily, pooling: Pooling = .none) -> PlannedMedia {
        let panel = ModelFixture.panel(pooling: pooling, channels: PlannedMediaTests.channels(), geos: 2, periods: 40)
        var specification = panel.specification
        specification.likelihood = likelihood
        let model = MarketingMixModel(specification: specification, dataset: panel.dataset)
        var random = testStream(511)
        return PlannedMedia(
            MediaPlanLayout(model, periodCount: 6), model: model,
            constrained: (0..<5).map { _ in model.priorDraw(&random) }
        )
    }

    /// The formulas of Media.md, as they stand there.
    private static func curve(_ name: String, _ p: ArraySlice<Double>, _ a: Double) -> Double {
        let p = Array(p)
        func share(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        return switch name {
        case "hill": a == 0 ? 0 : pow(a, p[1]) / (pow(a, p[1]) + exp(p[0] * p[1]))
        case "concaveHill": a / (a + p[0])
        case "logistic": (1 - exp(-p[0] * a)) / (1 + exp(-p[0] * a))
        case "sigmoid": share(p[0] * (a - p[1])) - share(-p[0] * p[1])
        case "root": a == 0 ? 0 : pow(a, p[0])
        case "log": Foundation.log(1 + a)
        default: a
        }
    }

    /// What multiples of today's money come to at a draw, by loops over what is kept.
    private static func revenue(_ growth: PlanGrowth, _ multiples: [Double], draw: Int) -> Double {
        func row(_ place: Int) -> ArraySlice<Double> {
            let width = growth.series[place].count / growth.drawCount
            return growth.series[place][draw * width..<(draw + 1) * width]
        }
        var terms = [Double](repeating: 0, count: growth.geoCount * growth.periodCount)
        for track in growth.tracks {
            let (height, weights) = (Array(row(track.heights))[0], Array(row(track.weights)))
            let parameters = row(track.parameters)
            let exposures = track.history + track.planned.map { $0 * multiples[track.channel] }
            for period in 0..<growth.periodCount {
                var carried = 0.0
                for (lag, weight) in weights.enumerated() {
                    let place = track.history.count + period - lag
                    guard exposures.indices.contains(place) else { continue }
                    let own = exposures[place]
                    carried += weight * (track.saturatesFirst ? curve(track.curve, parameters, own) : own)
                }
                terms[track.geo * growth.periodCount + period] +=
                    height * (track.saturatesFirst ? carried : curve(track.curve, parameters, carried))
            }
        }
        return zip(row(growth.rest), terms).reduce(0) { $0 + $1.0 * exp($1.1) }
    }

    @Test("it comes to what the model says, at every draw and at any money, none included")
    func revenues() throws {
        let media = Self.media(.logNormal)
        let growth = try #require(PlanGrowth(media))
        #expect(Set(growth.tracks.map(\.curve)).count == 6 && growth.geoCount == 2 && growth.periodCount == 6 + 7)
        let layout = media.layout
        let cells = layout.geoCount * layout.periodCount
        #expect(
            zip(growth.spend, layout.channels.indices).allSatisfy { spend, channel in
                agree(spend, layout.current[channel * cells..<(channel + 1) * cells].reduce(0, +), 1e-12)
            })
        let idle = (0..<5).map { Self.revenue(growth, growth.names.map { _ in 0 }, draw: $0) }
        for multiples in [[1, 1, 1, 1, 1, 1, 1, 1], [0.5, 2, 1.3, 0, 1, 0.8, 1.7, 0.6], [0, 0, 0, 0, 0, 2, 0, 0.0]] {
            var money = layout.current
            for cell in money.indices { money[cell] *= multiples[cell / cells] }
            let exact = media.revenues(of: money, draws: 0..<5)
            for draw in 0..<5 {
                let found = Self.revenue(growth, multiples, draw: draw) - idle[draw]
                #expect(abs(found - exact[draw]) <= 1e-9 * (abs(exact[draw]) + abs(idle[draw])), "\(multiples)")
            }
        }
    }

    @Test("what geos have in common is kept once, and what channels add up to needs none of it")
    func shared() throws {
        let (apart, common) = (Self.media(.logNormal), Self.media(.logNormal, pooling: .complete))
        let (many, few) = (try #require(PlanGrowth(apart)), try #require(PlanGrowth(common)))
        #expect(few.numberCount < many.numberCount && few.tracks.count == many.tracks.count)
        #expect(PlanGrowth(Self.media(.normal)) == nil)
    }
}
