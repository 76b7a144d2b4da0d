import Coordination
import Wire

/// A worker's word that asks to be stored.
struct Word: Hashable {
    var session: UInt64
    var sequence: UInt64
}

/// A coordinator's process.
struct CoordinatorProcess {
    var machine: Coordinator
    let life: Int
    let epoch: UInt64
    var inbox: [(frames: [[UInt8]], connection: UInt64)] = []
    /// What other threads ask of the control thread.
    var requests: [CoordinatorEvent] = []
    var units: [LedgerUnit] = []
    /// The batch that is being committed.
    var batch: [LedgerUnit] = []
    var arriving: [AttemptID: [UInt8]] = [:]
    /// When the control thread's next turn is.
    var turnAt: Nanoseconds = .max
    /// It computes until then.
    var busyUntil: Nanoseconds = 0
    /// Sessions that were welcomed, with their connections.
    var welcomed: [UInt64: UInt64] = [:]
    /// What was received and may be acknowledged.
    var words: [Word: WorkerMessage] = [:]
    var assemblies: [JobID: JobSnapshot] = [:]
}

/// The coordinator's host, with its disk.
struct CoordinatorHost {
    /// A crash that waits for its step.
    struct Fuse {
        var crash: Crash
        var steps: Int
        var away: Nanoseconds
    }

    var clock: SimulatedClock
    var disk: SimulatedDisk
    var chance: Chance
    var process: CoordinatorProcess?
    var lives = 0
    var pauses = 0
    var pausedSince: Nanoseconds = 0
    var startedAt: Nanoseconds = 0
    /// When it came back from an absence that it must have noticed: more than half a lease.
    var backSince: Nanoseconds = 0
    var fuse: Fuse?
    /// What slow faults add to each message and each commit.
    var messageCost: Nanoseconds = 0
    var commitCost: Nanoseconds = 0
    var fullDisks = 0
    /// Tasks whose stored draws cannot be read when they are read next.
    var drawsToLose = 0
    /// Decisions of this process, stored or not, as an independent reader understands them.
    var decided: LedgerModel
    /// The same of what would survive a loss of power now.
    var durable: LedgerModel
    var durableBatchCount = 0
}
