import Densities
import Fitting
import MarketingMix
import ModelDefinition
import Testing

@Suite("alternatives of a model")
struct AlternativeTests {
    private static let model = FitFixture.model

    @Test("change one choice each, are the model itself nowhere, and keep what they do not change")
    func list() throws {
        let list = ModelAlternative.list(Self.model)
        let given = Self.model.specification
        #expect(list[0].specification == given && list[0].choice == .asGiven)
        for (index, alternative) in list.enumerated() {
            #expect(!list[..<index].contains { $0.specification == alternative.specification }, "\(alternative.name)")
        }
        // Hill with slope 1, geometric carry-over and a linear trend are what the fixture has.
        #expect(
            list.dropFirst().map { "\($0.choice.rawValue): \($0.name)" } == [
                "saturation: Hill, free slope", "saturation: logistic", "saturation: root", "carry-over: delayed",
                "carry-over: Weibull", "carry-over: none", "trend: none", "trend: a bend every half year",
                "trend: a knot every half year", "trend: a knot every quarter",
            ])
        for alternative in list.dropFirst() {
            var other = alternative.specification
            switch alternative.choice {
            case .trend: other.trend = given.trend
            default: other.channels = given.channels
            }
            #expect(other == given, "\(alternative.name) changes more than it says")
        }
    }

    @Test("have a prior of every parameter and no other; returns keep theirs")
    func priors() {
        for alternative in ModelAlternative.list(Self.model) {
            for (channel, given) in zip(alternative.specification.channels, Self.model.specification.channels) {
                #expect(Set(channel.priors.keys) == Set(channel.parameters), "\(alternative.name)")
                #expect(channel.priors[.roi] == given.priors[.roi])
            }
        }
    }

    @Test("of a panel may give every period a level of its own and controls to geos")
    func panel() {
        var specification = FitFixture.specification
        specification.pooling = .partial
        var data = FitFixture.dataset
        let geos = 2
        data = Dataset(
            frequency: data.frequency, dates: data.dates,
            kpi: Array(repeating: data.kpi, count: geos).flatMap(\.self),
            revenuePerKPI: Array(repeating: data.revenuePerKPI, count: geos).flatMap(\.self),
            spend: data.spend.map { Array(repeating: $0, count: geos).flatMap(\.self) },
            exposure: data.exposure.map { Array(repeating: $0, count: geos).flatMap(\.self) },
            controls: data.controls.map {
                Regressor(name: $0.name, values: Array(repeating: $0.values, count: geos).flatMap(\.self))
            }, events: [], holidays: [], geos: ["north", "south"])
        let model = MarketingMixModel(specification: specification, dataset: data)
        let names = ModelAlternative.list(model).map { "\($0.choice.rawValue): \($0.name)" }
        #expect(names.contains("trend: a level of its own in every period"))
        #expect(names.contains("controls: by geo"))
    }

    @Test("are families' business only where their parameters remain")
    func families() throws {
        var specification = FitFixture.specification
        specification.families = [
            ChannelFamily(
                name: "all", channels: [0, 1],
                parameters: [
                    ChannelFamily.PooledParameter(.alpha, mean: nil, sd: .halfNormal(scale: 0.3)),
                    ChannelFamily.PooledParameter(.ec, mean: nil, sd: .halfNormal(scale: 0.3)),
                ])
        ]
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        let logistic = try #require(ModelAlternative.list(model).first { $0.name == "logistic" })
        #expect(logistic.specification.families[0].parameters.map(\.parameter) == [.alpha])
        _ = MarketingMixModel(specification: logistic.specification, dataset: FitFixture.dataset)
    }

    @Test("have two chains each")
    func plan() {
        var settings = FitSettings(FitFixture.specification)
        settings.study = .alternatives(count: 11)
        #expect(FitPlan(settings).tasks.count == 22)
    }
}
