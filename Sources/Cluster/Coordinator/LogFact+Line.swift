import Coordination
import Logging
import Wire

/// A fact of the queue in words, for the log and for whoever looks on.
struct FactLine {
    /// What programs tell facts apart by.
    var kind: String
    var level: Logger.Level
    var text: String
    /// `job`, `task` and `worker` where it is about one, and what else is to be said.
    var particulars: [String: String] = [:]
}

extension LogFact {
    /// Every `kind`, for counters that are there before the first fact.
    static let kinds = [
        "worker_joined", "worker_lost", "worker_left", "task_granted", "attempt_ended", "job_ended", "malformed_frame",
        "protocol_violation", "results_differ", "draws_lost", "draws_enough", "job_changed", "task_quarantined",
        "worker_suspended", "no_worker", "clock_gap",
    ]

    var line: FactLine {
        switch self {
        case .workerJoined(let worker, let slots):
            FactLine(
                kind: "worker_joined", level: .info, text: "worker joined",
                particulars: ["worker": worker, "slots": "\(slots)"])
        case .workerLost(let text):
            FactLine(kind: "worker_lost", level: .warning, text: "worker lost", particulars: ["worker": text])
        case .workerLeft(let text):
            FactLine(kind: "worker_left", level: .info, text: "worker left", particulars: ["worker": text])
        case .granted(let attempt, let label, let worker, let iteration):
            FactLine(
                kind: "task_granted", level: .info, text: "granted",
                particulars: Self.particulars(attempt, label).merging(["worker": worker, "from": "\(iteration)"]) { $1 }
            )
        case .attemptEnded(let attempt, let label, let reason):
            FactLine(
                kind: "attempt_ended", level: .warning, text: "attempt ended",
                particulars: Self.particulars(attempt, label).merging(["reason": reason]) { $1 })
        case .jobEnded(let job, let state, let text):
            FactLine(
                kind: "job_ended", level: .info, text: "job ended",
                particulars: ["job": "\(job.number)", "state": "\(state)", "text": text])
        case .malformed(let error):
            FactLine(
                kind: "malformed_frame", level: .warning,
                text: "a frame was dropped; more of this kind are not logged", particulars: ["error": "\(error)"])
        case .protocolViolation(let text):
            FactLine(
                kind: "protocol_violation", level: .warning, text: "protocol violation", particulars: ["what": text])
        case .determinismViolation(let task):
            FactLine(
                kind: "results_differ", level: .critical,
                text: "two results of one task differ: a machine computes other bits",
                particulars: ["job": "\(task.job.number)", "task": "\(task.index)"])
        case .drawsLost(let task, let label):
            FactLine(
                kind: "draws_lost", level: .error, text: "stored draws cannot be read: the task begins anew",
                particulars: ["job": "\(task.job.number)", "task": label])
        case .settled(let job, let iteration):
            FactLine(
                kind: "draws_enough", level: .info, text: "the draws of its chains are enough",
                particulars: ["job": "\(job.number)", "iteration": "\(iteration)"])
        case .jobChanged(let job, let entry):
            FactLine(
                kind: "job_changed", level: .info, text: "job changed",
                particulars: ["job": "\(job.number)", "to": Self.words(entry)])
        case .taskQuarantined(let task, let label, let text):
            FactLine(
                kind: "task_quarantined", level: .error, text: "a task is quarantined: its job is held",
                particulars: ["job": "\(task.job.number)", "task": label, "reason": text])
        case .workerSuspended(let worker, let seconds):
            FactLine(
                kind: "worker_suspended", level: .warning,
                text: "tasks end badly on this worker: it gets none for a while",
                particulars: ["worker": worker, "seconds": "\(seconds)"])
        case .noWorker(let job, let reason):
            FactLine(
                kind: "no_worker", level: .error, text: "tasks wait and no worker has come for two minutes",
                particulars: ["job": "\(job.number)", "why": reason.sentence])
        case .clockGap(let seconds):
            FactLine(
                kind: "clock_gap", level: .warning, text: "this process was away",
                particulars: ["seconds": "\(seconds)"])
        }
    }

    private static func words(_ entry: LedgerEntry) -> String {
        switch entry {
        case .paused: "paused"
        case .resumed: "resumed"
        case .prioritised(_, let priority): "priority \(PriorityClass.name(of: priority))"
        default: ""
        }
    }

    private static func particulars(_ attempt: AttemptID, _ label: String) -> [String: String] {
        ["job": "\(attempt.task.job.number)", "task": label, "epoch": "\(attempt.epoch)"]
    }
}
