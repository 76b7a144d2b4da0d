/// Needs of tasks that wait and that no worker meets, and what was told of them.
struct Desertions {
    /// Between two looks while nothing comes or goes.
    static let pause: Nanoseconds = 1_000_000_000

    private struct Record {
        /// Since when no worker meets them.
        var since: Nanoseconds
        var isTold = false
    }

    private var records: [TaskNeeds: Record] = [:]
    /// When it was last looked at, and how many slots there were.
    var lookedAt: Nanoseconds = 0
    var slotCount = 0

    /// Since when no worker meets the needs: since now, where it is new.
    mutating func since(_ needs: TaskNeeds, now: Nanoseconds) -> Nanoseconds {
        let record = records[needs] ?? Record(since: now)
        records[needs] = record
        return record.since
    }

    func isTold(_ needs: TaskNeeds) -> Bool { records[needs]?.isTold ?? false }

    mutating func noteTold(_ needs: TaskNeeds) { records[needs]?.isTold = true }

    /// Forgets all needs but these; true when something was told of one that goes.
    mutating func keep(_ needs: Set<TaskNeeds>) -> Bool {
        let gone = records.filter { !needs.contains($0.key) }
        for need in gone.keys { records[need] = nil }
        return gone.values.contains(where: \.isTold)
    }

    /// When the next of them is to be told; nil where all are.
    func deadline(patience: Nanoseconds) -> Nanoseconds? {
        // Before the next look nothing would come of it.
        records.values.filter { !$0.isTold }.map(\.since).min().map { max($0 + patience, lookedAt + Self.pause) }
    }
}
