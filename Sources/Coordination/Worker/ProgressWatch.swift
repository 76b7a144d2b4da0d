import Wire

/// When a slot counts as standing still. Durations in nanoseconds.
package struct StallLimits: Sendable, Hashable {
    /// No slot is judged before so long without progress.
    package var floor: Nanoseconds
    /// So many times its slowest recent iteration a slot may take for the next.
    package var iterations: UInt64
    /// So many times its slowest recent gradient too: one iteration may hold a thousand gradients where those before held
    /// few, and one that begins a chain searches its start.
    package var gradients: UInt64
    /// How long a task may take to its first iteration: its model is read and its start searched.
    package var start: Nanoseconds
    /// How long a slot may take to leave its task when it is told to stop.
    package var stop: Nanoseconds

    /// - Parameter floor: decides the limits of a task's start and end where they are not given.
    package init(
        floor: Nanoseconds = 60 * 1_000_000_000, iterations: UInt64 = 20, gradients: UInt64 = 4096,
        start: Nanoseconds? = nil, stop: Nanoseconds? = nil
    ) {
        self.floor = floor
        self.iterations = iterations
        self.gradients = gradients
        self.start = start ?? 30 * floor
        self.stop = stop ?? floor / 4
    }
}

/// Judges by what a slot reports whether it still computes. Reports come between iterations only, so a long iteration
/// looks like a halt: how long one may take is learned from those before it.
struct ProgressWatch {
    /// Of a slow iteration a 32nd part is forgotten with each report.
    private static let memory: Nanoseconds = 32

    private var iteration: Int
    private var gradientEvaluations = 0
    /// When progress was last reported; nil where the time since says nothing of the slot's pace: from the task's start,
    /// which is no iteration, to the first report, and after an absence.
    private var reportedAt: Nanoseconds?
    /// When progress was last seen, or could last not be expected.
    private var since: Nanoseconds
    /// False before the second report, when nothing is known of this slot's pace.
    private var isMeasured = false
    private var slowestIteration: Nanoseconds = 0
    private var slowestGradient: Nanoseconds = 0
    private var stopAskedAt: Nanoseconds?
    /// When its task began; nil once the first checkpoint was cut, and where that says nothing of how long it takes.
    private var startedAt: Nanoseconds?

    init(iteration: Int, at now: Nanoseconds) {
        self.iteration = iteration
        since = now
        startedAt = now
    }

    mutating func note(iteration: Int, gradientEvaluations: Int, at now: Nanoseconds) {
        guard iteration > self.iteration || gradientEvaluations > self.gradientEvaluations else { return }
        if let reportedAt {
            // Reports are rarer than short iterations: the time between two of them is at least that of the slowest.
            let pause = now - min(reportedAt, now)
            let gradients = Nanoseconds(max(1, gradientEvaluations - self.gradientEvaluations))
            slowestIteration = max(pause, slowestIteration - slowestIteration / Self.memory)
            slowestGradient = max(pause / gradients, slowestGradient - slowestGradient / Self.memory)
            isMeasured = true
        }
        self.iteration = max(iteration, self.iteration)
        self.gradientEvaluations = max(gradientEvaluations, self.gradientEvaluations)
        reportedAt = now
        since = now
    }

    /// A checkpoint says how far the slot has come, and not how many gradients that took: it measures nothing.
    mutating func noteCut(iteration: Int, at now: Nanoseconds) {
        self.iteration = max(iteration, self.iteration)
        since = now
    }

    /// The slot had cause not to go on until now.
    mutating func excuse(at now: Nanoseconds) {
        since = now
    }

    /// The slot could not be heard until now.
    mutating func noteAbsence(at now: Nanoseconds) {
        since = now
        reportedAt = nil
        startedAt = nil
        if stopAskedAt != nil { stopAskedAt = now }
    }

    /// Returns how long the task has taken to this checkpoint if that is its first.
    mutating func noteCheckpoint(at now: Nanoseconds) -> Nanoseconds? {
        defer { startedAt = nil }
        return startedAt.map { now - min($0, now) }
    }

    mutating func noteStopAsked(at now: Nanoseconds) {
        stopAskedAt = now
    }

    /// How long it may be without progress.
    func patience(_ limits: StallLimits) -> Nanoseconds {
        guard isMeasured else { return max(limits.start, limits.floor) }
        func times(_ duration: Nanoseconds, _ factor: UInt64) -> Nanoseconds {
            let (product, overflows) = duration.multipliedReportingOverflow(by: factor)
            return overflows ? Limits.durationMax : min(product, Limits.durationMax)
        }
        return max(
            limits.floor, times(slowestIteration, limits.iterations), times(slowestGradient, limits.gradients))
    }

    /// When it counts as standing still if nothing comes.
    /// - Parameter mayWait: it may be waiting for what it has cut to be stored; it leaves at a stop all the same.
    func deadline(_ limits: StallLimits, mayWait: Bool) -> Nanoseconds {
        let progressDue = mayWait ? Nanoseconds.max : since + patience(limits)
        return min(progressDue, stopAskedAt.map { $0 + limits.stop } ?? .max)
    }
}
