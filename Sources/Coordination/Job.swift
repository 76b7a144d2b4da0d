import Wire

/// One unit of work as the queue sees it: an identifier, a digest and opaque bytes.
package struct TaskSpecification: Sendable, Hashable, Codable {
    /// Names the result before it is known.
    package var digest: Digest
    package var payload: [UInt8]
    /// Blobs that the task reads.
    package var inputs: [Digest]
    /// For people: `chain 1`.
    package var label: String
    /// Iterations from start to end, for progress.
    package var iterations: Int

    package init(digest: Digest, payload: [UInt8], inputs: [Digest], label: String, iterations: Int) {
        self.digest = digest
        self.payload = payload
        self.inputs = inputs
        self.label = label
        self.iterations = iterations
    }
}

/// What tasks of a job wait for, and where its chains may end.
package struct ChainSchedule: Sendable, Hashable, Codable {
    /// The job's chains among its tasks. Those before them are its scouts.
    package var chains: Range<Int>
    /// The tasks that begin when the scouts are done, and read their draws; nil where an older version has not said: the
    /// chains.
    private var scouted: Range<Int>?
    /// Iterations that a chain has completed at the end of each round, growing; the last are all that its task has. The
    /// chains are done after the first round whose draws are enough. Empty where they run to the end in any case.
    package var rounds: [Int]

    /// - Parameter scouted: the tasks that begin when the scouts are done, and read their draws; nil: the chains.
    package init(chains: Range<Int>, scouted: Range<Int>? = nil, rounds: [Int]) {
        self.chains = chains
        self.scouted = scouted
        self.rounds = rounds
    }

    package var scouts: Range<Int> { 0..<chains.lowerBound }

    /// The tasks that wait for scouts; none where there are no scouts.
    package var waiting: Range<Int> { scouts.isEmpty ? 0..<0 : scouted ?? chains }

    func isValid(taskCount: Int) -> Bool {
        chains.lowerBound >= 0 && max(chains.upperBound, waiting.upperBound) <= taskCount
            && (waiting.isEmpty || waiting.lowerBound >= scouts.upperBound)
            && zip(rounds, rounds.dropFirst()).allSatisfy(<)
    }
}

/// One fit as the queue sees it.
package struct JobSpecification: Sendable, Hashable, Codable {
    /// Names the content: submitted twice, it is the same job while that has not failed and was not cancelled.
    package var digest: Digest
    package var name: String
    /// The class in which it waits: higher goes first, and what runs in a lower one gives way.
    package var priority: Int
    /// Whose slot time it uses; nil where none was named.
    package var project: String?
    /// It begins when these have succeeded, and is given up when one of them does not.
    package var after: [JobID]?
    /// It is given up at this moment, in seconds since 1970 by the coordinator's clock.
    package var deadline: Double?
    /// What workers must have to be given its tasks.
    package var needs: TaskNeeds?
    /// Nil where it was submitted alone.
    package var portfolio: PortfolioPlace?
    /// The blob with model and data.
    package var bundle: Digest
    /// Seconds since 1970 by the submitter's clock, for display.
    package var submittedAt: Double
    /// What the kernels compute that its tasks are for; nil where an older version has not said.
    package var kernels: Digest?
    /// What the front door had to say of the model, a sentence each, for the results; nil where an older version has not.
    package var warnings: [String]?
    /// The same in French, in their order; nil where an older version has not.
    package var frenchWarnings: [String]?
    /// How its chains begin and end; nil where each task is for itself.
    package var schedule: ChainSchedule?
    /// Nil while the tasks are listed.
    package var folded: FoldedJob?
    package var tasks: [TaskSpecification]

    package init(
        digest: Digest, name: String, priority: Int, project: String? = nil, after: [JobID]? = nil,
        deadline: Double? = nil, needs: TaskNeeds? = nil, portfolio: PortfolioPlace? = nil, bundle: Digest,
        submittedAt: Double, kernels: Digest? = nil, warnings: [String]? = nil, frenchWarnings: [String]? = nil,
        schedule: ChainSchedule? = nil,
        tasks: [TaskSpecification]
    ) {
        self.digest = digest
        self.name = name
        self.priority = priority
        self.project = project
        self.after = after
        self.deadline = deadline
        self.needs = needs
        self.portfolio = portfolio
        self.bundle = bundle
        self.submittedAt = submittedAt
        self.kernels = kernels
        self.warnings = warnings
        self.frenchWarnings = frenchWarnings
        self.schedule = schedule
        self.tasks = tasks
    }
}

/// The classes in which jobs wait; others may be given by number.
package enum PriorityClass: Int, Sendable, Hashable, CaseIterable {
    case low = -1
    case normal = 0
    case high = 1
    case urgent = 2

    /// The name of a priority, or its number where it has none.
    package static func name(of priority: Int) -> String {
        PriorityClass(rawValue: priority).map { "\($0)" } ?? String(priority)
    }

    /// The priority of a name; nil for others.
    package static func priority(named name: String) -> Int? { allCases.first { "\($0)" == name }?.rawValue }
}

/// `queued → running → assembling → succeeded | failed`; `cancelled` from any but the last two. A job that is `paused`
/// is queued or running and is given nothing; of one that is `held` all runs but what is quarantined.
package enum JobState: String, Sendable, Hashable, Codable {
    /// No task has been granted yet.
    case queued
    case running
    /// An operator has paused it: what ran gives way at its next checkpoint.
    case paused
    /// A task of it is quarantined: somebody has to look at it. The others go on.
    case held
    /// All tasks are done; the results are being put together.
    case assembling
    case succeeded
    case failed
    case cancelled

    package var isOver: Bool { self == .succeeded || self == .failed || self == .cancelled }
}

/// `ready → leased → done | failed`; `leased → ready` when an attempt is lost, and on to `quarantined` where one more
/// would be lost too. `done` is final.
package enum TaskState: String, Sendable, Hashable, Codable {
    case ready
    case leased
    case done
    /// It ended at one place on several workers, and is not tried until somebody says so.
    case quarantined
    case failed
    case cancelled
}

/// Facts of one try, for the manifest.
package struct AttemptFacts: Sendable, Hashable, Codable {
    package var epoch: UInt64
    /// Who ran it.
    package var worker: String
    /// The iteration of the checkpoint it went on from; 0 from the beginning.
    package var startIteration: Int
    /// The furthest iteration that was heard of.
    package var lastIteration: Int
    /// How it ended; empty while it runs.
    package var outcome: String
}

/// A job as others see it.
package struct JobSnapshot: Sendable, Hashable {
    package struct Task: Sendable, Hashable {
        package var specification: TaskSpecification
        package var state: TaskState
        package var iteration: Int
        /// Where it ends, as far as is known: a chain that rounds may end, at the round that is judged next.
        package var iterations: Int
        package var isWarmingUp: Bool
        package var divergences: Int
        package var stepSize: Double?
        package var gradientEvaluations: Int
        package var attempts: [AttemptFacts]
        /// Where another try would go on; nil: from the beginning.
        package var start: StartingPoint?
        /// Stored draws, in order.
        package var blocks: [Digest]
        package var result: Digest?
        /// As the try that finished reported it.
        package var cost: AttemptCost?

        /// Iterations known to have been run more than once: for every try after the first, how far its predecessor
        /// had come beyond the checkpoint it went on from.
        package var recomputedIterations: Int {
            zip(attempts, attempts.dropFirst()).reduce(0) { sum, pair in
                sum + max(0, pair.0.lastIteration - pair.1.startIteration)
            }
        }
    }

    package var id: JobID
    package var digest: Digest
    package var name: String
    package var bundle: Digest
    package var submittedAt: Double
    package var priority: Int
    /// Whose slot time it uses.
    package var project: String
    /// Nil where it was submitted alone.
    package var portfolio: PortfolioPlace?
    /// Bytes of memory that a slot must have for its tasks; 0 where any will do.
    package var memory: UInt64
    /// What the front door had to say of the model.
    package var warnings: [String]
    package var state: JobState
    /// Why the job is in its state, where that needs saying.
    package var text: String
    package var tasks: [Task]
    /// The iteration at which the draws of the chains were enough; nil where they have their tasks' iterations, or it is
    /// not known yet.
    package var settled: Int?
    /// It waits, and for as long as the coordinator is patient no worker has come.
    package var waitsForWorker = false
    /// What is left of the tasks of a job that was over before this coordinator started; nil while they are listed.
    package var folded: FoldedJob?
    /// The warnings in French, in their order; empty where an older version has not said them.
    package var frenchWarnings: [String] = []

    package var taskCount: Int { folded?.taskCount ?? tasks.count }
    /// Tasks that are done.
    package var doneCount: Int { folded?.doneCount ?? tasks.count { $0.state == .done } }
}
