import Wire

/// One job with its tasks.
struct JobRecord {
    let id: JobID
    let specification: JobSpecification
    var tasks: [TaskRecord]
    var wasGranted = false
    var isCancelled = false
    var ending: (succeeded: Bool, text: String)?
    var failure: String?

    init(id: JobID, specification: JobSpecification) {
        self.id = id
        self.specification = specification
        tasks = specification.tasks.map { TaskRecord(specification: $0) }
    }

    var state: JobState {
        if isCancelled { return .cancelled }
        if let ending { return ending.succeeded ? .succeeded : .failed }
        if failure != nil { return .failed }
        if tasks.allSatisfy({ $0.state == .done }) { return .assembling }
        return wasGranted ? .running : .queued
    }

    mutating func apply(_ entry: LedgerEntry) {
        switch entry {
        case .submitted:
            break
        case .granted(let attempt, _):
            wasGranted = true
            tasks[Int(attempt.task.index)].apply(entry)
        case .checkpointed(let attempt, _, _), .done(let attempt, _, _), .ended(let attempt, _, _, _):
            tasks[Int(attempt.task.index)].apply(entry)
        case .taskFailed(let task, let text):
            failure = "\(tasks[Int(task.index)].specification.label) failed: \(text)"
            tasks[Int(task.index)].apply(entry)
        case .cancelled:
            isCancelled = true
            for index in tasks.indices { tasks[index].apply(entry) }
        case .assembled(_, let succeeded, let text):
            ending = (succeeded, text)
        }
    }

    var snapshot: JobSnapshot {
        JobSnapshot(
            id: id, digest: specification.digest, name: specification.name, bundle: specification.bundle,
            submittedAt: specification.submittedAt,
            state: state, text: ending?.text ?? failure ?? "", tasks: tasks.map(\.snapshot))
    }
}
