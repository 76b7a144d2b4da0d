import Coordination
import Logging
import Wire

extension Logger {
    /// Logs a fact in words, with its particulars as metadata.
    func log(_ fact: LogFact) {
        switch fact {
        case .workerJoined(let worker, let slots):
            info("worker joined", metadata: ["worker": "\(worker)", "slots": "\(slots)"])
        case .workerLost(let text):
            warning("worker lost", metadata: ["worker": "\(text)"])
        case .workerLeft(let text):
            info("worker left", metadata: ["worker": "\(text)"])
        case .granted(let attempt, let label, let worker, let iteration):
            info(
                "granted",
                metadata: [
                    "job": "\(attempt.task.job.number)", "task": "\(label)", "epoch": "\(attempt.epoch)",
                    "worker": "\(worker)", "from": "\(iteration)",
                ])
        case .attemptEnded(let attempt, let label, let reason):
            warning(
                "attempt ended",
                metadata: Self.metadata(attempt, label).merging(["reason": "\(reason)"], uniquingKeysWith: { $1 }))
        case .jobEnded(let job, let state, let text):
            info("job ended", metadata: ["job": "\(job.number)", "state": "\(state)", "text": "\(text)"])
        case .malformed(let error):
            warning("a frame was dropped; more of this kind are not logged", metadata: ["error": "\(error)"])
        case .protocolViolation(let text):
            warning("protocol violation", metadata: ["what": "\(text)"])
        case .determinismViolation(let task):
            critical(
                "two results of one task differ: a machine computes other bits",
                metadata: ["job": "\(task.job.number)", "task": "\(task.index)"])
        case .drawsLost(let task, let label):
            error(
                "stored draws cannot be read: the task begins anew",
                metadata: ["job": "\(task.job.number)", "task": "\(label)"])
        case .settled(let job, let iteration):
            info("the draws of its chains are enough", metadata: ["job": "\(job.number)", "iteration": "\(iteration)"])
        case .jobChanged(let job, let entry):
            info("job changed", metadata: ["job": "\(job.number)", "to": "\(Self.words(entry))"])
        case .taskQuarantined(let task, let label, let text):
            error(
                "a task is quarantined: its job is held",
                metadata: ["job": "\(task.job.number)", "task": "\(label)", "reason": "\(text)"])
        case .workerSuspended(let worker, let seconds):
            warning(
                "tasks end badly on this worker: it gets none for a while",
                metadata: ["worker": "\(worker)", "seconds": "\(seconds)"])
        case .noWorker(let job, let reason):
            error(
                "tasks wait and no worker has come for two minutes",
                metadata: ["job": "\(job.number)", "why": "\(reason.sentence)"])
        case .clockGap(let seconds):
            warning("this process was away", metadata: ["seconds": "\(seconds)"])
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

    private static func metadata(_ attempt: AttemptID, _ label: String) -> Metadata {
        ["job": "\(attempt.task.job.number)", "task": "\(label)", "epoch": "\(attempt.epoch)"]
    }
}
