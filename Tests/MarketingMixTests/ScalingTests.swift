import MarketingMix
import ModelDefinition
import Testing

struct ScalingTests {
    private static func dataset() -> Dataset {
        var dataset = ModelFixture.dataset(periods: 8, channels: 2, controls: ["price", "flat"])
        dataset.kpi = [2, 4, 4, 4, 5, 5, 7, 9]
        dataset.exposure = [[0, 3, 0, 1, 2, 4, 0, 0], [Double](repeating: 0, count: 8)]
        dataset.controls[0].values = [1, 1, 1, 1, 3, 3, 3, 3]
        dataset.controls[1].values = [Double](repeating: 0.1, count: 8)
        return dataset
    }

    @Test("the default model standardises by mean and population deviation and divides media by the median in use")
    func tutti() {
        let scaling = Scaling(preset: .tutti, dataset: Self.dataset())
        #expect(scaling.kpiShift == 5 && scaling.kpiScale == 2)
        #expect(scaling.channelScales == [2.5, 1])
        #expect(scaling.controlMeans[0] == 2 && scaling.controlScales == [1, 1])
    }

    @Test("the parity preset divides by the signed maximum and leaves controls alone")
    func parity() {
        var dataset = Self.dataset()
        dataset.kpi[0] = -20
        let scaling = Scaling(preset: .pymcMarketing, dataset: dataset)
        #expect(scaling.kpiShift == 0 && scaling.kpiScale == 9)
        #expect(scaling.channelScales == [4, 0])
        #expect(scaling.controlMeans == [0, 0] && scaling.controlScales == [1, 1])
    }

    @Test("joints stand at multiples of their distance while half of it remains behind them")
    func joints() {
        func labels(_ periods: Int, every: Int) -> [String] {
            let model = MarketingMixModel(
                specification: ModelFixture.specification(
                    channels: [ModelFixture.channel("tv")], trend: .piecewiseLinear(every: every)),
                dataset: ModelFixture.dataset(periods: periods, channels: 1))
            return model.layout.blocks.first { $0.name == "trend_delta" }?.dimensions.first?.labels ?? []
        }
        // Weeks from Monday 2022-01-03.
        #expect(labels(30, every: 10) == ["2022-03-14", "2022-05-23"])
        #expect(labels(25, every: 10) == ["2022-03-14", "2022-05-23"])
        #expect(labels(24, every: 10) == ["2022-03-14"])
        #expect(labels(10, every: 10) == [])
        #expect(labels(9, every: 26) == [])
    }
}
