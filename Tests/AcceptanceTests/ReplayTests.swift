import Cluster
import Coordination
import Fitting
import MarketingMix
import ModelFile
import Storage
import Testing
import Wire

@Suite("the replay of a task")
struct ReplayTests {
    private static let checkpointIteration = 30
    private let place: Workplace
    private let run: TaskRun

    /// A state with a job whose first chain was cut at an iteration and quarantined a little later.
    init() throws {
        place = try Workplace()
        let bundle = try ModelFileReader.bundle(at: Workplace.model("mmm_example"))
        let read = try ModelFileReader.read(bundle)
        var settings = FitSettings(read.specification)
        (settings.seed, settings.chains, settings.warmup, settings.draws) = (5, 2, 40, 200)
        var run = try TaskRun(
            model: MarketingMixModel(specification: read.specification, dataset: read.dataset), settings: settings,
            task: .chain(0))
        while run.iteration < Self.checkpointIteration { try run.step() }
        self.run = run
        let fit = try FitSubmission(bundle: bundle, read: read, settings: settings)
        try leave(fit, state: run.checkpoint, in: "state")
        try leave(fit, state: [1, 2, 3], in: "broken")
        try leaveDone(fit, in: "done")
    }

    /// A state with a job whose first chain is done: its checkpoint is no longer kept.
    private func leaveDone(_ fit: FitSubmission, in name: String) throws {
        let folder = try StateFolder(opening: place.path(name))
        let ledger = try Ledger(folder)
        try BlobStore(folder, rows: ledger).put(Blob(digest: fit.bundleDigest, bytes: fit.bundle))
        let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)
        let gone = Digest(hashing: [4])
        let point = StartingPoint(state: gone, iteration: Self.checkpointIteration, chain: gone)
        let result = Blob(digest: Digest(hashing: [5]), bytes: [5])
        let cost = AttemptCost(gradientEvaluations: 0, divergences: 0, cpuNanoseconds: 0, wallNanoseconds: 0)
        try ledger.append(
            LedgerBatch(
                entries: [
                    .submitted(JobID(1), fit.job()), .granted(attempt, worker: "a"),
                    .checkpointed(attempt, point, block: nil), .done(attempt, result: result.digest, cost: cost),
                ], blobs: [result]))
        try ledger.close()
    }

    private func leave(_ fit: FitSubmission, state: [UInt8], in name: String) throws {
        let folder = try StateFolder(opening: place.path(name))
        let ledger = try Ledger(folder)
        try BlobStore(folder, rows: ledger).put(Blob(digest: fit.bundleDigest, bytes: fit.bundle))
        let task = TaskID(job: JobID(1), index: 0)
        let (first, second) = (AttemptID(task: task, epoch: 1), AttemptID(task: task, epoch: 2))
        let blob = Blob(digest: Digest(hashing: state), bytes: state)
        let point = StartingPoint(state: blob.digest, iteration: Self.checkpointIteration, chain: blob.digest)
        try ledger.append(
            LedgerBatch(
                entries: [
                    .submitted(JobID(1), fit.job()), .granted(first, worker: "a"),
                    .checkpointed(first, point, block: nil),
                    .ended(first, outcome: "signal 11", lastIteration: 34, blame: .crash),
                    .granted(second, worker: "b"),
                    .ended(second, outcome: "signal 11", lastIteration: 34, blame: .crash),
                    .quarantined(task, text: "at iteration 34 on different workers: signal 11"),
                ], blobs: [blob]))
        try ledger.close()
    }

    @Test("goes on from the checkpoint with the bits of an undisturbed run")
    func bits() throws {
        let replay = try TaskReplay(of: 1, task: nil, in: StateReader(place.path("state")))
        #expect(replay.label == "chain 1" && replay.seed == 5 && replay.state == .quarantined)
        #expect(replay.startIteration == 30 && replay.heardIteration == 34 && replay.iterationCount == 240)
        var iterations: [Int] = []
        let end = try replay.run(through: 60) { iterations.append($0) }
        #expect(iterations == Array(30...60))
        var undisturbed = run
        while undisturbed.iteration < 60 { try undisturbed.step() }
        #expect(end.iteration == 60 && end.checkpoint == undisturbed.checkpoint)
        #expect(try replay.run(through: 1000) { _ in }.isFinished, "not beyond the task's end")
    }

    @Test("of a task that is done begins anew, since its checkpoint is not kept")
    func done() throws {
        let replay = try TaskReplay(of: 1, task: "chain 1", in: StateReader(place.path("done")))
        #expect(replay.state == .done && replay.startIteration == 0)
        #expect(try replay.run(through: 5) { _ in }.iteration == 5)
    }

    @Test("says where a task ends, and how")
    func commands() throws {
        let passed = try TuttiProcess.run(["replay", "1", "--state", place.path("state")])
        #expect(passed.code == 0 && passed.output == "chain 1 runs here up to iteration 134.", "\(passed.complaints)")
        for part in ["seed 5, goes on from iteration 30 of 240", "on b, at iteration 34: signal 11", "iteration 35"] {
            #expect(passed.complaints.contains(part), "\(passed.complaints)")
        }
        let json = try TuttiProcess.run(
            ["replay", "1", "chain", "1", "--through", "33", "--json", "--state", place.path("state")])
        #expect(json.code == 0 && json.output.contains("\"last_iteration\" : 33"), "\(json.complaints)")
        let broken = try TuttiProcess.run(["replay", "1", "--state", place.path("broken")])
        #expect(broken.code == 1)
        #expect(broken.complaints.contains("chain 1 ends in iteration 30: the checkpoint of chain 1 is damaged"))
    }

    @Test("of what is not there is refused with a mend")
    func refused() throws {
        for (arguments, part) in [
            (["2"], "has no job 2. Mend: "), (["1", "chain", "7"], "has no task 'chain 7'. Mend: "), (["x"], "job"),
        ] {
            let outcome = try TuttiProcess.run(["replay"] + arguments + ["--state", place.path("state")])
            #expect(outcome.code == 2 && outcome.complaints.contains(part), "\(arguments): \(outcome.complaints)")
        }
        let none = try TuttiProcess.run(["replay", "1", "--state", place.path("none")])
        #expect(none.code != 0 && !none.complaints.isEmpty)
    }
}
