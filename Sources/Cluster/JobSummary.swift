import Coordination
import Foundation

/// A job in a list, for people and for the HTTP API: how far it is, without a word of each task.
package struct JobSummary: Codable, Sendable, Hashable {
    /// How many tasks are in each state.
    package struct TaskCounts: Codable, Sendable, Hashable {
        package var ready = 0
        package var leased = 0
        package var done = 0
        package var quarantined = 0
        package var failed = 0
        package var cancelled = 0

        package init() {}

        package init(_ states: some Sequence<TaskState>) {
            for state in states {
                switch state {
                case .ready: ready += 1
                case .leased: leased += 1
                case .done: done += 1
                case .quarantined: quarantined += 1
                case .failed: failed += 1
                case .cancelled: cancelled += 1
                }
            }
        }

        package var total: Int { ready + leased + done + quarantined + failed + cancelled }
    }

    package var id: String
    package var name: String
    package var project: String
    /// With which others it was submitted; nil where it was submitted alone.
    package var portfolio: PortfolioPlace?
    /// The class in which it waits.
    package var priority: String
    /// `queued`, `running`, `paused`, `held`, `assembling`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    /// Why the job is in its state, where that needs saying.
    package var text: String
    /// Somebody wants its results kept whatever the rule of retention says.
    package var isPinned: Bool
    /// ISO 8601, UTC.
    package var submittedAt: String
    package var taskCounts: TaskCounts
    /// Completed iterations of all tasks, warm-up counted.
    package var iteration: Int
    package var iterations: Int
    package var divergences: Int
    package var recomputedIterations: Int

    enum CodingKeys: String, CodingKey {
        case id, name, project, portfolio, priority, state, text, iteration, iterations, divergences
        case isPinned = "pinned"
        case submittedAt = "submitted_at"
        case taskCounts = "task_counts"
        case recomputedIterations = "recomputed_iterations"
    }

    package init(_ job: JobSnapshot, isPinned: Bool) {
        id = String(job.id.number)
        name = job.name
        project = Project.of(job)
        portfolio = job.portfolio
        priority = PriorityClass.name(of: job.priority)
        state = job.state.rawValue
        text = job.shownText
        self.isPinned = isPinned
        submittedAt = Date(timeIntervalSince1970: job.submittedAt).formatted(.iso8601)
        if let folded = job.folded {
            taskCounts = TaskCounts()
            taskCounts.done = folded.doneCount
            // Where one has failed the others were cancelled.
            taskCounts.cancelled = folded.taskCount - folded.doneCount
            iteration = folded.iteration
            iterations = folded.iterations
            divergences = folded.divergences
            recomputedIterations = folded.recomputedIterations
            return
        }
        taskCounts = TaskCounts(job.tasks.lazy.map(\.state))
        iteration = job.tasks.reduce(0) { $0 + $1.iteration }
        iterations = job.tasks.reduce(0) { $0 + $1.iterations }
        divergences = job.tasks.reduce(0) { $0 + $1.divergences }
        recomputedIterations = job.tasks.reduce(0) { $0 + $1.recomputedIterations }
    }

    package var isOver: Bool { ["succeeded", "failed", "cancelled"].contains(state) }

    /// Nothing more happens to it unless somebody does something.
    package var isAtRest: Bool { isOver || isStuck }

    /// What is left of it is quarantined.
    private var isStuck: Bool { state == "held" && taskCounts.ready + taskCounts.leased == 0 }
}

/// A job with all its tasks: the keys of the summary, and `tasks`.
package struct JobDetail: Codable, Sendable, Hashable {
    package var summary: JobSummary
    package var tasks: [JobProgress.Task]

    private enum CodingKeys: String, CodingKey {
        case tasks
    }

    package init(_ job: JobSnapshot, isPinned: Bool) {
        summary = JobSummary(job, isPinned: isPinned)
        tasks = JobProgress(job).tasks
    }

    package init(from decoder: any Decoder) throws {
        summary = try JobSummary(from: decoder)
        tasks = try decoder.container(keyedBy: CodingKeys.self).decode([JobProgress.Task].self, forKey: .tasks)
    }

    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(tasks, forKey: .tasks)
    }

    /// What the terminal shows.
    package var progress: JobProgress {
        JobProgress(
            id: summary.id, name: summary.name, state: summary.state, text: summary.text, tasks: tasks,
            recomputedIterations: summary.recomputedIterations)
    }
}
