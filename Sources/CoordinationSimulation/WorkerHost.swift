import Coordination
import Wire

/// What one slot's process does.
struct SimulatedSlot {
    /// The run that it computes, with a number that tells it from those before.
    struct Work {
        var number: Int
        var attempt: AttemptID
        var run: ToyRun
        var pace: Nanoseconds
        var failsAt: Int?
        /// By the simulation's own clock.
        var beganAt: Nanoseconds
        var rhythm: CheckpointRhythm
        /// Cut at the next iteration end, and leave.
        var isStopping = false
    }

    var work: Work?
    /// An iteration ended while the process stood still.
    var hasStalled = false
    var isEnding = false
    /// Faults under which it stands still.
    var hangs = 0
    /// It stands still for as long as it lives.
    var isStopped = false

    var standsStill: Bool { hangs > 0 || isStopped }
}

/// An agent's process.
struct WorkerProcess {
    var machine: Worker
    let life: Int
    let name: String
    /// Messages that were not read while the process stood still.
    var inbox: [[[UInt8]]] = []
    /// What slots said meanwhile.
    var pipe: [(slot: SlotID, event: SlotEvent)] = []
    var slots: [SimulatedSlot]
    var leases = LeaseView()
    var drain = SilentDrain()
    var isDraining = false
    /// It was told twice to leave.
    var wasHurried = false
    /// It stood still while it drained: what its slots cut meanwhile nobody has read.
    var stoodStillInDrain = false
    /// Its spool had no room for something.
    var missedSpool = false
    /// When it is called next.
    var wakeAt: Nanoseconds = .max
    var runs = 0
    /// The newest iteration of which each attempt was cut.
    var cuts: [AttemptID: Int] = [:]
}

/// A host of workers, one after another.
struct WorkerHost {
    let index: Int
    var clock: SimulatedClock
    var link: Link
    var chance: Chance
    var process: WorkerProcess?
    /// Outcomes on its disk, by number.
    var spool: [UInt64: SpooledOutcome] = [:]
    var fullSpools = 0
    var lives = 0
    /// Faults under which the agent, or the whole host, stands still.
    var pauses = 0
    var suspensions = 0
    var pausedSince: Nanoseconds = 0
    /// How long it stays away when its drain is done.
    var awayAfterDrain: Nanoseconds = .seconds(1)
    /// The last moment that is known at which anything stood between this host and the coordinator.
    var undisturbedSince: Nanoseconds = 0
    /// Attempts to connect that are planned.
    var connectionTries = 0

    var isPaused: Bool { pauses + suspensions > 0 }

    /// Nothing stands between it and the coordinator now.
    var isReachable: Bool {
        !isPaused && link.connection != nil && link.isOpenBothWays && link.lossProbability == 0
            && link.corruptionProbability == 0
    }

    var node: String { "worker\(index + 1)" }
}
