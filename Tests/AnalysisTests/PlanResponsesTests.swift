import Allocation
import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("what each channel brings at any money")
struct PlanResponsesTests {
    private func media(_ model: MarketingMixModel, draws: Int = 60) throws -> PlannedMedia {
        try AllocationStudy(
            AllocationQuestion(periodCount: 13), model: model,
            constrained: AllocationStudyTests.draws(model, draws), by: SerialMap()
        ).media
    }

    @Test("the series say what the model says, channel by channel, at any multiple, and together", arguments: [1, 3])
    func series(_ geos: Int) throws {
        let media = try media(AllocationStudyTests.model(geos: geos))
        let responses = try #require(PlanResponses(media, by: SerialMap()))
        #expect(responses.names == ["c0", "c1", "c2", "c3"] && responses.drawCount == 60 && responses.spend[3] == 0)
        let layout = media.layout
        let cells = layout.geoCount * layout.periodCount
        let now = media.revenues(of: layout.current, draws: 0..<60)
        for multiples in [[0.5, 1.3, 2, 1], [1, 1, 1, 1], [0.71, 0.9, 1.77, 1], [0, 1.6, 0, 1]] {
            var money = layout.current
            for cell in money.indices { money[cell] *= multiples[cell / cells] }
            let exact = media.revenues(of: money, draws: 0..<60)
            for draw in 0..<60 {
                let change = (0..<4).reduce(0.0) {
                    $0 + responses.change(channel: $1, multiple: multiples[$1], draw: draw)
                }
                #expect(abs(change - (exact[draw] - now[draw])) <= 4e-7 * abs(now[draw]), "\(multiples)")
            }
        }
    }

    @Test("draws are taken evenly, the last of each stride")
    func taken() {
        let draws = (0..<10).map { [Double($0)] }
        #expect(AllocationStudy<SerialMap>.taken(3, from: draws).map { $0[0] } == [2, 5, 8])
        #expect(AllocationStudy<SerialMap>.taken(100, from: draws) == draws)
    }

    @Test("a model whose channels multiply each other has no such series")
    func multiplied() throws {
        let additive = AllocationStudyTests.model()
        var specification = additive.specification
        specification.likelihood = .logNormal
        let model = MarketingMixModel(specification: specification, dataset: additive.dataset)
        #expect(PlanResponses(try media(model, draws: 5), by: SerialMap()) == nil)
    }
}
