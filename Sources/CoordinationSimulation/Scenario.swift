import Coordination

/// A world to be run: who is in it, how good its network and disk are, what goes wrong and when. Together with its seed
/// it decides everything.
package struct Scenario: Sendable, Hashable {
    package struct Job: Sendable, Hashable {
        package var name: String
        package var priority: Int
        package var submittedAt: Nanoseconds
        package var tasks: [Task]
        /// How its chains begin and end; nil where each task is for itself.
        package var schedule: ChainSchedule?
        /// The iteration from which on the draws of its chains are enough.
        package var enoughAt = 0

        package init(name: String, priority: Int = 0, submittedAt: Nanoseconds, tasks: [Task]) {
            self.name = name
            self.priority = priority
            self.submittedAt = submittedAt
            self.tasks = tasks
        }

        /// The same with scouts and rounds.
        package func scheduled(_ schedule: ChainSchedule, enoughAt: Int) -> Job {
            var job = self
            job.schedule = schedule
            job.enoughAt = enoughAt
            return job
        }
    }

    package struct Task: Sendable, Hashable {
        /// Tasks of one key are the same task, in whatever jobs.
        package var key: UInt64
        package var iterations: Int
        package var warmUp: Int
        package var stateByteCount: Int
        /// What an iteration takes, give or take a half of it in an irregular world.
        package var pace: Nanoseconds
        /// The model refuses at this iteration, wherever it runs; nil: never.
        package var failsAt: Int?

        package init(
            key: UInt64, iterations: Int, warmUp: Int, stateByteCount: Int, pace: Nanoseconds, failsAt: Int? = nil
        ) {
            self.key = key
            self.iterations = iterations
            self.warmUp = warmUp
            self.stateByteCount = stateByteCount
            self.pace = pace
            self.failsAt = failsAt
        }
    }

    package var seed: UInt64
    package var lease: Nanoseconds
    package var checkpoint: Nanoseconds
    package var tries: TryLimits
    package var orphanLimit: Nanoseconds
    /// When workers kill a slot that stands still.
    package var stall: StallLimits
    /// One machine: no worker outlives its coordinator, which hears at once when one ends.
    package var isLocal: Bool
    /// All workers are on one host and share what they fetch.
    package var sharesBundles = false
    /// Bytes of each worker's spool; nil: none has one.
    package var spool: Int?
    /// How long each host lets a worker live; nil: for ever.
    package var walltime: Nanoseconds?
    /// After which each worker leaves to be started anew; nil: it stays.
    package var lifetime: Nanoseconds?
    /// How long a drain may take.
    package var drainLimit: Nanoseconds
    /// Slots of each worker.
    package var workers: [Int]
    package var jobs: [Job]
    /// What a message takes.
    package var delay: ClosedRange<Nanoseconds>
    /// What a commit takes.
    package var commit: ClosedRange<Nanoseconds>
    /// Messages that the coordinator takes before it looks at anything else.
    package var messagesPerTurnMax: Int
    /// Messages in one direction of one link.
    package var queueMax: Int
    /// Iterations, pauses and clocks vary by chance; false where a timeline is to be read.
    package var isIrregular: Bool
    package var faults: [PlannedFault]
    /// From then on nothing goes wrong, and all work must end.
    package var calmFrom: Nanoseconds

    /// A world without faults: the ground of schedules.
    package init(
        seed: UInt64 = 0, workers: [Int], jobs: [Job], faults: [PlannedFault] = [], calmFrom: Nanoseconds = 0
    ) {
        self.seed = seed
        lease = .seconds(15)
        checkpoint = .seconds(2)
        tries = TryLimits()
        orphanLimit = .seconds(24 * 3600)
        // Every iteration is one gradient here.
        stall = StallLimits(
            floor: .seconds(20), iterations: 4, gradients: 1, start: Self.slowestIteration * 2, stop: .seconds(15))
        isLocal = false
        drainLimit = .seconds(60)
        self.workers = workers
        self.jobs = jobs
        delay = .milliseconds(1)...(.milliseconds(1))
        commit = .milliseconds(1)...(.milliseconds(1))
        messagesPerTurnMax = 256
        queueMax = 1000
        isIrregular = false
        self.faults = faults
        self.calmFrom = calmFrom
    }

    /// Bytes of memory that a slot may have.
    static let slotMemory = 1 << 30

    /// Longer than any iteration of any world takes.
    private static let slowestIteration: Nanoseconds = .seconds(100)

    /// Damaged bytes may reach the machines: the checksum of a frame does not cover its blobs.
    var hasCorruption: Bool {
        faults.contains { if case .corruptMessages = $0.fault { true } else { false } }
    }

    /// After the faults everything is done by then: each task runs at most once more, one after another, and each
    /// begins at worst after a lost lease, a restarted coordinator's grace and a few pauses, and for each slot that was
    /// stopped after its worker has noticed.
    var deadline: Nanoseconds {
        let work = jobs.flatMap(\.tasks).reduce(Nanoseconds(0)) {
            $0 + Nanoseconds($1.iterations) * $1.pace * 3 / 2 + .seconds(10)
        }
        // An operator has it tried again, twice on each of two workers, and gives it up.
        let failing = jobs.flatMap(\.tasks).filter { $0.failsAt != nil }.reduce(Nanoseconds(0)) {
            $0 + 4 * Nanoseconds($1.iterations) * $1.pace * 3 / 2 + .seconds(60)
        }
        let start = max(calmFrom, jobs.map(\.submittedAt).max() ?? 0)
        let stopped = faults.filter { if case .stopSlot = $0.fault { true } else { false } }.count
        let patience = max(stall.floor, stall.start, stall.iterations * Self.slowestIteration)
        return start + work + failing + 4 * lease + .seconds(60) + Nanoseconds(stopped) * patience
    }
}
