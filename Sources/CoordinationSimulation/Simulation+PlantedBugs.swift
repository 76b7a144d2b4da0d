import Coordination
import Wire

// Bugs that are planted where the coordinator's effects leave it.
extension Simulation {
    /// True when a shell with the bug says of the entry that it is stored as soon as it is decided.
    func confirmsEarly(_ entry: LedgerEntry) -> Bool {
        switch entry {
        case .checkpointed, .done: bug == .acknowledgedBeforeStored
        case .granted: bug == .assignedBeforeCommit
        case .submitted, .ended, .taskFailed, .quarantined, .cancelled, .assembled, .drawsLost, .abandoned, .paused,
            .resumed, .prioritised, .settled:
            false
        }
    }

    /// What a coordinator with the bug would have stored on this message, beside what the machine does.
    mutating func plantAtReceipt(_ message: WorkerMessage, blobs: [Blob]) {
        switch message {
        case .checkpoint(let attempt, let iteration, let state, let block, let before, let after):
            guard bug == .noEpochCheck, let task = coordinator.decided.task(attempt.task),
                task.state == .leased, task.epoch != attempt.epoch, iteration > task.iteration, before == task.chain,
                blobs.count == (block == nil ? 1 : 2)
            else { return }
            let point = StartingPoint(state: state, iteration: iteration, chain: after)
            store(.checkpointed(attempt, point, block: block), blobs: blobs)
        case .result(let attempt, let digest, let cost):
            guard bug == .secondResultCounted, let task = coordinator.decided.task(attempt.task),
                task.state == .done, coordinator.decided.jobs[attempt.task.job]?.ending == nil
            else { return }
            store(.done(attempt, result: digest, cost: cost), blobs: [])
        default:
            break
        }
    }

    private mutating func store(_ entry: LedgerEntry, blobs: [Blob]) {
        decide(entry)
        // The machine waits for none of it, and 0 is the ticket of nothing.
        append(.entry(entry, blobs: blobs, Ticket(0)))
    }
}
