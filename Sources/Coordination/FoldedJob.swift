/// What a job that is over leaves of its tasks.
package struct FoldedJob: Sendable, Hashable, Codable {
    package var taskCount: Int
    /// Tasks that were done.
    package var doneCount: Int
    /// Of all tasks together: iterations that were completed and planned, divergences, iterations that were run again.
    package var iteration = 0
    package var iterations = 0
    package var divergences = 0
    package var recomputedIterations = 0
    /// The rule of retention has removed its results: the same content submitted again is a new job.
    package var isExpired = false

    package init(taskCount: Int, doneCount: Int) {
        self.taskCount = taskCount
        self.doneCount = doneCount
    }
}

/// The entries of a job that is over, in so few that a start need not replay its history: its submission without tasks,
/// and its end.
package enum JobFolding {
    /// - Parameter entries: all of one job, in order.
    /// - Returns: two entries that say the same to whoever asks for its state; nil for a job that is not over, or whose
    ///   entries begin with anything but its submission.
    package static func folded(_ entries: [LedgerEntry]) -> [LedgerEntry]? {
        guard case .submitted(let job, var specification)? = entries.first else { return nil }
        if specification.folded != nil { return entries }
        var record = JobRecord(id: job, specification: specification)
        for entry in entries.dropFirst() { record.apply(entry) }
        guard record.state.isOver else { return nil }
        let doneCount = record.tasks.count { $0.state == .done }
        var folded = FoldedJob(taskCount: record.tasks.count, doneCount: doneCount)
        for task in record.snapshot.tasks {
            folded.iteration += task.iteration
            folded.iterations += task.iterations
            folded.divergences += task.divergences
            folded.recomputedIterations += task.recomputedIterations
        }
        specification.folded = folded
        specification.tasks = []
        let end: LedgerEntry =
            switch (record.state, record.text) {
            case (.cancelled, ""): .cancelled(job)
            case (.cancelled, let reason): .abandoned(job, reason: reason)
            case (let state, let text): .assembled(job, succeeded: state == .succeeded, text: text)
            }
        return [.submitted(job, specification), end]
    }

    /// A folded job's entries once its results are gone.
    package static func expired(_ entries: [LedgerEntry]) -> [LedgerEntry] {
        guard case .submitted(let job, var specification)? = entries.first else { return entries }
        specification.folded?.isExpired = true
        return [.submitted(job, specification)] + entries.dropFirst()
    }
}
