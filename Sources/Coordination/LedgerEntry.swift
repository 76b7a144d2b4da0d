import Wire

/// What was decided, durably. Replayed in order at start; nothing is acknowledged or sent before its entry is stored.
package enum LedgerEntry: Sendable, Hashable, Codable {
    case submitted(JobID, JobSpecification)
    case granted(AttemptID, worker: String)
    /// The attempt's state at an iteration end, with the draws since the last one.
    case checkpointed(AttemptID, StartingPoint, block: Digest?)
    case done(AttemptID, result: Digest, cost: AttemptCost)
    /// The attempt is over without a result. `lastIteration` is the furthest that was heard of.
    case ended(AttemptID, outcome: String, lastIteration: Int, blame: Blame)
    case taskFailed(TaskID, text: String)
    /// The task ended at one place on several workers: it is not tried until its job is resumed.
    case quarantined(TaskID, text: String)
    case cancelled(JobID)
    /// The job is given up for a reason of its own: its deadline has passed, or what it was to follow did not succeed.
    case abandoned(JobID, reason: String)
    /// Nothing more of the job is granted until it is resumed.
    case paused(JobID)
    /// Also what was quarantined is tried again, as if it never had been.
    case resumed(JobID)
    /// The job waits in another class from now on.
    case prioritised(JobID, priority: Int)
    /// The draws of the job's chains up to this iteration are enough: its chains are done.
    case settled(JobID, iteration: Int)
    case assembled(JobID, succeeded: Bool, text: String)
    /// Stored draws of a finished task cannot be read any more: it begins anew, and ends with the same result.
    case drawsLost(TaskID)

    package var job: JobID {
        switch self {
        case .submitted(let job, _), .cancelled(let job), .assembled(let job, _, _), .abandoned(let job, _),
            .paused(let job), .resumed(let job), .prioritised(let job, _), .settled(let job, _):
            job
        case .granted(let attempt, _), .checkpointed(let attempt, _, _), .done(let attempt, _, _),
            .ended(let attempt, _, _, _):
            attempt.task.job
        case .taskFailed(let task, _), .quarantined(let task, _), .drawsLost(let task): task.job
        }
    }
}

/// Whose fault the end of an attempt was; it decides how often a task is tried.
package enum Blame: String, Sendable, Hashable, Codable {
    /// The worker left in good order, or the coordinator was restarted.
    case nobody
    /// The worker was lost, or a signal ended the slot process.
    case circumstances
    /// The core or the model refused.
    case task
    /// The slot process stood still.
    case hang
    /// The slot process ended itself by a signal.
    case crash
    /// The slot process took more memory than it may.
    case memory
    /// What the worker handed in is not what a worker in good order hands in.
    case invalid

    /// True where the worker may be to blame.
    package var isBadForWorker: Bool {
        switch self {
        case .circumstances, .hang, .crash, .invalid: true
        case .nobody, .task, .memory: false
        }
    }
}

/// The promise that an entry is on disk, kept by `CoordinatorEvent.stored`.
package struct Ticket: Hashable, Sendable, Comparable {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (left: Ticket, right: Ticket) -> Bool { left.number < right.number }
}
