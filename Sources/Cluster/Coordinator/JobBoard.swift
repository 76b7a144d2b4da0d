import Coordination
import Synchronization
import Wire

/// What the control thread lets others see: jobs and workers as they were a moment ago.
package final class JobBoard: Sendable {
    package struct Worker: Sendable, Hashable {
        package var name: String
        package var slots: Int
        /// How many tasks it runs, without those that wait there for a slot.
        package var attempts: Int
    }

    package struct Content: Sendable {
        package var jobs: [JobSnapshot] = []
        package var workers: [Worker] = []
    }

    private let lock = Mutex(Content())

    package var content: Content { lock.withLock { $0 } }

    /// Shows what has changed since the last time. Jobs are numbered from 1 without a gap.
    func publish(_ machine: inout Coordinator) {
        let changed = machine.takeChangedJobs().compactMap(machine.snapshot)
        let workers = machine.workers.map {
            Worker(name: $0.name, slots: $0.slots, attempts: min($0.attempts.count, $0.slots))
        }
        lock.withLock { content in
            for job in changed {
                let index = Int(job.id.number) - 1
                if index < content.jobs.count { content.jobs[index] = job } else { content.jobs.append(job) }
            }
            content.workers = workers
        }
    }
}
