import Coordination

/// `GET /v1/workers`.
package struct WorkerList: Codable, Sendable, Hashable {
    /// What a slot runs.
    package struct RunningTask: Codable, Sendable, Hashable {
        package var job: String
        package var task: String
    }

    package struct Worker: Codable, Sendable, Hashable {
        /// Host and process.
        package var name: String
        package var slots: Int
        /// How many tasks it runs.
        package var tasks: Int
        /// Bytes of memory that a slot may use; nil where it has not said.
        package var memory: UInt64?
        package var tags: [String]
        /// It leaves in good order, or its host ends it soon.
        package var isLeaving: Bool
        /// Seconds since it was last heard.
        package var silence: Double
        /// Evaluations of the gradient a second, of all its tasks.
        package var gradientsPerSecond: Double
        /// What it runs of the jobs that whoever asks may see.
        package var running: [RunningTask]

        enum CodingKeys: String, CodingKey {
            case name, slots, tasks, memory, tags, running
            case isLeaving = "leaving"
            case silence = "silence_seconds"
            case gradientsPerSecond = "gradients_per_second"
        }
    }

    package var workers: [Worker]

    package init(_ content: JobBoard.Content, sees: (JobSnapshot) -> Bool) {
        // Most of a cluster's jobs are over: those that have a pace are few.
        let paces = content.jobs.lazy.filter { !$0.state.isOver }.compactMap { content.pace(of: $0.id) }
        var gradients: [String: Double] = [:]
        for pace in paces { gradients.merge(pace.workers, uniquingKeysWith: +) }
        workers = content.workers.map { worker in
            var running: [RunningTask] = []
            for attempt in worker.running {
                let (number, index) = (Int(attempt.task.job.number), Int(attempt.task.index))
                guard content.jobs.indices.contains(number - 1) else { continue }
                let job = content.jobs[number - 1]
                guard job.tasks.indices.contains(index), sees(job) else { continue }
                running.append(RunningTask(job: String(number), task: job.tasks[index].specification.label))
            }
            return Worker(
                name: worker.name, slots: worker.slots, tasks: worker.attempts,
                memory: worker.memory > 0 ? worker.memory : nil, tags: worker.tags, isLeaving: worker.isLeaving,
                silence: Self.tenths(content.silence(of: worker)),
                gradientsPerSecond: Self.tenths(gradients[worker.name] ?? 0),
                running: running)
        }
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
