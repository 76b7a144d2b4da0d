import Fitting
import Posterior
import Testing

/// What the draws of a fit say before they are all there.
@Suite("figures that form")
struct FormingFitTests {
    private func settings(draws: Int) -> FitSettings {
        var settings = FitSettings(FitFixture.specification)
        settings.chains = 2
        settings.warmup = 100
        settings.draws = draws
        settings.resamples = 0
        return settings
    }

    /// So many whole records of a chain.
    private func first(_ count: Int, of bytes: [UInt8]) throws -> [UInt8] {
        let dimension = FitFixture.model.posterior(weights: nil).dimension
        let ranges = try #require(DrawRecord.ranges(in: bytes, dimension: dimension))
        return Array(bytes[..<(count == 0 ? 0 : ranges[count - 1].upperBound)])
    }

    @Test("are those of the finished fit when all draws are there, and of the common draws before")
    func figures() throws {
        let all = settings(draws: 60)
        let chains = try (0..<2).map { try FitFixture.records(of: .chain($0), all) }
        let result = try SequentialFit.run(model: FitFixture.model, settings: all)
        let whole = try #require(try FormingFit(model: FitFixture.model, settings: all, chains: chains))
        #expect(whole.chains == 2 && whole.draws == 60 && whole.lookedAt == 120)
        #expect(whole.quantities.map(\.name) == result.quantitySummaries.map(\.name))
        #expect(whole.quantities.map(\.summary) == result.quantitySummaries.map(\.summary))

        // A chain that is ahead waits for the other.
        let shorter = try SequentialFit.run(model: FitFixture.model, settings: settings(draws: 30))
        let uneven = try #require(
            try FormingFit(
                model: FitFixture.model, settings: all, chains: [chains[0], try first(30, of: chains[1])]))
        #expect(uneven.chains == 2 && uneven.draws == 30 && uneven.lookedAt == 60)
        #expect(uneven.quantities.map(\.summary) == shorter.quantitySummaries.map(\.summary))
    }

    @Test("leave out chains that have drawn too little, and say nothing of none")
    func few() throws {
        let all = settings(draws: 40)
        let chain = try FitFixture.records(of: .chain(0), all)
        let one = try FormingFit(
            model: FitFixture.model, settings: all, chains: [chain, try first(19, of: chain), []])
        #expect(one?.chains == 1 && one?.draws == 40)
        #expect(
            try FormingFit(model: FitFixture.model, settings: all, chains: [try first(19, of: chain), []]) == nil)
        #expect(throws: FitAssemblyError.self) {
            try FormingFit(model: FitFixture.model, settings: all, chains: [chain.dropLast()].map(Array.init))
        }
    }

    @Test("look at no more than so many draws")
    func thinned() throws {
        let all = settings(draws: 40)
        let dimension = FitFixture.model.posterior(weights: nil).dimension
        let chain = try FitFixture.records(of: .chain(0), all)
        // 5,000 draws: the chain's forty again and again.
        let ranges = try #require(DrawRecord.ranges(in: chain, dimension: dimension))
        let long = (0..<5000).flatMap { chain[ranges[$0 % 40]] }
        let looked = try #require(try FormingFit(model: FitFixture.model, settings: all, chains: [long]))
        #expect(looked.draws == 5000)
        #expect(looked.lookedAt <= FormingFit.lookedAtMax && looked.lookedAt > FormingFit.lookedAtMax / 2)
    }
}
