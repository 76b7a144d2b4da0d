import Coordination
import Wire

/// What the jobs of a ledger need of its blobs.
struct NeededBlobs {
    /// Where tasks of open jobs would go on, and the draws that they have so far.
    private(set) var tasks: [Digest: [TaskID]] = [:]
    /// The bundles and inputs of open jobs: without one of them its job cannot go on.
    private(set) var jobs: [Digest: Set<JobID>] = [:]
    private(set) var openJobs: Set<JobID> = []

    init(_ entries: [LedgerEntry]) {
        let machine = Coordinator(
            settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: "", kernels: Digest(hashing: []),
            replaying: entries)
        for job in machine.jobs {
            guard let snapshot = machine.snapshot(of: job), !snapshot.state.isOver else { continue }
            openJobs.insert(job)
            jobs[snapshot.bundle, default: []].insert(job)
            for (index, task) in snapshot.tasks.enumerated() {
                let id = TaskID(job: job, index: UInt32(index))
                for input in task.specification.inputs { jobs[input, default: []].insert(job) }
                for block in task.blocks { tasks[block, default: []].append(id) }
                if [.ready, .leased, .quarantined].contains(task.state), let state = task.start?.state {
                    tasks[state, default: []].append(id)
                }
            }
        }
    }

    var digests: [Digest] { Array(tasks.keys) + Array(jobs.keys) }

    func needs(_ digest: Digest) -> Bool { tasks[digest] != nil || jobs[digest] != nil }
}
