import Coordination
import Wire

// How a timeline words what the machines say.
extension Simulation {
    static func name(_ attempt: AttemptID) -> String {
        "job \(attempt.task.job.number) chain \(attempt.task.index + 1) epoch \(attempt.epoch)"
    }

    static func words(_ fact: LogFact) -> String {
        switch fact {
        case .workerJoined(let worker, let slots): "\(worker) joined with \(slots) slots"
        case .workerLost(let text): "lost \(text)"
        case .workerLeft(let text): "\(text)"
        case .granted(let attempt, _, let worker, let iteration):
            "\(name(attempt)) is granted to \(worker) from \(iteration)"
        case .attemptEnded(let attempt, _, let reason): "\(name(attempt)) ended: \(reason)"
        case .jobEnded(let job, let state, let text): "job \(job.number) has \(state)\(text.isEmpty ? "" : ": " + text)"
        case .taskQuarantined(let task, _, let text):
            "job \(task.job.number) chain \(task.index + 1) is quarantined: \(text)"
        case .malformed(let error): "a frame was dropped: \(error)"
        case .protocolViolation(let text): "protocol violation: \(text)"
        case .determinismViolation(let task): "two results of task \(task.index + 1) differ"
        case .drawsLost(let task, _): "stored draws of task \(task.index + 1) are lost"
        case .settled(let job, let iteration): "the draws of job \(job.number) are enough at \(iteration)"
        case .jobChanged(let job, let entry): "job \(job.number): \(kind(entry))"
        case .workerSuspended(let worker, let seconds): "\(worker) gets nothing for \(seconds) s"
        case .noWorker(let job, _): "job \(job.number) waits and there is no worker"
        case .clockGap(let seconds): "was away for \(Int(seconds)) s"
        }
    }

    static func words(_ fact: WorkerFact) -> String {
        switch fact {
        case .joined: "joined"
        case .rejected(let reason): "was rejected: \(reason)"
        case .lostCoordinator: "the coordinator is silent"
        case .started(let attempt, let iteration): "\(name(attempt)) starts from \(iteration)"
        case .ended(let attempt, let text): "\(name(attempt)) ended: \(text)"
        case .draining(let reason): "drains: \(reason)"
        case .recovered(let count): "hands in \(count) outcomes of its spool"
        case .spoolFull: "the spool takes no more"
        }
    }

    static func kind(_ entry: LedgerEntry) -> String {
        switch entry {
        case .submitted: "submissions"
        case .granted: "grants"
        case .checkpointed: "checkpoints"
        case .done: "tasks done"
        case .ended: "attempts ended"
        case .taskFailed: "tasks failed"
        case .quarantined: "tasks quarantined"
        case .cancelled: "cancellations"
        case .assembled: "assemblies"
        case .abandoned: "jobs given up"
        case .paused: "pauses of jobs"
        case .resumed: "resumptions of jobs"
        case .prioritised: "changes of priority"
        case .drawsLost: "tasks whose draws were lost"
        case .settled: "chains let go after a round"
        }
    }
}
