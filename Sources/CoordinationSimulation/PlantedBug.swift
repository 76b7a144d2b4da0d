/// A known mistake, made on purpose at the edge of the machines, where their effects become those of a shell: the
/// simulation must see each. It lies here and not in the machines, so that the program has no switch for it.
package enum PlantedBug: String, Sendable, Hashable, CaseIterable {
    /// A checkpoint is stored and acknowledged whatever its epoch.
    case noEpochCheck = "no epoch check on checkpoints"
    /// Checkpoints and results count as stored as soon as they are decided.
    case acknowledgedBeforeStored = "acknowledged before stored"
    /// Grants leave as soon as they are decided.
    case assignedBeforeCommit = "assign before commit"
    /// Leases are judged at the beginning of each turn, whatever lies unread.
    case timersBeforeMessages = "timers before pending messages"
    /// The worker counts its lease from when it hears of its renewal, not from when it asked.
    case leaseFromReceipt = "lease counted from receipt"
    /// A failed sync is tried again, and the second try succeeds.
    case syncTriedAgain = "retry of a failed sync"
    /// Blobs are named without making their names durable.
    case noFolderSync = "blob renamed without folder sync"
    /// A worker that was asked to leave sends no heartbeats any more.
    case silentDrain = "heartbeats stop during drain"
    /// A result of a task that is done is counted again.
    case secondResultCounted = "second result counted"
    /// The worker enters the stream of random numbers.
    case streamKeyedByWorker = "random stream keyed by worker"
    /// A new attempt ignores the state that it is handed.
    case restartFromZero = "a lost attempt starts again from zero"
}
