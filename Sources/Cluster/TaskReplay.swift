import Coordination
import Fitting
import MarketingMix
import ModelFile
import Storage
import Wire

/// Why a task cannot be run again, and the mend.
package struct ReplayRefusal: Error, CustomStringConvertible {
    package let description: String
}

/// A task of a coordinator's state, to be run again in this process from its last checkpoint, with the same bits.
package struct TaskReplay {
    package let label: String
    package let seed: UInt64
    package let state: TaskState
    /// The tries that there were.
    package let attempts: [AttemptFacts]
    /// The iteration of the last checkpoint; 0 where it begins anew.
    package let startIteration: Int
    /// All that the task has.
    package let iterationCount: Int
    private let model: MarketingMixModel
    private let payload: TaskPayload
    private let checkpoint: [UInt8]?
    /// The draws of the scouts, for a task that begins with what they have found.
    private let scouts: [UInt8]

    /// The furthest iteration that was heard of in any try.
    package var heardIteration: Int { attempts.map(\.lastIteration).max() ?? 0 }

    /// - Parameters:
    ///   - number: the job's.
    ///   - label: of the task, as `chain 2`; where it is nil, the first that is quarantined.
    ///   - reader: a state folder, or a backup of one.
    /// - Throws: `ReplayRefusal`; `StorageError` where the state cannot be read.
    package init(of number: UInt64, task label: String?, in reader: StateReader) throws {
        var (snapshot, task) = try Self.found(number, label, in: reader)
        var start = Self.start(of: task)
        var checkpoint = try start.flatMap { try reader.bytes(of: $0.state) }
        // A coordinator at work removes a checkpoint once it has the next, which is asked for then.
        while checkpoint == nil, let missing = start {
            (snapshot, task) = try Self.found(number, label, in: reader)
            start = Self.start(of: task)
            guard start?.state != missing.state else { throw Self.lost("the checkpoint", reader) }
            checkpoint = try start.flatMap { try reader.bytes(of: $0.state) }
        }
        self.checkpoint = checkpoint
        self.label = task.specification.label
        state = task.state
        attempts = task.attempts
        startIteration = start?.iteration ?? 0
        iterationCount = task.specification.iterations
        let bundle = try Self.bytes(of: snapshot.bundle, "model and data", in: reader)
        let read = try ModelFileReader.read(BundleArchive(decoding: bundle).bundle)
        model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        guard
            let payload = TaskPayload(decoding: task.specification.payload, base: FitSettings(read.specification))
        else {
            throw ReplayRefusal(description: "this version does not know the tasks of job \(number).")
        }
        self.payload = payload
        scouts = try snapshot.tasks.prefix(FitPlan(payload.settings).scoutCount).flatMap(\.blocks).flatMap {
            try Self.bytes(of: $0, "a scout's draws", in: reader)
        }
        seed = payload.settings.seed
    }

    /// The job as its ledger has it now, and the task that is meant.
    private static func found(
        _ number: UInt64, _ label: String?, in reader: StateReader
    ) throws -> (job: JobSnapshot, task: JobSnapshot.Task) {
        let job = JobID(number)
        let machine = Coordinator(
            settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: Build.version,
            kernels: Build.kernelFingerprint, replaying: try reader.entries().filter { $0.job == job })
        guard let snapshot = machine.snapshot(of: job) else {
            throw ReplayRefusal(description: "\(reader.path) has no job \(job.number). Mend: `tutti jobs` lists them.")
        }
        guard snapshot.folded == nil else {
            throw ReplayRefusal(
                description: "job \(job.number) has \(snapshot.state.rawValue): its tasks are not kept.")
        }
        guard machine.foreignJobs.isEmpty else {
            throw ReplayRefusal(
                description: "job \(job.number) was computed by kernels of other bits than this program's. Mend: "
                    + "use the coordinator's program, on a machine of its kind.")
        }
        guard let task = snapshot.tasks.first(where: { isMeant($0, label) }) else {
            throw ReplayRefusal(
                description: label.map { "job \(job.number) has no task '\($0)'. Mend: write one as `chain 2`." }
                    ?? "job \(job.number) has no quarantined task. Mend: name one, as `chain 2`.")
        }
        return (snapshot, task)
    }

    /// Its last checkpoint, of which a task that has finished keeps none: it begins anew.
    private static func start(of task: JobSnapshot.Task) -> StartingPoint? { task.result == nil ? task.start : nil }

    private static func isMeant(_ task: JobSnapshot.Task, _ label: String?) -> Bool {
        label.map { $0 == task.specification.label } ?? (task.state == .quarantined)
    }

    private static func bytes(of digest: Digest, _ what: String, in reader: StateReader) throws -> [UInt8] {
        guard let bytes = try reader.bytes(of: digest) else {
            throw lost(what, reader)
        }
        return bytes
    }

    private static func lost(_ what: String, _ reader: StateReader) -> ReplayRefusal {
        ReplayRefusal(
            description: "\(what) of the task is missing or damaged. Mend: `tutti verify \(reader.path)` tells more.")
    }

    /// Goes on from the checkpoint as a worker would.
    ///
    /// - Parameters:
    ///   - end: the last iteration that is run, at most.
    ///   - willRun: called before each iteration with its number, and before the start with that of the checkpoint.
    /// - Returns: the task after the last iteration.
    /// - Throws: what a worker would have reported.
    package func run(through end: Int, willRun: (Int) -> Void) throws(TaskRunError) -> TaskRun {
        willRun(startIteration)
        var run =
            if let checkpoint {
                try TaskRun(
                    model: model, settings: payload.settings, task: payload.task, scouts: scouts, resuming: checkpoint)
            } else {
                try TaskRun(model: model, settings: payload.settings, task: payload.task, scouts: scouts)
            }
        while run.iteration < end, !run.isFinished {
            willRun(run.iteration + 1)
            try run.step()
        }
        return run
    }
}
