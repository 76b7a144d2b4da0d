import MarketingMix
import ModelDefinition
import Testing

@Suite("what an accepted fit hands on")
struct AcceptedFitTests {
    private static let dates = (0..<60).map { CalendarDate(year: 2023, month: 1, day: 2)!.advanced(by: 7 * $0) }

    private static func specification(_ trend: Trend) -> ModelSpecification {
        let adstock = Adstock(kind: .geometric, maximumLag: 4)
        let parameters = Channel.parameters(adstock: adstock, saturation: .hill, effect: .roi)
        let tv = Channel(
            name: "tv", kind: .brand, adstock: adstock, saturation: .hill, effect: .roi,
            priors: Dictionary(
                uniqueKeysWithValues: parameters.map {
                    ($0, Preset.tutti.defaults.prior(of: $0, kind: .brand, saturation: .hill))
                }))
        return ModelSpecification(
            name: "m", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: nil), channels: [tv],
            controls: ["price"], events: [], holidayCountry: nil, intercept: true, trend: trend, seasonality: [],
            priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
    }

    /// The last weeks have ten times the spend, the KPI and the price of the others.
    private static let data: Dataset = {
        func series(_ value: (Int) -> Int) -> [Double] {
            (0..<60).map { period in Double((period < 50 ? 1 : 10) * value(period)) }
        }
        let spend = [series { 1 + $0 % 5 }]
        return Dataset(
            frequency: .week, dates: dates, kpi: series { 100 + $0 % 7 },
            revenuePerKPI: [Double](repeating: 1, count: 60), spend: spend, exposure: spend,
            controls: [Regressor(name: "price", values: series { $0 % 3 })], events: [], holidays: [])
    }()

    private func names(_ model: MarketingMixModel) -> [String] {
        model.layout.blocks.flatMap { block in (0..<block.count).map { block.elementName($0) } }
    }

    @Test("are its constants, which a new week does not move, and without it the week does")
    func constants() {
        var specification = Self.specification(.linear)
        let before = MarketingMixModel(specification: specification, dataset: Self.data.first(50))
        let alone = MarketingMixModel(specification: specification, dataset: Self.data)
        specification.accepted = AcceptedFit(before, draws: nil)
        let following = MarketingMixModel(specification: specification, dataset: Self.data)
        #expect(following.scaling.kpiShift == before.scaling.kpiShift)
        #expect(following.scaling.kpiScale == before.scaling.kpiScale)
        #expect(following.scaling.channelScales == before.scaling.channelScales)
        #expect(following.scaling.controlMeans == before.scaling.controlMeans)
        #expect(following.scaling.controlScales == before.scaling.controlScales)
        #expect(alone.scaling.kpiScale != before.scaling.kpiScale)
        #expect(alone.scaling.controlScales != before.scaling.controlScales)
        // And so it goes on from night to night.
        #expect(AcceptedFit(following, draws: nil) == specification.accepted)
    }

    @Test("are the places of its knots and waves, and later knots follow at the same distance", arguments: [10, 50])
    func grid(more: Int) {
        for trend in [Trend.knots(.every(13)), .knots(.count(5)), .gaussianProcess] {
            var specification = Self.specification(trend)
            let before = MarketingMixModel(specification: specification, dataset: Self.data.first(50))
            specification.accepted = AcceptedFit(before, draws: nil)
            let following = MarketingMixModel(
                specification: specification, dataset: Self.data.first(min(60, 50 + more)))
            let names = self.names(before)
            let later = self.names(following)
            #expect(Set(names).isSubset(of: later), "\(trend)")
            #expect(names == later, "within a distance of the last knot there is no other")
        }
    }

    @Test("are draws by name: what is new is at the middle of its prior")
    func draws() {
        let model = MarketingMixModel(specification: Self.specification(.linear), dataset: Self.data)
        let names = self.names(model)
        let values = names.indices.map { 0.25 + Double($0) / 100 }
        let (backNames, backValues) = (Array(names.reversed()), Array(values.reversed()))
        let whole = model.following(
            AcceptedFit.Draws(
                names: backNames + ["gone"], values: [backValues + [7]], chainCount: 1, stepSize: 1))
        #expect(whole == [values])
        let without = model.following(
            AcceptedFit.Draws(
                names: Array(names.dropLast()), values: [Array(values.dropLast())], chainCount: 1, stepSize: 1))
        #expect(Array(without[0].dropLast()) == Array(values.dropLast()))
        #expect(without[0].last != 0 && without[0].last!.isFinite)
    }
}
