import Wire

/// How far ahead of a free slot short tasks are handed out, so that no slot waits for the way to the coordinator and back.
package enum Prefetch {
    /// Grants that wait behind a slot at most, however short their tasks.
    package static let depthMax = 16
    /// The work that waits behind a slot, in nanoseconds: longer than ways and disks take, and so short that neither a
    /// higher class nor a worker without work misses what lies elsewhere.
    static let span: Nanoseconds = 200_000_000
    /// Finished tasks of a kind below which nothing is said of the others.
    static let samplesMin = 4

    /// Grants that wait behind the slots of a worker at most: with those in its slots they fit into one heartbeat.
    package static func roomMax(slots: Int) -> Int { min(depthMax * slots, Limits.slotsMax - slots) }
}

/// What is known of how long tasks take, and which attempts were granted ahead of a slot and have not begun.
struct PrefetchedGrants {
    private struct Durations {
        var count = 0
        /// In nanoseconds; the last sixteen or so weigh most.
        var mean: Double = 0
    }

    private struct Waiting {
        var project: String
        var since: Nanoseconds
    }

    /// By job and iterations: tasks of a job that have as many take about as long.
    private var durations: [JobID: [Int: Durations]] = [:]
    private var waiting: [AttemptID: Waiting] = [:]
    private var counts: [String: Int] = [:]

    var isEmpty: Bool { waiting.isEmpty }

    func contains(_ attempt: AttemptID) -> Bool { waiting[attempt] != nil }

    /// Of the project.
    func count(of project: String) -> Int { counts[project] ?? 0 }

    /// Grants that may wait behind each slot; 0 where tasks of the kind take long, or nothing is known of them.
    func depth(of job: JobID, iterations: Int) -> Int {
        guard let known = durations[job]?[iterations], known.count >= Prefetch.samplesMin else { return 0 }
        return Int(min(Double(Prefetch.depthMax), Double(Prefetch.span) / max(known.mean, 1)))
    }

    /// A task of the kind was finished.
    mutating func note(_ duration: Nanoseconds, of job: JobID, iterations: Int) {
        var known = durations[job]?[iterations] ?? Durations()
        known.count += 1
        known.mean += (Double(duration) - known.mean) / Double(min(known.count, Prefetch.depthMax))
        durations[job, default: [:]][iterations] = known
    }

    /// The job is over.
    mutating func forget(_ job: JobID) {
        durations[job] = nil
    }

    mutating func add(_ attempt: AttemptID, of project: String, at now: Nanoseconds) {
        guard waiting[attempt] == nil else { return }
        waiting[attempt] = Waiting(project: project, since: now)
        counts[project, default: 0] += 1
    }

    /// It has begun, or is over.
    mutating func remove(_ attempt: AttemptID) {
        guard let gone = waiting.removeValue(forKey: attempt) else { return }
        counts[gone.project]! -= 1
        if counts[gone.project] == 0 { counts[gone.project] = nil }
    }

    /// Those that have waited twice as long as they should, the first of them first.
    func overdue(at now: Nanoseconds) -> [AttemptID] {
        let limit = now - min(now, 2 * Prefetch.span)
        return waiting.filter { $0.value.since <= limit }
            .sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
            .map(\.key)
    }
}
