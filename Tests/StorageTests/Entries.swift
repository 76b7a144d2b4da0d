import Coordination
import Storage
import Wire

/// A digest that differs for every number.
func digest(_ number: Int) -> Digest { Digest(hashing: Array("\(number)".utf8)) }

func submission(_ job: UInt64, digest: Digest, name: String = "spring / \"été\"") -> LedgerEntry {
    let task = TaskSpecification(
        digest: digest, payload: [0, 255, 7], inputs: [digest], label: "chain 1", iterations: 2000)
    return .submitted(
        JobID(job),
        JobSpecification(
            digest: digest, name: name, priority: -1, bundle: digest, submittedAt: 0, tasks: [task]))
}

/// One entry of every case, for one job; numbers at the ends of their ranges.
func everyEntry(_ job: UInt64, digest submissionDigest: Digest) -> [LedgerEntry] {
    let task = TaskID(job: JobID(job), index: .max)
    let attempt = AttemptID(task: task, epoch: .max)
    return [
        submission(job, digest: submissionDigest),
        .granted(attempt, worker: "host:1"),
        .checkpointed(attempt, StartingPoint(state: digest(1), iteration: 10, chain: digest(2)), block: digest(3)),
        .checkpointed(attempt, StartingPoint(state: digest(1), iteration: .max, chain: digest(2)), block: nil),
        .ended(attempt, outcome: "signal 9\n\u{0}\u{1F3B5}", lastIteration: 11, blame: .circumstances),
        .done(
            attempt, result: digest(4),
            cost: AttemptCost(gradientEvaluations: .max, divergences: 0, cpuNanoseconds: .max, wallNanoseconds: 0)),
        .drawsLost(task),
        .quarantined(task, text: "at iteration 7"),
        .resumed(JobID(job)),
        .taskFailed(task, text: ""),
        .cancelled(JobID(job)),
        .assembled(JobID(job), succeeded: true, text: "done"),
    ]
}

func blob(_ bytes: [UInt8]) -> Blob { Blob(digest: Digest(hashing: bytes), bytes: bytes) }

/// An attempt's only checkpoint and its result.
func finish(_ attempt: AttemptID) -> [LedgerEntry] {
    [
        .checkpointed(attempt, StartingPoint(state: digest(1), iteration: 2000, chain: digest(2)), block: digest(3)),
        .done(
            attempt, result: digest(2),
            cost: AttemptCost(gradientEvaluations: 1, divergences: 2, cpuNanoseconds: 3, wallNanoseconds: 4)),
    ]
}

/// A coordinator that has read these entries.
func machine(of entries: [LedgerEntry]) -> Coordinator {
    Coordinator(
        settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: "test", kernels: digest(0), replaying: entries)
}

/// The jobs that a coordinator would show after a start.
func snapshots(of entries: [LedgerEntry]) -> [JobSnapshot] {
    let machine = machine(of: entries)
    return machine.jobs.compactMap(machine.snapshot)
}
