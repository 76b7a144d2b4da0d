import Wire

/// One job with its tasks.
struct JobRecord {
    let id: JobID
    let specification: JobSpecification
    private(set) var tasks: [TaskRecord]
    private var wasGranted = false
    private var isCancelled = false
    private var ending: (succeeded: Bool, text: String)?
    private var failure: String?
    /// Tasks that are done, counted so that a job of thousands is not walked through at every message.
    private var doneCount = 0
    /// No task before this one is ready.
    private var readyStart = 0
    /// What others see while the entry that ended the job is not stored.
    private var shownState: JobState?

    init(id: JobID, specification: JobSpecification) {
        self.id = id
        self.specification = specification
        tasks = specification.tasks.map { TaskRecord(specification: $0) }
    }

    var state: JobState {
        if isCancelled { return .cancelled }
        if let ending { return ending.succeeded ? .succeeded : .failed }
        if failure != nil { return .failed }
        if doneCount == tasks.count { return .assembling }
        return wasGranted ? .running : .queued
    }

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
        case .taskFailed(let task, let text):
            failure = "\(tasks[Int(task.index)].specification.label) failed: \(text)"
            apply(entry, to: task)
            // One task that cannot be done spoils the fit: the others are not worth their time.
            cancelTasks()
        case .cancelled:
            isCancelled = true
            cancelTasks()
        case .assembled(_, let succeeded, let text):
            ending = (succeeded, text)
        }
    }

    private mutating func apply(_ entry: LedgerEntry, to task: TaskID) {
        let index = Int(task.index)
        guard index < tasks.count else { return }
        let wasDone = tasks[index].state == .done
        tasks[index].apply(entry)
        doneCount += (tasks[index].state == .done ? 1 : 0) - (wasDone ? 1 : 0)
        if tasks[index].state == .ready { readyStart = min(readyStart, index) }
    }

    private mutating func cancelTasks() {
        for index in tasks.indices { tasks[index].cancel() }
    }

    mutating func note(_ progress: AttemptProgress) {
        tasks[Int(progress.attempt.task.index)].progress = progress
    }

    /// The first task that waits to be granted.
    mutating func nextReady() -> Int? {
        guard state == .queued || state == .running else { return nil }
        while readyStart < tasks.count, tasks[readyStart].state != .ready { readyStart += 1 }
        return readyStart < tasks.count ? readyStart : nil
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
            submittedAt: specification.submittedAt, warnings: specification.warnings ?? [], state: shownState ?? state,
            text: shownState == nil ? text : "", tasks: tasks.map(\.snapshot), folded: specification.folded)
    }

    /// Why the job is in its state, where that needs saying.
    var text: String { ending?.text ?? failure ?? "" }
}
