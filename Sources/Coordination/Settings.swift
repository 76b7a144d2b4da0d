import Wire

/// A moment of a monotonic clock, or a duration, in nanoseconds.
package typealias Nanoseconds = UInt64

/// How patient a coordinator is. Durations in nanoseconds.
package struct CoordinatorSettings: Sendable, Hashable {
    /// A worker that says nothing for so long has lost its attempts. 15 s: several missed heartbeats, and short
    /// against a chain of minutes.
    package let lease: Nanoseconds
    /// How often a silent worker speaks: seven times in a lease.
    package let heartbeat: Nanoseconds
    /// How often a running attempt cuts a checkpoint: the most work that a kill can cost.
    package let checkpoint: Nanoseconds
    /// Tries of one task after signals and lost workers, counted only without progress since the last checkpoint.
    package let triesWithoutProgressMax: Int
    /// Tries of one task after an error of the model or the core: the second is on another worker if there is one.
    package let errorsMax: Int
    /// How long a worker that was refused waits before it asks again: someone has to change something first.
    package let rejectionPause: Nanoseconds = 60_000_000_000
    /// True where no worker can have outlived an earlier coordinator: what it left running is free at once.
    package let workersDieWithCoordinator: Bool

    /// - Parameters:
    ///   - lease: the heartbeat scales with it.
    ///   - checkpoint: must be shorter than the lease.
    package init(
        lease: Nanoseconds = 15_000_000_000, checkpoint: Nanoseconds = 2_000_000_000,
        triesWithoutProgressMax: Int = 5, errorsMax: Int = 2,
        workersDieWithCoordinator: Bool = false
    ) {
        precondition(lease >= 100_000_000, "a lease below 0.1 s is lost to scheduling alone")
        precondition(lease <= Limits.durationMax, "a lease beyond \(Limits.durationMax) ns")
        precondition(checkpoint > 0 && checkpoint < lease, "a checkpoint interval must be shorter than the lease")
        self.lease = lease
        heartbeat = lease / 15 * 2
        self.checkpoint = checkpoint
        self.triesWithoutProgressMax = triesWithoutProgressMax
        self.errorsMax = errorsMax
        self.workersDieWithCoordinator = workersDieWithCoordinator
    }
}
