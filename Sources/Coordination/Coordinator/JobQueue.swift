import Wire

/// All jobs, as the ledger tells them, with what heartbeats add.
struct JobQueue {
    private(set) var records: [JobID: JobRecord] = [:]
    /// In the order of submission.
    private(set) var order: [JobID] = []
    /// Jobs with tasks that wait to be granted.
    private(set) var ready = ReadyJobs()
    /// Jobs that are not over, in no order.
    private(set) var open: Set<JobID> = []
    /// Who waits for the end of a job.
    private(set) var followers: [JobID: [JobID]] = [:]
    /// Tasks that projects have unfinished.
    private(set) var openTaskCounts: [String: Int] = [:]
    /// Jobs that have changed since they were last looked at.
    private var changed: Set<JobID> = []
    /// The latest of each content.
    private var jobsByDigest: [Digest: JobID] = [:]
    /// How many tasks would go on from a state.
    private var stateUses: [Digest: Int] = [:]
    /// How many tasks have a block among their stored draws.
    private var blockUses: [Digest: Int] = [:]
    /// A task may be granted that could not be when this was last asked.
    private var hasNewlyReady = false
    /// States that a task would have gone on from, and will not any more.
    private var supersededStates: [Digest] = []

    mutating func apply(_ entry: LedgerEntry) {
        if case .submitted(let job, let specification) = entry {
            let awaited = (specification.after ?? []).filter { records[$0]?.state != .succeeded }
            records[job] = JobRecord(id: job, specification: specification, awaited: Set(awaited))
            for other in awaited { followers[other, default: []].append(job) }
            order.append(job)
            // One whose results are gone is no answer to who submits its content again.
            if specification.folded?.isExpired != true { jobsByDigest[specification.digest] = job }
            noteChange(of: job, openCountBefore: 0)
        } else {
            let openCount = records[entry.job]?.openCount ?? 0
            let tasks = tasksWhoseStateMayChange(by: entry)
            for task in tasks { noteState(self.task(task)?.liveState, uses: -1) }
            noteBlocks(of: entry)
            records[entry.job]?.apply(entry)
            for task in tasks { noteState(self.task(task)?.liveState, uses: 1) }
            if case .assembled(let job, true, _) = entry {
                for follower in followers.removeValue(forKey: job) ?? [] {
                    records[follower]?.noteSucceeded(job)
                    refresh(follower)
                }
            }
            noteChange(of: entry.job, openCountBefore: openCount)
        }
    }

    private mutating func noteChange(of job: JobID, openCountBefore: Int) {
        guard let record = records[job] else { return }
        openTaskCounts[record.project, default: 0] += record.openCount - openCountBefore
        if record.state.isOver { open.remove(job) } else { open.insert(job) }
        refresh(job)
    }

    /// Before the entry is applied.
    private mutating func noteBlocks(of entry: LedgerEntry) {
        switch entry {
        case .checkpointed(_, _, let block?):
            blockUses[block, default: 0] += 1
        case .drawsLost(let task):
            for block in self.task(task)?.blocks ?? [] {
                let uses = (blockUses[block] ?? 0) - 1
                blockUses[block] = uses > 0 ? uses : nil
            }
        default:
            break
        }
    }

    /// True when a task may be granted that could not be at the last call.
    mutating func takeNewlyReady() -> Bool {
        defer { hasNewlyReady = false }
        return hasNewlyReady
    }

    private mutating func refresh(_ job: JobID) {
        let lane = records[job]?.lane
        ready.set(job, lane)
        if lane != nil { hasNewlyReady = true }
        changed.insert(job)
    }

    /// What others see of jobs that wait is something else now.
    mutating func noteWaitingChanged() {
        for jobs in ready.lanes.values { changed.formUnion(jobs) }
    }

    /// Jobs that have changed since the last call, in order.
    mutating func takeChanged() -> [JobID] {
        defer { changed = [] }
        return changed.sorted()
    }

    private func tasksWhoseStateMayChange(by entry: LedgerEntry) -> [TaskID] {
        switch entry {
        case .submitted, .granted, .ended, .assembled, .paused, .resumed, .prioritised, .quarantined: []
        case .checkpointed(let attempt, _, _), .done(let attempt, _, _): [attempt.task]
        case .drawsLost(let task): [task]
        case .taskFailed(let task, _): allTasks(of: task.job)
        case .cancelled(let job), .abandoned(let job, _), .settled(let job, _): allTasks(of: job)
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

    /// True when a task would go on from it, or has it among its stored draws.
    func needs(_ digest: Digest) -> Bool { stateUses[digest] != nil || blockUses[digest] != nil }

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

    /// Attempts that hold a task of the job, in order.
    func leased(of job: JobID) -> [AttemptID] {
        guard let record = records[job] else { return [] }
        return record.leased.sorted().map {
            AttemptID(task: TaskID(job: job, index: UInt32($0)), epoch: record.tasks[$0].epoch)
        }
    }

    /// Identifiers of the job's tasks that wait to be granted, in order.
    func ready(of job: JobID) -> [TaskID] {
        records[job]?.ready.all.map { TaskID(job: job, index: UInt32($0)) } ?? []
    }

    mutating func note(_ progress: AttemptProgress) {
        guard isCurrent(progress.attempt) else { return }
        records[progress.attempt.task.job]?.note(progress)
        changed.insert(progress.attempt.task.job)
    }

    mutating func noteBadEnd(of task: TaskID, on worker: String, memory: UInt64?) {
        records[task.job]?.noteBadEnd(of: Int(task.index), on: worker, memory: memory)
    }

    mutating func delay(_ task: TaskID) {
        records[task.job]?.delay(Int(task.index))
        refresh(task.job)
    }

    mutating func endDelay(of task: TaskID) {
        records[task.job]?.endDelay(of: Int(task.index))
        refresh(task.job)
    }

    /// See `JobRecord.beginJudging`.
    mutating func beginJudging(_ job: JobID) -> Int? { records[job]?.beginJudging() }

    /// See `RoundWatch.lastEnd`.
    func lastRoundEnd(of job: JobID) -> Int? { records[job]?.lastRoundEnd }

    mutating func endJudging(_ job: JobID, isDone: Bool) {
        records[job]?.endJudging(isDone: isDone)
    }

    mutating func hideEnd(of job: JobID) {
        records[job]?.hideEnd()
    }

    mutating func reveal(_ job: JobID) {
        records[job]?.reveal()
        changed.insert(job)
    }

    /// What a worker is told of the attempt; nil unless it is current, and when a checkpoint of it has come: then the
    /// worker has it, and where the task would go on from now may not be stored yet.
    func grant(_ attempt: AttemptID) -> Grant? {
        guard isCurrent(attempt), let task = task(attempt.task),
            task.knownIteration == task.attempts.last?.startIteration
        else { return nil }
        return Grant(
            attempt: attempt, digest: task.specification.digest, payload: task.specification.payload,
            inputs: records[attempt.task.job]?.inputs(of: Int(attempt.task.index)) ?? [], start: task.start)
    }
}
