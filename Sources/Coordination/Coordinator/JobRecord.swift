import Wire

/// One job with its tasks.
struct JobRecord {
    let id: JobID
    let specification: JobSpecification
    private(set) var tasks: [TaskRecord]
    private(set) var priority: Int
    private(set) var isPaused = false
    /// Tasks that wait to be granted, without those that wait for their next try.
    private(set) var ready: ReadyTasks
    /// Tasks that wait for their next try.
    private(set) var delayed: Set<Int> = []
    /// Tasks that somebody holds.
    private(set) var leased: Set<Int> = []
    /// Tasks that are not tried until the job is resumed, and why.
    private(set) var quarantined: [Int: String] = [:]
    private let schedule: ChainSchedule?
    /// Scouts that are not done: as long as there are any, what waits for them does not begin.
    private var openScouts: Int
    /// Which round of its chains is to be judged; nil where none is, any more or at all.
    private var rounds: RoundWatch?
    /// The iteration at which its chains end, where that was judged.
    private(set) var settled: Int?
    /// Jobs that have to succeed before this one begins.
    private(set) var awaited: Set<JobID>
    private var wasGranted = false
    /// Cancelled by request, or given up for a reason.
    private var cancellation: String?
    private var ending: (succeeded: Bool, text: String)?
    private var failure: String?
    /// Tasks that are done, counted so that a job of thousands is not walked through at every message.
    private var doneCount = 0
    /// What others see while the entry that ended the job is not stored.
    private var shownState: JobState?

    /// - Parameter awaited: those of `specification.after` that have not succeeded yet.
    init(id: JobID, specification: JobSpecification, awaited: Set<JobID> = []) {
        self.id = id
        self.specification = specification
        self.awaited = awaited
        priority = specification.priority
        tasks = specification.tasks.map(TaskRecord.init)
        ready = ReadyTasks(count: tasks.count)
        // A folded job has no tasks left that it would speak of.
        schedule = specification.folded == nil ? specification.schedule : nil
        rounds = schedule.flatMap(RoundWatch.init)
        openScouts = schedule?.scouts.count ?? 0
        for index in schedule?.waiting ?? 0..<0 { ready.remove(index) }
    }

    var project: String { specification.project ?? "default" }

    var state: JobState {
        if cancellation != nil { return .cancelled }
        if let ending { return ending.succeeded ? .succeeded : .failed }
        if failure != nil { return .failed }
        // As long as a round is to be judged the number of draws is not decided, however many there are.
        if doneCount == tasks.count, rounds == nil { return .assembling }
        if isPaused { return .paused }
        if !quarantined.isEmpty { return .held }
        return wasGranted ? .running : .queued
    }

    /// Where it waits while it has tasks that may be granted.
    var lane: ReadyJobs.Lane? {
        guard !ready.isEmpty, !isPaused, awaited.isEmpty, [.queued, .running, .held].contains(state) else { return nil }
        return ReadyJobs.Lane(priority: priority, project: project, needs: specification.needs ?? TaskNeeds())
    }

    /// Tasks that are neither done nor given up.
    var openCount: Int { state.isOver ? 0 : tasks.count - doneCount }

    /// Applies an entry: the same code live and at replay.
    mutating func apply(_ entry: LedgerEntry) {
        switch entry {
        case .submitted:
            break
        case .granted(let attempt, _):
            wasGranted = true
            apply(entry, to: attempt.task)
        case .checkpointed(let attempt, _, _), .done(let attempt, _, _), .ended(let attempt, _, _, _):
            apply(entry, to: attempt.task)
        case .drawsLost(let task):
            apply(entry, to: task)
        case .quarantined(let task, let text):
            if task.index < tasks.count { quarantined[Int(task.index)] = text }
            apply(entry, to: task)
        case .taskFailed(let task, let text):
            failure = "\(label(of: Int(task.index))) failed: \(text)"
            apply(entry, to: task)
            // One task that cannot be done spoils the fit: the others are not worth their time.
            cancelTasks()
        case .cancelled:
            cancellation = ""
            cancelTasks()
        case .abandoned(_, let reason):
            cancellation = reason
            cancelTasks()
        case .assembled(_, let succeeded, let text):
            ending = (succeeded, text)
        case .paused:
            isPaused = true
        case .resumed:
            isPaused = false
            for index in quarantined.keys.sorted() { apply(entry, to: TaskID(job: id, index: UInt32(index))) }
        case .prioritised(_, let priority):
            self.priority = priority
        case .settled(let job, let iteration):
            settled = iteration
            rounds = nil
            for index in schedule?.chains ?? 0..<0 { apply(entry, to: TaskID(job: job, index: UInt32(index))) }
        }
    }

    private mutating func apply(_ entry: LedgerEntry, to task: TaskID) {
        let index = Int(task.index)
        guard index < tasks.count else { return }
        let wasDone = tasks[index].state == .done
        tasks[index].apply(entry)
        doneCount += (tasks[index].state == .done ? 1 : 0) - (wasDone ? 1 : 0)
        delayed.remove(index)
        rounds?.note(tasks[index].knownIteration, of: index)
        switch tasks[index].state {
        case .ready where !waitsForScouts(index): ready.insert(index)
        case .ready, .leased, .done, .quarantined, .failed, .cancelled: ready.remove(index)
        }
        if tasks[index].state != .quarantined { quarantined[index] = nil }
        if tasks[index].state == .leased { leased.insert(index) } else { leased.remove(index) }
        if schedule?.scouts.contains(index) == true, (tasks[index].state == .done) != wasDone {
            noteScout(isDone: !wasDone)
        }
    }

    private func waitsForScouts(_ index: Int) -> Bool { openScouts > 0 && schedule?.waiting.contains(index) == true }

    /// What waits for the scouts may begin when the last is done, and may not when a scout's draws are lost.
    private mutating func noteScout(isDone: Bool) {
        let wereOpen = openScouts > 0
        openScouts += isDone ? -1 : 1
        guard wereOpen != (openScouts > 0) else { return }
        for index in schedule?.waiting ?? 0..<0 {
            if openScouts > 0 {
                ready.remove(index)
            } else if tasks[index].state == .ready, !delayed.contains(index) {
                ready.insert(index)
            }
        }
    }

    /// Blobs that the task reads: its own inputs, and of one that waits for the scouts their draws, in their order.
    func inputs(of index: Int) -> [Digest] {
        let scouts = schedule?.waiting.contains(index) == true ? schedule?.scouts ?? 0..<0 : 0..<0
        return tasks[index].specification.inputs + scouts.flatMap { tasks[$0].blocks }
    }

    private mutating func cancelTasks() {
        for index in tasks.indices { tasks[index].cancel() }
        ready.removeAll()
        delayed = []
        leased = []
        quarantined = [:]
    }

    private func label(of index: Int) -> String { index < tasks.count ? tasks[index].specification.label : "a task" }

    /// The first task that is quarantined, and why.
    var firstQuarantined: (label: String, text: String)? {
        quarantined.min { $0.key < $1.key }.map { (label(of: $0.key), $0.value) }
    }

    /// A task that is ready waits for its next try.
    mutating func delay(_ index: Int) {
        guard ready.contains(index) else { return }
        ready.remove(index)
        delayed.insert(index)
    }

    /// Its wait is over.
    mutating func endDelay(of index: Int) {
        if delayed.remove(index) != nil, !waitsForScouts(index) { ready.insert(index) }
    }

    mutating func noteSucceeded(_ job: JobID) {
        awaited.remove(job)
    }

    mutating func note(_ progress: AttemptProgress) {
        tasks[Int(progress.attempt.task.index)].progress = progress
    }

    mutating func noteBadEnd(of index: Int, on worker: String, memory: UInt64?) {
        tasks[index].avoided.insert(worker)
        if let memory { tasks[index].memoryTooFew = max(tasks[index].memoryTooFew, memory) }
    }

    /// The iteration at which all chains have draws that are to be judged now; they count as being judged from then on.
    mutating func beginJudging() -> Int? {
        state.isOver ? nil : rounds?.begin()
    }

    var lastRoundEnd: Int? { rounds?.lastEnd }

    /// - Parameter isDone: false where they could not be judged, and are to be again.
    mutating func endJudging(isDone: Bool) {
        rounds?.end(isDone: isDone)
    }

    /// Keeps showing the present state until `reveal`.
    mutating func hideEnd() {
        shownState = state
    }

    mutating func reveal() {
        shownState = nil
    }

    var snapshot: JobSnapshot {
        JobSnapshot(
            id: id, digest: specification.digest, name: specification.name, bundle: specification.bundle,
            submittedAt: specification.submittedAt, priority: priority, project: project,
            portfolio: specification.portfolio, memory: specification.needs?.memory ?? 0,
            warnings: specification.warnings ?? [], state: shownState ?? state,
            text: shownState == nil ? text : "", tasks: taskSnapshots, settled: settled,
            folded: specification.folded, frenchWarnings: specification.frenchWarnings ?? [])
    }

    private var taskSnapshots: [JobSnapshot.Task] {
        var snapshots = tasks.indices.map { tasks[$0].snapshot }
        guard let chains = schedule?.chains, let end = settled ?? rounds?.nextEnd else { return snapshots }
        // Chains go on beyond a round until it is judged.
        for index in chains { snapshots[index].iterations = max(end, snapshots[index].iteration) }
        return snapshots
    }

    /// Why the job is in its state, where that needs saying.
    var text: String {
        cancellation ?? ending?.text ?? failure
            ?? firstQuarantined.map { "\($0.label) is quarantined: \($0.text)" } ?? ""
    }
}
