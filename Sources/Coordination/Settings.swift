import Wire

/// A moment of a monotonic clock, or a duration, in nanoseconds.
package typealias Nanoseconds = UInt64

/// When a task is not tried again, by how its tries ended. A checkpoint begins the count anew, but for errors and for
/// what was refused.
package struct TryLimits: Sendable, Hashable {
    /// Tries again after signals from outside, lost workers and crashes.
    package var circumstances = 5
    /// Errors of the model or the core: the second is on another worker if there is one.
    package var errors = 2
    /// Checkpoints or results that were refused: the second is from another worker if there is one.
    package var invalids = 2
    /// Tries that stood still.
    package var hangs = 3
    /// Tries that took too much memory: the third is where a slot has more.
    package var memoryFailures = 3
    /// Workers on which it ended at the same iteration, by an error, a crash or a stall: it is quarantined then.
    package var workersAtOnePlace = 2

    package init() {}

    /// Whatever happens, a task is tried again; but for errors.
    package static var countless: TryLimits {
        var limits = TryLimits()
        limits.circumstances = .max
        limits.invalids = .max
        limits.hangs = .max
        limits.memoryFailures = .max
        limits.workersAtOnePlace = .max
        return limits
    }
}

/// How patient a coordinator is. Durations in nanoseconds.
package struct CoordinatorSettings: Sendable, Hashable {
    /// A worker that says nothing for so long has lost its attempts. 15 s: several missed heartbeats, and short
    /// against a chain of minutes.
    package let lease: Nanoseconds
    /// How often a silent worker speaks: seven times in a lease.
    package let heartbeat: Nanoseconds
    /// How often a running attempt cuts a checkpoint: the most work that a kill can cost.
    package let checkpoint: Nanoseconds
    package let tries: TryLimits
    /// How long after the second bad end of a task in a row the next try waits: doubled at each, up to the maximum.
    package let backOffMin: Nanoseconds = 1_000_000_000
    package let backOffMax: Nanoseconds = 60_000_000_000
    /// Tasks that wait, and no worker to run them for so long: someone should be told.
    package let patience: Nanoseconds = 120_000_000_000
    /// What projects may have; those that are not named have a weight of 1 and no bounds.
    package let shares: [String: ProjectShare]
    /// How long a worker that was refused waits before it asks again: someone has to change something first.
    package let rejectionPause: Nanoseconds = 60_000_000_000
    /// True where no worker can have outlived an earlier coordinator: what it left running is free at once.
    package let workersDieWithCoordinator: Bool

    /// - Parameters:
    ///   - lease: the heartbeat scales with it.
    ///   - checkpoint: must be shorter than the lease.
    package init(
        lease: Nanoseconds = 15_000_000_000, checkpoint: Nanoseconds = 2_000_000_000,
        tries: TryLimits = TryLimits(), workersDieWithCoordinator: Bool = false, shares: [String: ProjectShare] = [:]
    ) {
        precondition(lease >= 100_000_000, "a lease below 0.1 s is lost to scheduling alone")
        precondition(lease <= Limits.durationMax, "a lease beyond \(Limits.durationMax) ns")
        precondition(checkpoint > 0 && checkpoint < lease, "a checkpoint interval must be shorter than the lease")
        self.lease = lease
        heartbeat = lease / 15 * 2
        self.checkpoint = checkpoint
        self.tries = tries
        self.workersDieWithCoordinator = workersDieWithCoordinator
        self.shares = shares
    }
}
