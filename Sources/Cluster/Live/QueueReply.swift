import Coordination

/// `GET /v1/queue`.
package struct QueueReply: Codable, Sendable, Hashable {
    package static let jobStates = [
        "queued", "running", "paused", "held", "assembling", "succeeded", "failed", "cancelled",
    ]

    package var jobs: [String: Int]
    package var tasks: JobSummary.TaskCounts
    package var workers: Int
    package var slots: Int
    package var busySlots: Int

    enum CodingKeys: String, CodingKey {
        case jobs, tasks, workers, slots
        case busySlots = "busy_slots"
    }

    package init(jobs: [JobSnapshot], workers: [JobBoard.Worker]) {
        self.jobs = Dictionary(uniqueKeysWithValues: Self.jobStates.map { ($0, 0) })
        for job in jobs { self.jobs[job.state.rawValue, default: 0] += 1 }
        tasks = JobSummary.TaskCounts(jobs.lazy.flatMap { $0.tasks.map(\.state) })
        self.workers = workers.count
        slots = workers.reduce(0) { $0 + $1.slots }
        busySlots = workers.reduce(0) { $0 + $1.attempts }
    }
}
