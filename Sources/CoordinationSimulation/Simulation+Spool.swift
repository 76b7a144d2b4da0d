import Coordination
import Wire

// What of a worker's work lies on its host's own disk, and outlives its process.
extension Simulation {
    /// What the next process of the host takes over.
    mutating func recoveredOutcomes(at worker: Int) -> [SpooledOutcome] {
        guard scenario.spool != nil else { return [] }
        let usable = SpooledOutcome.usable(Array(hosts[worker].spool.values))
        hosts[worker].spool = Dictionary(uniqueKeysWithValues: usable.map { ($0.number, $0) })
        for _ in usable { count("outcomes recovered") }
        return usable
    }

    /// Returns what the agent is told.
    mutating func spool(_ outcome: SpooledOutcome, at worker: Int) -> WorkerEvent {
        guard hosts[worker].fullSpools == 0 else {
            count("outcomes refused by a full disk")
            return .spoolRefused(outcome.number)
        }
        for blob in outcome.blobs where ToyDigest.of(blob.bytes) != blob.digest {
            violate("a spooled blob is not what it is called")
        }
        hosts[worker].spool[outcome.number] = outcome
        count("outcomes spooled")
        let size = hosts[worker].spool.values.reduce(0) { $0 + $1.byteCount }
        if let limit = scenario.spool, size > limit {
            violate("invariant 6: a spool of \(size) bytes, where \(limit) are the limit")
        }
        return .spooled(outcome.number)
    }

    /// 10, second half: who left without being heard has left nothing behind but what is in the spool.
    mutating func checkSpooled(_ worker: Int) {
        let host = hosts[worker]
        guard let process = host.process, process.isDraining, !process.wasHurried, !process.missedSpool,
            !process.stoodStillInDrain,
            // A small one may not hold all.
            let limit = scenario.spool, limit >= 1 << 20
        else { return }
        count("drains without an answer")
        for (attempt, iteration) in process.cuts where coordinator.durable.isCurrent(attempt) {
            let stored = coordinator.durable.task(attempt.task)?.iteration ?? 0
            let spooled = SpooledOutcome.usable(Array(host.spool.values)).compactMap { outcome -> Int? in
                guard case .checkpoint(attempt, let iteration, _, _, _, _) = outcome.message else { return nil }
                return iteration
            }
            if max(stored, spooled.max() ?? 0) < iteration {
                violate("invariant 10: \(host.node) left with a checkpoint that is neither stored nor spooled")
            }
        }
    }
}
