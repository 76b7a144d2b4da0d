import Fitting
import MarketingMix
import ModelDefinition
import Posterior
import Sampling
import Testing

@Suite("scouts and rounds")
struct ScheduleTests {
    private func settings(
        chains: Int, warmup: Int = 300, draws: Int, until: StoppingRule = .draws, start: ChainStart = .automatic
    ) -> FitSettings {
        var settings = FitSettings(FitFixture.specification)
        settings.chains = chains
        settings.warmup = warmup
        settings.draws = draws
        settings.until = until
        settings.start = start
        settings.resamples = 0
        return settings
    }

    private func records(_ settings: FitSettings, _ task: FitTask, scouts: [UInt8] = []) throws -> [UInt8] {
        try FitFixture.records(of: task, settings, scouts: scouts)
    }

    @Test("rounds double up to all draws, and scouts go before nine chains and more")
    func plans() {
        #expect(FitPlan(settings(chains: 4, draws: 1000, until: .ess)).rounds == [250, 500, 1000])
        #expect(FitPlan(settings(chains: 4, draws: 600, until: .ess)).rounds == [250, 500, 600])
        #expect(FitPlan(settings(chains: 4, draws: 200, until: .ess)).rounds == [200])
        #expect(FitPlan(settings(chains: 4, draws: 1000)).rounds == [1000])
        #expect(FitPlan(settings(chains: 8, draws: 10)).scoutCount == 0)
        let pooled = FitPlan(settings(chains: 9, draws: 10))
        #expect(pooled.tasks.prefix(5) == [.scout(0), .scout(1), .scout(2), .scout(3), .chain(0)])
        #expect(pooled.tasks.count == 13)
        #expect(FitPlan(settings(chains: 9, draws: 10, start: .independent)).scoutCount == 0)
        #expect(pooled.scouted == 4..<13)
        // Scouts lead resamples in any case, and chains only where they are many.
        var resampled = settings(chains: 8, draws: 10)
        resampled.resamples = 3
        #expect(FitPlan(resampled).tasks.prefix(5) == [.scout(0), .scout(1), .scout(2), .scout(3), .chain(0)])
        #expect(FitPlan(resampled).scouted == 12..<15)
        resampled.chains = 9
        #expect(FitPlan(resampled).scouted == 4..<16)
        var study = settings(chains: 9, draws: 10)
        study.study = .timeSlices(count: 2, horizon: 2)
        #expect(FitPlan(study).scoutCount == 0 && study.isPooled == false)
    }

    @Test("a fit until its effective sample size is enough is the fit of so many draws, and has enough")
    func rounds() throws {
        let result = try SequentialFit.run(
            model: FitFixture.model, settings: settings(chains: 4, draws: 4000, until: .ess))
        let drawn = result.draws.drawCount
        #expect([250, 500, 1000, 2000].contains(drawn))
        #expect(result.settings.draws == drawn)
        for (name, summary) in result.quantitySummaries where !summary.isConstant {
            #expect(summary.essBulk >= 800 && summary.essTail >= 800 && summary.rHat < 1.01, "\(name)")
        }
        let asked = try SequentialFit.run(model: FitFixture.model, settings: settings(chains: 4, draws: drawn))
        #expect(asked.draws.variables.map(\.values) == result.draws.variables.map(\.values))
        #expect(asked.quantitySummaries.map(\.summary) == result.quantitySummaries.map(\.summary))
    }

    @Test("a round is not enough that lacks effective draws, or whose chains disagree")
    func judgement() throws {
        let few = settings(chains: 2, warmup: 200, draws: 60)
        let drawn = try (0..<2).map { try records(few, .chain($0)) }
        #expect(try !RoundJudgement.isEnough(model: FitFixture.model, settings: few, chains: drawn))
        #expect(throws: FitAssemblyError.self) {
            try RoundJudgement.isEnough(model: FitFixture.model, settings: few, chains: [drawn[0], []])
        }
    }

    @Test("pooled chains have the posterior of independent ones")
    func samePosterior() throws {
        let pooled = try SequentialFit.run(
            model: FitFixture.model, settings: settings(chains: 12, draws: 400, start: .pooled))
        let independent = try SequentialFit.run(
            model: FitFixture.model, settings: settings(chains: 12, warmup: 600, draws: 400, start: .independent))
        let finding = try #require(pooled.scouts)
        #expect(finding.areUsed && finding.highestRHat < 1.05)
        #expect(independent.scouts == nil)
        #expect(pooled.draws.chainCount == 12 && pooled.draws.drawCount == 400)
        let pairs =
            zip(pooled.quantitySummaries, independent.quantitySummaries).map { ($0, $1) }
            + zip(pooled.summaries, independent.summaries).map { ($0, $1) }
        for (one, other) in pairs where !one.summary.isConstant {
            let error = (one.summary.mcseMean * one.summary.mcseMean + other.summary.mcseMean * other.summary.mcseMean)
                .squareRoot()
            #expect(abs(one.summary.mean - other.summary.mean) < 4 * error, "\(one.name)")
            #expect(abs(one.summary.sd / other.summary.sd - 1) < 0.15, "\(one.name)")
        }
    }

    @Test("a pooled chain leaves a scout's place near the end of its warm-up, and goes on from any checkpoint")
    func pooledChain() throws {
        let settings = settings(chains: 9, draws: 30)
        let scouts = try (0..<4).flatMap { try records(settings, .scout($0)) }
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .chain(5), scouts: scouts)
        // The last 15 % of warm-up are for the step size alone.
        #expect(run.iteration == 255 && run.isWarmingUp && run.iterationCount == 330)
        let whole = try records(settings, .chain(5), scouts: scouts)
        var pieces: [UInt8] = []
        while !run.isFinished {
            for _ in 0..<7 where !run.isFinished { try run.step() }
            pieces += run.takeRecords()
            run = try TaskRun(model: FitFixture.model, settings: settings, task: .chain(5), resuming: run.checkpoint)
        }
        #expect(pieces == whole)
        #expect(throws: TaskRunError.self) {
            try TaskRun(
                model: FitFixture.model, settings: settings, task: .chain(5), scouts: Array(scouts.dropLast(8)))
        }
    }

    @Test("scouts that do not agree leave each chain to itself")
    func disagreement() throws {
        let settings = settings(chains: 9, draws: 20)
        let dimension = FitFixture.model.posterior(weights: nil).dimension
        // The first scout stands where no other is.
        var scouts = try (0..<4).map { try records(settings, .scout($0)) }
        let record = DrawRecord.byteCount(dimension: dimension)
        for draw in 0..<ScoutRun.draws {
            let far = (2.5 + 0.001 * Double(draw % 7)).bitPattern
            for byte in 0..<8 { scouts[0][draw * record + byte] = UInt8(truncatingIfNeeded: far >> UInt64(8 * byte)) }
        }
        let alone = try records(settings, .chain(0), scouts: scouts.flatMap(\.self))
        var independent = settings
        independent.start = .independent
        #expect(try alone == records(independent, .chain(0)))
        let chains = try (0..<9).map { try records(independent, .chain($0)) }
        let all = scouts + chains
        let result = try FitAssembly.assemble(model: FitFixture.model, settings: settings) { all[$0] }
        #expect(result.scouts?.areUsed == false)
        #expect(result.verdict.warnings.contains { $0.english.hasPrefix("The scouts did not agree (R-hat ") })
    }
}
