import Fitting
import MarketingMix
import ModelDefinition
import Posterior
import Testing

/// A fit of one more week that follows an accepted one.
@Suite("warm starts")
struct WarmStartTests {
    private static let before = MarketingMixModel(
        specification: FitFixture.specification, dataset: FitFixture.dataset.first(56))

    private static func settings(_ start: ChainStart, _ specification: ModelSpecification, chains: Int = 4)
        -> FitSettings
    {
        var settings = FitSettings(specification)
        settings.chains = chains
        settings.warmup = 500
        settings.draws = 500
        settings.resamples = 0
        settings.start = start
        return settings
    }

    private static func handed(_ result: FitResult) -> AcceptedFit {
        let names = before.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        let values = (0..<result.draws.chainCount * result.draws.drawCount).map { draw in
            result.draws.variables.flatMap { variable in
                let count = variable.values.count / (result.draws.chainCount * result.draws.drawCount)
                return Array(variable.values[draw * count..<(draw + 1) * count])
            }
        }
        let thinned = stride(from: 0, to: values.count, by: 5).map { values[$0] }
        return AcceptedFit(
            before,
            draws: AcceptedFit.Draws(
                names: names, values: thinned, chainCount: result.draws.chainCount,
                stepSize: result.draws.statistics.map(\.stepSize).sorted()[0]))
    }

    @Test("have the posterior of cold ones, for less than a quarter of the gradients of warm-up")
    func samePosterior() throws {
        let accepted = try SequentialFit.run(
            model: Self.before, settings: Self.settings(.independent, FitFixture.specification))
        var specification = FitFixture.specification
        specification.accepted = Self.handed(accepted)
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        #expect(Self.settings(.automatic, specification).resolvedStart == .warm)

        var gradients: [ChainStart: Int] = [:]
        for start in [ChainStart.warm, .independent] {
            var count = 0
            for chain in 0..<4 {
                var run = try TaskRun(model: model, settings: Self.settings(start, specification), task: .chain(chain))
                while run.isWarmingUp { try run.step() }
                count += run.gradientEvaluations
            }
            gradients[start] = count
        }
        #expect(4 * gradients[.warm]! < gradients[.independent]!, "\(gradients)")

        let warm = try SequentialFit.run(model: model, settings: Self.settings(.warm, specification))
        let cold = try SequentialFit.run(model: model, settings: Self.settings(.independent, specification))
        for (one, other) in zip(warm.quantitySummaries, cold.quantitySummaries) where !one.summary.isConstant {
            let error = (one.summary.mcseMean * one.summary.mcseMean + other.summary.mcseMean * other.summary.mcseMean)
                .squareRoot()
            #expect(abs(one.summary.mean - other.summary.mean) < 5 * error, "\(one.name)")
            #expect(one.summary.rHat < 1.05, "\(one.name)")
        }
    }

    @Test("go on to the bit from any checkpoint")
    func resumed() throws {
        var specification = FitFixture.specification
        let accepted = try SequentialFit.run(
            model: Self.before, settings: Self.settings(.independent, FitFixture.specification, chains: 2))
        specification.accepted = Self.handed(accepted)
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        var settings = Self.settings(.warm, specification, chains: 5)
        settings.draws = 20
        var whole = try TaskRun(model: model, settings: settings, task: .chain(4))
        while !whole.isFinished { try whole.step() }
        var first = try TaskRun(model: model, settings: settings, task: .chain(4))
        while first.iteration < 480 { try first.step() }
        var second = try TaskRun(model: model, settings: settings, task: .chain(4), resuming: first.checkpoint)
        while !second.isFinished { try second.step() }
        #expect(first.takeRecords() + second.takeRecords() == whole.takeRecords())
    }

    @Test("whose draws are of another model altogether begin by themselves")
    func foreign() throws {
        var specification = FitFixture.specification
        specification.accepted = AcceptedFit(
            Self.before,
            draws: AcceptedFit.Draws(
                names: ["sigma"], values: [[1e300], [1e300]], chainCount: 1, stepSize: 0.1))
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        var settings = Self.settings(.warm, specification)
        settings.draws = 10
        var run = try TaskRun(model: model, settings: settings, task: .chain(0))
        while !run.isFinished { try run.step() }
        #expect(run.iteration == 510)
    }
}
