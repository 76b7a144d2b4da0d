import Coordination
import Synchronization
import Wire

/// What the control thread lets others see: jobs and workers as they were a moment ago.
package final class JobBoard: Sendable {
    package struct Worker: Sendable, Hashable {
        package var name: String
        package var slots: Int
        /// Bytes of memory that a slot may use; 0 where the worker has not said.
        package var memory: UInt64
        package var tags: [String]
        package var isLeaving: Bool
        /// When it was last heard, in seconds of the monotonic clock.
        package var heard: Double
        /// What its slots run.
        package var running: [AttemptID]

        /// How many tasks it runs, without those that wait there for a slot.
        package var attempts: Int { running.count }

        init(_ worker: WorkerSnapshot) {
            name = worker.name
            slots = worker.slots
            memory = worker.memory
            tags = worker.tags.sorted()
            isLeaving = worker.isLeaving
            heard = Double(worker.heard) / 1e9
            running = worker.running
        }
    }

    package struct Content: Sendable {
        package var jobs: [JobSnapshot] = []
        package var workers: [Worker] = []
        fileprivate var paces = PaceBook()

        /// How fast a job goes; nil as long as nothing can be said.
        package func pace(of job: JobID) -> JobPace? { paces.pace(of: job, at: Clock.now()) }

        /// Seconds since a worker was last heard.
        package func silence(of worker: Worker) -> Double { max(0, Clock.now() - worker.heard) }
    }

    private let lock = Mutex(Content())

    package var content: Content { lock.withLock { $0 } }

    /// Shows what has changed since the last time. Jobs are numbered from 1 without a gap.
    func publish(_ machine: inout Coordinator, at now: Double) {
        let changed = machine.takeChangedJobs().compactMap(machine.snapshot)
        let workers = machine.workers.map(Worker.init)
        lock.withLock { content in
            for job in changed {
                let index = Int(job.id.number) - 1
                if index < content.jobs.count { content.jobs[index] = job } else { content.jobs.append(job) }
                content.paces.note(job, at: now)
            }
            content.workers = workers
        }
    }
}
