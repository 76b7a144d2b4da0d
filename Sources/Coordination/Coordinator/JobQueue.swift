import Wire

/// All jobs, as the ledger tells them, with what heartbeats add.
struct JobQueue {
    /// A task that waits to be granted.
    struct ReadyTask {
        var id: TaskID
        var epoch: UInt64
        var label: String
        /// Who failed at it last; another worker is preferred.
        var worker: String?
    }

    private(set) var records: [JobID: JobRecord] = [:]
    /// In the order of submission.
    private(set) var order: [JobID] = []
    /// The latest of each content.
    private var jobsByDigest: [Digest: JobID] = [:]
    /// How many tasks would go on from a state.
    private var stateUses: [Digest: Int] = [:]
    /// States that a task would have gone on from, and will not any more.
    private var supersededStates: [Digest] = []

    mutating func apply(_ entry: LedgerEntry) {
        if case .submitted(let job, let specification) = entry {
            records[job] = JobRecord(id: job, specification: specification)
            order.append(job)
            // One whose results are gone is no answer to who submits its content again.
            if specification.folded?.isExpired != true { jobsByDigest[specification.digest] = job }
        } else {
            let tasks = tasksWhoseStateMayChange(by: entry)
            for task in tasks { noteState(self.task(task)?.liveState, uses: -1) }
            records[entry.job]?.apply(entry)
            for task in tasks { noteState(self.task(task)?.liveState, uses: 1) }
        }
    }

    private func tasksWhoseStateMayChange(by entry: LedgerEntry) -> [TaskID] {
        switch entry {
        case .submitted, .granted, .ended, .assembled, .drawsLost: []
        case .checkpointed(let attempt, _, _), .done(let attempt, _, _): [attempt.task]
        case .taskFailed(let task, _): allTasks(of: task.job)
        case .cancelled(let job): allTasks(of: job)
        }
    }

    private func allTasks(of job: JobID) -> [TaskID] {
        (records[job]?.tasks ?? []).indices.map { TaskID(job: job, index: UInt32($0)) }
    }

    private mutating func noteState(_ state: Digest?, uses change: Int) {
        guard let state else { return }
        let uses = (stateUses[state] ?? 0) + change
        stateUses[state] = uses > 0 ? uses : nil
        if uses <= 0 { supersededStates.append(state) }
    }

    /// True when a task would go on from it.
    func isState(_ digest: Digest) -> Bool { stateUses[digest] != nil }

    mutating func takeSupersededStates() -> [Digest] {
        defer { supersededStates = [] }
        return supersededStates
    }

    /// Bundles, inputs, stored draws, and the states that tasks would go on from.
    var referencedBlobs: Set<Digest> {
        var blobs = Set(stateUses.keys)
        for record in records.values {
            blobs.insert(record.specification.bundle)
            for task in record.tasks { blobs.formUnion(task.specification.inputs + task.blocks) }
        }
        return blobs
    }

    func job(withDigest digest: Digest) -> JobID? { jobsByDigest[digest] }

    func task(_ task: TaskID) -> TaskRecord? {
        guard let record = records[task.job], task.index < record.tasks.count else { return nil }
        return record.tasks[Int(task.index)]
    }

    /// True while the attempt holds its task.
    func isCurrent(_ attempt: AttemptID) -> Bool {
        guard let task = task(attempt.task) else { return false }
        return task.state == .leased && task.epoch == attempt.epoch
    }

    /// Attempts that hold a task, and the identifiers of the tasks that hold none, of all open jobs.
    func openTasks() -> (leased: [AttemptID], ready: [TaskID]) {
        var leased: [AttemptID] = []
        var ready: [TaskID] = []
        for job in order {
            for (index, task) in (records[job]?.tasks ?? []).enumerated() {
                let id = TaskID(job: job, index: UInt32(index))
                if task.state == .leased { leased.append(AttemptID(task: id, epoch: task.epoch)) }
                if task.state == .ready { ready.append(id) }
            }
        }
        return (leased, ready)
    }

    mutating func note(_ progress: AttemptProgress) {
        guard isCurrent(progress.attempt) else { return }
        records[progress.attempt.task.job]?.note(progress)
    }

    mutating func hideEnd(of job: JobID) {
        records[job]?.hideEnd()
    }

    mutating func reveal(_ job: JobID) {
        records[job]?.reveal()
    }

    /// Open jobs, higher priority first, then first come.
    var byPriority: [JobID] {
        order.filter { records[$0]?.state == .queued || records[$0]?.state == .running }
            .enumerated()
            .sorted {
                let (first, second) = (priority($0.element), priority($1.element))
                return first == second ? $0.offset < $1.offset : first > second
            }
            .map(\.element)
    }

    private func priority(_ job: JobID) -> Int { records[job]?.specification.priority ?? 0 }

    mutating func nextReady(of job: JobID) -> ReadyTask? {
        guard let index = records[job]?.nextReady(), let task = records[job]?.tasks[index] else { return nil }
        return ReadyTask(
            id: TaskID(job: job, index: UInt32(index)), epoch: task.epoch, label: task.specification.label,
            worker: task.errors > 0 ? task.attempts.last?.worker : nil)
    }

    /// What a worker is told of the attempt; nil unless it is current, and when a checkpoint of it has come: then the
    /// worker has it, and where the task would go on from now may not be stored yet.
    func grant(_ attempt: AttemptID) -> Grant? {
        guard isCurrent(attempt), let task = task(attempt.task),
            task.knownIteration == task.attempts.last?.startIteration
        else { return nil }
        return Grant(
            attempt: attempt, digest: task.specification.digest, payload: task.specification.payload,
            inputs: task.specification.inputs, start: task.start)
    }
}
