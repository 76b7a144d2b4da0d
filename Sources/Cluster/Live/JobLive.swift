import Coordination
import Foundation

/// A task on a line of its own, and how fast it goes: the keys of the task, and more.
package struct LiveTask: Codable, Sendable, Hashable {
    package var task: JobProgress.Task
    /// Who runs it; nil while nobody does.
    package var worker: String?
    /// Nil while it does not run, or nothing can be said.
    package var pace: Pace?

    private enum CodingKeys: String, CodingKey {
        case worker
        case iterations = "iterations_per_second"
        case gradients = "gradients_per_second"
    }

    init(_ task: JobProgress.Task, worker: String?, pace: Pace?) {
        self.task = task
        self.worker = worker
        self.pace = pace
    }

    package init(from decoder: any Decoder) throws {
        task = try JobProgress.Task(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        worker = try container.decodeIfPresent(String.self, forKey: .worker)
        if let iterations = try container.decodeIfPresent(Double.self, forKey: .iterations),
            let gradients = try container.decodeIfPresent(Double.self, forKey: .gradients)
        {
            pace = Pace(iterations: iterations, gradients: gradients)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        try task.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(worker, forKey: .worker)
        try container.encodeIfPresent(pace?.iterations, forKey: .iterations)
        try container.encodeIfPresent(pace?.gradients, forKey: .gradients)
    }
}

/// Tasks of one kind that are too many for a line each.
package struct TaskGroup: Codable, Sendable, Hashable {
    /// `resamples`.
    package var name: String
    package var tasks: Int
    package var done: Int
    package var running: Int
    /// That failed, were cancelled or are quarantined.
    package var lost: Int
    package var iteration: Int
    package var iterations: Int
    package var divergences: Int
}

/// `GET /v1/jobs/{job}/live`: a job as whoever watches it wants to see it. The keys of the summary, and more.
package struct JobLive: Codable, Sendable, Hashable {
    package var summary: JobSummary
    /// Nil as long as nothing can be said.
    package var pace: Pace?
    /// Seconds until its tasks are done, at this pace.
    package var secondsLeft: Double?
    /// Its chains and scouts.
    package var chains: [LiveTask]
    /// All others, by kind.
    package var groups: [TaskGroup]
    /// What its draws say so far; nil where nobody has looked at them, or there are too few.
    package var figures: FormingFigures?

    private enum CodingKeys: String, CodingKey {
        case chains, groups, figures
        case iterations = "iterations_per_second"
        case gradients = "gradients_per_second"
        case secondsLeft = "seconds_left"
    }

    /// Chains on lines of their own at the most.
    private static let chainsMax = 64

    package init(_ job: JobSnapshot, isPinned: Bool, content: JobBoard.Content, figures: FormingFigures?) {
        summary = JobSummary(job, isPinned: isPinned)
        let pace = content.pace(of: job.id)
        let total = job.state.isOver ? nil : pace?.total
        self.pace = total
        let left = summary.iterations - summary.iteration
        if job.state == .running, let total, total.iterations > 0, left > 0 {
            secondsLeft = (Double(left) / total.iterations).rounded(.up)
        }
        self.figures = figures
        chains = []
        groups = []
        let progress = JobProgress(job)
        for (index, task) in progress.tasks.enumerated() {
            let kind = Self.kind(of: task.label)
            if Self.isLine(kind), chains.count < Self.chainsMax {
                let isRunning = job.tasks[index].state == .leased
                chains.append(
                    LiveTask(
                        task, worker: isRunning ? job.tasks[index].attempts.last?.worker : nil,
                        pace: isRunning ? pace?.tasks[index] : nil))
            } else {
                add(task, to: Self.plural(kind))
            }
        }
    }

    private mutating func add(_ task: JobProgress.Task, to name: String) {
        let place: Int
        if let known = groups.lastIndex(where: { $0.name == name }) {
            place = known
        } else {
            place = groups.count
            groups.append(
                TaskGroup(
                    name: name, tasks: 0, done: 0, running: 0, lost: 0, iteration: 0, iterations: 0, divergences: 0))
        }
        groups[place].tasks += 1
        switch task.state {
        case "done": groups[place].done += 1
        case "leased": groups[place].running += 1
        case "ready": break
        default: groups[place].lost += 1
        }
        groups[place].iteration += task.iteration
        groups[place].iterations += task.iterations
        groups[place].divergences += task.divergences
    }

    /// The words of a label before its first number.
    private static func kind(of label: String) -> String {
        label.prefix { !$0.isNumber }.trimmingCharacters(in: .whitespaces)
    }

    private static func isLine(_ kind: String) -> Bool { kind == "chain" || kind == "scout" }

    private static func plural(_ kind: String) -> String { kind.hasSuffix("h") ? "\(kind)es" : "\(kind)s" }

    package init(from decoder: any Decoder) throws {
        summary = try JobSummary(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        chains = try container.decode([LiveTask].self, forKey: .chains)
        groups = try container.decode([TaskGroup].self, forKey: .groups)
        figures = try container.decodeIfPresent(FormingFigures.self, forKey: .figures)
        secondsLeft = try container.decodeIfPresent(Double.self, forKey: .secondsLeft)
        if let iterations = try container.decodeIfPresent(Double.self, forKey: .iterations),
            let gradients = try container.decodeIfPresent(Double.self, forKey: .gradients)
        {
            pace = Pace(iterations: iterations, gradients: gradients)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(chains, forKey: .chains)
        try container.encode(groups, forKey: .groups)
        try container.encodeIfPresent(figures, forKey: .figures)
        try container.encodeIfPresent(secondsLeft, forKey: .secondsLeft)
        try container.encodeIfPresent(pace?.iterations, forKey: .iterations)
        try container.encodeIfPresent(pace?.gradients, forKey: .gradients)
    }
}
