import Fitting
import MarketingMix
import ModelDefinition
import Testing

@Suite("a task run")
struct TaskRunTests {
    private let settings = FitSettings(FitFixture.specification)

    private func records(of task: FitTask) throws -> [UInt8] { try FitFixture.records(of: task, settings) }

    @Test("resumed from a checkpoint at any cut gives the draws of the uninterrupted run", arguments: [1, 7, 33])
    func resume(every interval: Int) throws {
        let scouts = try FitFixture.scouts(settings)
        // Steps of which hardly any is accepted: that resample needs a second try.
        let hasty = try FitFixture.scouts(settings, stepping: 30)
        for (task, scouts) in [(FitTask.chain(0), scouts), (.resample(1), scouts), (.resample(0), hasty)] {
            let whole = try FitFixture.records(of: task, settings, scouts: scouts)
            #expect(!whole.isEmpty)
            var run = try TaskRun(model: FitFixture.model, settings: settings, task: task, scouts: scouts)
            var pieces: [UInt8] = []
            while !run.isFinished {
                try run.step()
                if run.iteration % interval == 0 {
                    pieces += run.takeRecords()
                    run = try TaskRun(
                        model: FitFixture.model, settings: settings, task: task, scouts: scouts,
                        resuming: run.checkpoint)
                }
            }
            pieces += run.takeRecords()
            #expect(pieces == whole)
        }
    }

    @Test("draws that are not numbers are no records, wherever they are not")
    func brokenRecords() throws {
        let bytes = try records(of: .chain(0))
        let dimension = FitFixture.model.posterior(weights: nil).dimension
        #expect(DrawRecord.decode(bytes, dimension: dimension, count: settings.draws)?.count == settings.draws)
        for value in [Double.nan, .infinity, -1e300] {
            for word in 0..<dimension + 8 {
                var broken = bytes
                for byte in 0..<8 {
                    broken[8 * word + byte] = UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * byte))
                }
                let decoded = DrawRecord.decode(broken, dimension: dimension, count: settings.draws)
                // A finite number may stand anywhere but in a count; in the word for divergences it is one.
                if !value.isFinite || word == dimension + 4 || word == dimension + 5 { #expect(decoded == nil) }
            }
        }
    }

    @Test("the places of divergences travel with the draws, resumed or not, and come to be parameters")
    func divergences() throws {
        var settings = settings
        settings.chains = 1
        settings.resamples = 0
        // Steps of which hardly any is accepted are far too large.
        settings.draws = 60
        settings.targetAcceptance = 0.01
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .chain(0))
        var resumed = run
        var pieces: [UInt8] = []
        while !run.isFinished {
            try run.step()
            try resumed.step()
            if run.iteration % 13 == 0 {
                pieces += resumed.takeRecords()
                resumed = try TaskRun(
                    model: FitFixture.model, settings: settings, task: .chain(0), resuming: resumed.checkpoint)
            }
        }
        pieces += resumed.takeRecords()
        let divergences = run.divergences
        let bytes = run.takeRecords()
        #expect(pieces == bytes)
        #expect(divergences > 0)
        let posterior = FitFixture.model.posterior(weights: nil)
        let draws = try #require(DrawRecord.decode(bytes, dimension: posterior.dimension, count: settings.draws))
        #expect(draws.map { $0.divergence != nil } == draws.map(\.statistics.diverging))
        #expect(run.draws(in: bytes).map(\.upperBound).last == bytes.count)
        let result = try FitAssembly.assemble(model: FitFixture.model, settings: settings) { _ in bytes }
        #expect(result.divergences.map(\.draw) == draws.indices.filter { draws[$0].statistics.diverging })
        #expect(result.divergences.allSatisfy { $0.chain == 0 && $0.parameters.allSatisfy(\.isFinite) })
        let alpha = try #require(FitFixture.model.layout.blocks.first { $0.name == "alpha" })
        for place in result.divergences {
            let position = posterior.samplerPosition(constrained: place.parameters)
            for (found, expected) in zip(position, draws[place.draw].divergence ?? []) {
                #expect(abs(found - expected) < 1e-6 * max(1, abs(expected)))
            }
            #expect((0..<1).contains(place.parameters[alpha.offset]))
        }
        // Half a record is none.
        #expect(
            DrawRecord.decode(Array(bytes.dropLast(8)), dimension: posterior.dimension, count: settings.draws) == nil)
    }

    @Test("counts iterations over all chains of a resample, and keeps its divergences and gradients when resumed")
    func counts() throws {
        let scouts = try FitFixture.scouts(settings)
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .resample(0), scouts: scouts)
        #expect(run.iterationCount == 2 * ResampleRun.chains * (ResampleRun.warmup + ResampleRun.draws))
        for iteration in 1...ResampleRun.warmup + ResampleRun.draws + 10 {
            try run.step()
            #expect(run.iteration == iteration)
        }
        let resumed = try TaskRun(
            model: FitFixture.model, settings: settings, task: .resample(0), scouts: scouts, resuming: run.checkpoint)
        #expect(resumed.iteration == run.iteration)
        #expect(resumed.gradientEvaluations == run.gradientEvaluations)
        #expect(resumed.divergences == run.divergences)
        while !run.isFinished { try run.step() }
        #expect(run.iteration == run.iterationCount)
        // Nothing is missing but the result.
        _ = run.takeRecords()
        var ended = try TaskRun(
            model: FitFixture.model, settings: settings, task: .resample(0), scouts: scouts, resuming: run.checkpoint)
        #expect(ended.isFinished && ended.takeRecords().isEmpty)
        #expect(throws: TaskRunError.self) {
            try TaskRun(
                model: FitFixture.model, settings: settings, task: .resample(0), scouts: Array(scouts.dropLast(8)))
        }
    }

    @Test("refuses a checkpoint that is cut or changed anywhere")
    func damaged() throws {
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .chain(0))
        try run.step()
        let checkpoint = run.checkpoint
        for count in [0, 7, 40, checkpoint.count - 1] {
            #expect(throws: TaskRunError.self) {
                try TaskRun(
                    model: FitFixture.model, settings: settings, task: .chain(0),
                    resuming: Array(checkpoint[..<count]))
            }
        }
        for place in 0..<checkpoint.count {
            var other = checkpoint
            other[place] ^= 1 << UInt8(place % 8)
            #expect(throws: TaskRunError.self) {
                try TaskRun(model: FitFixture.model, settings: settings, task: .chain(0), resuming: other)
            }
        }
    }

    @Test("of one task differs from that of another")
    func independent() throws {
        let first = try records(of: .chain(0))
        #expect(try first == records(of: .chain(0)))
        #expect(try first != records(of: .chain(1)))
    }
}
