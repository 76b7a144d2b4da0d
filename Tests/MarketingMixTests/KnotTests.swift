import Densities
import MarketingMix
import ModelDefinition
import Testing

struct KnotTests {
    private static func model(_ knots: Knots, periods: Int, intercept: Bool = true) -> MarketingMixModel {
        MarketingMixModel(
            specification: ModelFixture.specification(
                channels: [ModelFixture.channel("tv")], intercept: intercept, trend: .knots(knots)),
            dataset: ModelFixture.dataset(periods: periods, channels: 1))
    }

    private static func trend(_ model: MarketingMixModel, increments: [Double]) throws -> [Double] {
        var stream = testStream(50)
        var draw = model.priorDraw(&stream)
        let block = try #require(model.layout.blocks.first { $0.name == "knot_increment" })
        #expect(block.count == increments.count)
        for (index, increment) in increments.enumerated() { draw[block.offset + index] = increment }
        let periods = model.dataset.periodCount
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        let index = try #require(model.components.firstIndex { $0.kind == .trend })
        return values[index * periods..<(index + 1) * periods].map { $0 / model.scaling.kpiScale }
    }

    @Test("the trend is a straight line between the levels at the knots")
    func interpolation() throws {
        // Knots at periods 0, 4, 8 and 13, the last: the stretch of five stands for one and a quarter distances.
        let trend = try Self.trend(Self.model(.every(4), periods: 14), increments: [2, -1, 5])
        let expected = [0, 0.5, 1, 1.5, 2, 1.75, 1.5, 1.25, 1, 2, 3, 4, 5, 6]
        for (value, level) in zip(trend, expected) { #expect(agree(value, level, 1e-12)) }
    }

    @Test("stated dates fall into their periods, and the trend is constant outside the end knots")
    func dates() throws {
        let all = ModelFixture.dataset(periods: 12, channels: 1).dates
        let model = Self.model(.dates([all[2].advanced(by: 3), all[6], all[8]]), periods: 12)
        #expect(
            model.layout.blocks.first { $0.name == "knot_increment" }?.dimensions.first?.labels == [
                all[6].description, all[8].description,
            ])
        let trend = try Self.trend(model, increments: [4, 1])
        for (value, level) in zip(trend, [0, 0, 0, 1, 2, 3, 4, 4.5, 5, 5, 5, 5.0]) {
            #expect(agree(value, level, 1e-12))
        }
    }

    @Test("without an intercept the level at the first knot is a parameter")
    func level() {
        let with = Self.model(.every(5), periods: 20).layout.blocks.map(\.name)
        let without = Self.model(.every(5), periods: 20, intercept: false).layout.blocks.map(\.name)
        #expect(!with.contains("knot_level") && with.contains("intercept"))
        #expect(without.contains("knot_level") && !without.contains("intercept"))
    }
}
