import Cluster
import Coordination

/// Slots that there is work for, by the memory that it needs: what a pool of workers is scaled by.
///
/// What runs counts as much as what waits, so that nothing that is busy is taken for idle. What waits of a job that is
/// paused does not: slots for it would stand idle.
struct WantedSlots {
    /// Sizes of a slot by which pools are told apart, a number each that is always there.
    static let gibibytes: [UInt64] = [1, 2, 4, 8, 16, 32, 64, 128, 256]

    private var byMemory: [UInt64: Int] = [:]

    init(_ jobs: [JobSnapshot]) {
        for job in jobs {
            let tasks = JobSummary.TaskCounts(job.tasks.lazy.map(\.state))
            byMemory[job.memory, default: 0] += tasks.leased + (job.state == .paused ? 0 : tasks.ready)
        }
    }

    var count: Int { byMemory.values.reduce(0, +) }

    /// Slots for tasks that need no more memory than that.
    func count(withinGibibytes bound: UInt64) -> Int {
        byMemory.reduce(0) { $0 + ($1.key <= bound << 30 ? $1.value : 0) }
    }
}
