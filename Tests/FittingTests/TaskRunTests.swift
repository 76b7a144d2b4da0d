import Fitting
import Testing

@Suite("a task run")
struct TaskRunTests {
    private let settings = FitSettings(FitFixture.specification)

    private func records(of task: FitTask) throws -> [UInt8] {
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: task)
        while !run.isFinished { try run.step() }
        return run.takeRecords()
    }

    @Test("resumed from a checkpoint at any cut gives the draws of the uninterrupted run", arguments: [1, 7, 33])
    func resume(every interval: Int) throws {
        for task in [FitTask.chain(0), .resample(1)] {
            let whole = try records(of: task)
            var run = try TaskRun(model: FitFixture.model, settings: settings, task: task)
            var pieces: [UInt8] = []
            while !run.isFinished {
                try run.step()
                if run.iteration % interval == 0 {
                    pieces += run.takeRecords()
                    run = try TaskRun(
                        model: FitFixture.model, settings: settings, task: task, resuming: run.checkpoint)
                }
            }
            pieces += run.takeRecords()
            #expect(pieces == whole)
        }
    }

    @Test("counts iterations over all chains of a resample, and keeps its divergences and gradients when resumed")
    func counts() throws {
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .resample(0))
        #expect(run.iterationCount == ResampleRun.chains * (ResampleRun.warmup + ResampleRun.draws))
        for iteration in 1...ResampleRun.warmup + ResampleRun.draws + 10 {
            try run.step()
            #expect(run.iteration == iteration)
        }
        let resumed = try TaskRun(
            model: FitFixture.model, settings: settings, task: .resample(0), resuming: run.checkpoint)
        #expect(resumed.iteration == run.iteration)
        #expect(resumed.gradientEvaluations == run.gradientEvaluations)
        #expect(resumed.divergences == run.divergences)
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
