import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Which parameters are the returns that are reported, told by the definition, against the numbers at draws.
struct ReportedReturnTests {
    private static let channels = [
        ModelFixture.channel("a", effect: .roi), ModelFixture.channel("b", effect: .marginalROI),
        ModelFixture.channel("c", effect: .coefficient),
    ]

    private static func changed(
        _ model: MarketingMixModel, _ change: (inout ModelSpecification, inout Dataset) -> Void
    ) -> MarketingMixModel {
        var (specification, dataset) = (model.specification, model.dataset)
        change(&specification, &dataset)
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    private static var series: MarketingMixModel { ModelFixture.fullModel(channels: channels, periods: 43) }

    private static func panel(_ pooling: Pooling) -> MarketingMixModel {
        ModelFixture.panel(pooling: pooling, channels: channels, geos: 3, periods: 43)
    }

    /// Names of the parameters that are called returns of a channel, by whether the definition says that they are those
    /// that are reported; each is compared with the numbers.
    private static func returns(_ model: MarketingMixModel) -> (reported: [String], others: [String]) {
        var found: (reported: [String], others: [String]) = ([], [])
        var stream = testStream(97)
        let draws = (0..<4).map { _ in model.priorDraw(&stream) }
        for block in model.layout.blocks where ["roi", "mroi"].contains(block.name) {
            for element in 0..<block.count {
                let coordinate = block.offset + element
                let name = block.elementName(element)
                let channel = model.specification.channels.firstIndex { name == "\(block.name)[\($0.name)]" }
                let isSame = channel.map { channel in
                    draws.allSatisfy { draw in
                        let spend = model.spend(channel: channel)
                        let responses = model.mediaResponses(
                            channel: channel, constrained: draw, multipliers: [1, 1 + Effect.bump])
                        let own = model.attributedResponse(
                            channel: channel, constrained: draw, actual: responses[0])
                        let further = responses[1].revenueInWindow - responses[0].revenueInWindow
                        let value =
                            block.name == "roi" ? own.revenueInWindow / spend : further / (Effect.bump * spend)
                        return agree(value, draw[coordinate], 1e-9)
                    }
                }
                #expect(model.isReportedReturn(coordinate) == (isSame ?? false), "\(name)")
                if model.isReportedReturn(coordinate) { found.reported.append(name) } else { found.others.append(name) }
            }
        }
        return found
    }

    @Test("of a series and of geos that share a return, whatever makes them differ, with history and holdout")
    func same() {
        let models = [
            Self.series, Self.panel(.complete), Self.panel(.partial),
            Self.changed(Self.series) { specification, dataset in
                dataset.setHistory(first: 6)
                dataset.holdOut(last: 8)
                specification.holdout = 8
            },
        ]
        for model in models {
            let found = Self.returns(model)
            #expect(found.reported == ["roi[a]", "mroi[b]"] && found.others == [])
        }
    }

    @Test("not where each geo has its own, where media work more or less over time, or of a channel that never ran")
    func other() {
        #expect(Self.returns(Self.panel(.none)).reported == [])
        #expect(Self.returns(Self.panel(.none)).others.count == 6)
        // Geos whose returns scatter around a common one.
        let scattered = ModelFixture.panel(
            pooling: .partial, channels: Self.channels, geos: 3, periods: 43,
            hierarchy: ["roi": .partial(GeoDeviations(form: .logNormal, sd: .halfNormal(scale: 0.3)))])
        #expect(Self.returns(scattered).reported == ["mroi[b]"])
        let varying = Self.changed(Self.series) { specification, _ in
            specification.mediaEffectiveness = .gaussianProcess
        }
        #expect(Self.returns(varying).others == ["roi[a]", "mroi[b]"])
        let idle = Self.changed(Self.series) { _, dataset in
            dataset.exposure[0] = dataset.exposure[0].map { _ in 0 }
        }
        let found = Self.returns(idle)
        #expect(found.reported == ["mroi[b]"] && found.others == ["roi[a]"])
    }
}
