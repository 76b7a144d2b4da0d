import Wire

/// A place of the worker where one task runs at a time; counted from 0.
package typealias SlotID = Int

/// What a slot process says.
package enum SlotEvent: Sendable {
    case progress(iteration: Int, isWarmingUp: Bool, divergences: Int, stepSize: Double, gradientEvaluations: Int)
    case checkpoint(iteration: Int, state: Blob, block: Blob?, chainBefore: Digest, chainAfter: Digest)
    case finished(digest: Digest, cost: AttemptCost)
    /// The task was left at a stop, after a checkpoint.
    case stopped
    case failed(text: String)
    /// So many bytes of memory are the process's own.
    case memory(byteCount: Int)
    /// The process is gone; `failure` is what that means for its task.
    case exited(text: String, failure: Failure)
}

/// What the workers of a host have of a blob that they share.
package enum HostCopy: Sendable {
    case whole([UInt8])
    /// Another of them fetches it.
    case onItsWay
    /// Nobody has it: whoever asks fetches it.
    case none
}

/// What happens to a worker.
package enum WorkerEvent: Sendable {
    case received(Envelope<CoordinatorMessage>)
    case slot(SlotID, SlotEvent)
    /// The outcome of this number survives the process, and a loss of power.
    case spooled(UInt64)
    /// The disk has no room for it.
    case spoolRefused(UInt64)
    /// An answer to `lookUp`.
    case lookedUp(Digest, HostCopy)
    case tick
    /// Leave in good order; the second time, at once.
    case drainRequested
}

/// What a worker wants done.
package enum WorkerEffect: Sendable {
    case send(Envelope<WorkerMessage>)
    /// Start the task; `inputs` in the order of the grant, `state` when it goes on from a checkpoint.
    case run(SlotID, Grant, inputs: [[UInt8]], state: [UInt8]?, checkpointInterval: Nanoseconds)
    /// The slot may cut another checkpoint.
    case accepted(SlotID)
    /// Cut a checkpoint at the next iteration end and leave the task.
    case stop(SlotID)
    /// End the slot's process; its exit comes back as an event.
    case kill(SlotID)
    /// Put the outcome on disk, in place of one of the same number; comes back as an event.
    case spool(SpooledOutcome)
    /// Remove outcomes from the disk.
    case unspool([UInt64])
    /// Look for the blob among what this host's workers share; comes back as an event.
    case lookUp(Digest)
    /// Let this host's other workers have the blob, which was looked up and has come since.
    case share(Digest, [UInt8])
    case exit(code: Int32)
    case log(WorkerFact)
}

/// Facts that the shell words and logs.
package enum WorkerFact: Sendable, Hashable {
    case joined(build: String)
    case rejected(reason: String)
    case lostCoordinator
    case started(AttemptID, fromIteration: Int)
    case ended(AttemptID, text: String)
    case draining(reason: String)
    /// An earlier process has left so many outcomes behind, which are handed in.
    case recovered(outcomes: Int)
    /// The spool takes no more.
    case spoolFull
}

/// How a worker behaves. Durations in nanoseconds.
package struct WorkerSettings: Sendable, Hashable {
    /// How long to go on without a coordinator. 0: leave as soon as it counts as away, which is after three unanswered
    /// heartbeats.
    package var orphanLimit: Nanoseconds
    /// Leave after so long without anything to do; nil: stay.
    package var idleLimit: Nanoseconds?
    /// How long, from its start, the host lets the worker live; nil: it does not say.
    package var walltime: Nanoseconds?
    /// Leave after so long, to be started anew by whoever watches: long-lived processes gather what nobody wants. The
    /// instance decides on up to a tenth less. nil: stay.
    package var lifetime: Nanoseconds?
    /// How long a drain may take before the worker leaves without its acknowledgements.
    package var drainLimit: Nanoseconds
    /// When a slot's process is killed because it stands still.
    package var stall: StallLimits
    /// Bytes of outcomes that may wait on disk while the coordinator is away; nil: none.
    package var spoolByteCountMax: Int?
    /// Bytes of memory beyond which a slot's process is killed; nil: it may have what it gets.
    package var slotMemoryMax: Int?

    package init(
        orphanLimit: Nanoseconds = 24 * 3600 * 1_000_000_000, idleLimit: Nanoseconds? = nil,
        walltime: Nanoseconds? = nil, lifetime: Nanoseconds? = nil,
        drainLimit: Nanoseconds = 60 * 1_000_000_000, stall: StallLimits = StallLimits(),
        slotMemoryMax: Int? = nil, spoolByteCountMax: Int? = nil
    ) {
        self.orphanLimit = orphanLimit
        self.idleLimit = idleLimit
        self.walltime = walltime
        self.lifetime = lifetime
        self.drainLimit = drainLimit
        self.stall = stall
        self.slotMemoryMax = slotMemoryMax
        self.spoolByteCountMax = spoolByteCountMax
    }
}

/// Who a worker is.
package struct WorkerIdentity: Sendable, Hashable {
    /// Sixteen bytes that name this process and no other.
    package var instance: [UInt8]
    /// `HOST:PID`, for people.
    package var name: String
    package var slots: Int
    /// Bytes of memory that the task of one slot may hold; nil: not known.
    package var slotMemory: Int?
    /// What tasks may ask for.
    package var tags: [String]
    package var binary: Digest
    /// What this machine's kernels compute.
    package var kernels: Digest

    package init(
        instance: [UInt8], name: String, slots: Int, slotMemory: Int? = nil, tags: [String] = [], binary: Digest,
        kernels: Digest
    ) {
        self.instance = instance
        self.name = name
        self.slots = slots
        self.slotMemory = slotMemory
        self.tags = tags
        self.binary = binary
        self.kernels = kernels
    }
}
