/// Why an attempt ended without a result.
package enum Failure: UInt32, Sendable, Codable, Hashable {
    /// The numeric core or the model refused: the same bytes will fail again on a healthy machine.
    case error = 1
    /// Something that says nothing of the task: a signal from outside ended the slot process (SIGKILL, SIGTERM and their
    /// like), or bytes that it needs came damaged.
    case signal = 2
    /// The worker gave the task back in good order, after its last checkpoint.
    case released = 3
    /// The slot process held more memory than its worker lets a slot have.
    case outOfMemory = 4
    /// The slot process made no progress for longer than it should, and its worker killed it.
    case hang = 5
    /// A signal that a program brings on itself (SIGSEGV, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGTRAP) ended the slot
    /// process.
    case crash = 6
}

/// What a worker's host lets its tasks have.
package struct WorkerResources: Sendable, Hashable {
    /// Bytes of memory that the task of one slot may hold; nil: the worker does not know.
    package var slotMemory: Int?
    /// Nanoseconds, from the moment the message leaves, until the worker leaves, in time before its host or batch system
    /// ends it; nil: those do not.
    package var walltime: UInt64?
    /// What tasks may ask for, such as `zone=a`.
    package var tags: [String]

    package init(slotMemory: Int? = nil, walltime: UInt64? = nil, tags: [String] = []) {
        self.slotMemory = slotMemory
        self.walltime = walltime
        self.tags = tags
    }
}

/// What a worker says of one attempt that it runs.
package struct AttemptProgress: Sendable, Hashable {
    package var attempt: AttemptID
    package var iteration: Int
    package var isWarmingUp: Bool
    package var divergences: Int
    package var stepSize: Double
    package var gradientEvaluations: Int

    package init(
        attempt: AttemptID, iteration: Int, isWarmingUp: Bool, divergences: Int, stepSize: Double,
        gradientEvaluations: Int
    ) {
        self.attempt = attempt
        self.iteration = iteration
        self.isWarmingUp = isWarmingUp
        self.divergences = divergences
        self.stepSize = stepSize
        self.gradientEvaluations = gradientEvaluations
    }
}

/// What a finished attempt cost. Never part of a digest: times differ between equal runs.
package struct AttemptCost: Sendable, Hashable, Codable {
    package var gradientEvaluations: Int
    package var divergences: Int
    package var cpuNanoseconds: UInt64
    package var wallNanoseconds: UInt64

    package init(gradientEvaluations: Int, divergences: Int, cpuNanoseconds: UInt64, wallNanoseconds: UInt64) {
        self.gradientEvaluations = gradientEvaluations
        self.divergences = divergences
        self.cpuNanoseconds = cpuNanoseconds
        self.wallNanoseconds = wallNanoseconds
    }
}

/// Worker → coordinator.
package enum WorkerMessage: Sendable, Hashable {
    /// Opens a session. `instance` names the process; `binary` and `kernels` are digests of the program and of what
    /// its kernels compute; `attempts` are those the worker still runs or has unacknowledged outcomes of, of jobs in `ledger`: 0 until it has
    /// been welcomed.
    case hello(
        instance: [UInt8], host: String, slots: Int, binary: Digest, kernels: Digest,
        resources: WorkerResources = WorkerResources(), ledger: UInt64 = 0, attempts: [AttemptID])
    case heartbeat(number: UInt64, attempts: [AttemptProgress])
    /// Grants that the worker will hold in all from now on, in place of the slots of its `hello`.
    case capacity(grants: Int)
    /// A state to resume from and the draws since the last one; their bytes are blobs of the message, or have come
    /// before it in parts.
    case checkpoint(
        attempt: AttemptID, iteration: Int, state: Digest, block: Digest?, chainBefore: Digest, chainAfter: Digest)
    /// All draws are stored; `digest` is the last chain digest.
    case result(attempt: AttemptID, digest: Digest, cost: AttemptCost)
    case failed(attempt: AttemptID, failure: Failure, text: String, iteration: Int)
    /// No more grants, please; outcomes still follow.
    case draining(reason: String)
    case goodbye(reason: String)
    case fetch(digest: Digest, offset: Int, length: Int)
    /// Bytes of a blob that the attempt's next checkpoint names, as the blob of the message; answered by `have`.
    case part(attempt: AttemptID, digest: Digest, offset: Int, total: Int)
}
