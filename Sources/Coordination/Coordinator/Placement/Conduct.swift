import Wire

/// How workers have done lately, so that a host whose slots die does not spend the tries of every job: a worker on which
/// different tasks end badly, one after another, is given nothing for a while, then one task at a time until one of them
/// comes forward.
struct Conduct {
    private struct Record {
        /// Tasks that ended badly since something came forward.
        var tasks: Set<TaskID> = []
        /// Pauses since a task was finished.
        var pauses = 0
        var suspendedUntil: Nanoseconds = 0
        var isOnProbation = false
    }

    /// Different tasks: one may be to blame itself.
    static let badEndsMax = 2
    private static let pauseMin: Nanoseconds = 10_000_000_000
    private static let pauseMax: Nanoseconds = 300_000_000_000

    private var records: [String: Record] = [:]

    func isSuspended(_ worker: String, at now: Nanoseconds) -> Bool {
        records[worker].map { now < $0.suspendedUntil } ?? false
    }

    /// When its pause ends, or ended.
    func suspensionEnd(of worker: String) -> Nanoseconds { records[worker]?.suspendedUntil ?? 0 }

    func isOnProbation(_ worker: String) -> Bool { records[worker]?.isOnProbation ?? false }

    /// Returns for how long the worker gets nothing, if it begins now.
    mutating func noteBadEnd(of task: TaskID, on worker: String, at now: Nanoseconds) -> Nanoseconds? {
        var record = records[worker] ?? Record()
        defer { records[worker] = record }
        record.tasks.insert(task)
        guard record.tasks.count >= Self.badEndsMax || record.isOnProbation, now >= record.suspendedUntil else {
            return nil
        }
        let pause = min(Self.pauseMin << min(record.pauses, 10), Self.pauseMax)
        record.pauses += 1
        record.tasks = []
        record.isOnProbation = true
        record.suspendedUntil = now + pause
        return pause
    }

    /// A task has come forward on the worker, or was finished.
    mutating func noteProgress(on worker: String, finished: Bool) {
        guard records[worker] != nil else { return }
        if finished {
            records[worker] = nil
        } else {
            records[worker]?.tasks = []
            records[worker]?.isOnProbation = false
        }
    }

    /// The worker is gone.
    mutating func forget(_ worker: String) {
        records[worker] = nil
    }
}
