import Coordination
import Wire

/// How long results and blobs of jobs that are over are kept. Without a bound they are kept for ever.
package struct RetentionRule: Sendable, Hashable {
    /// Days since a job's end; nil for no bound.
    package var days: Double?
    /// Bytes of results and blobs of all jobs that are over; beyond them those that ended first go. Nil for no bound.
    package var bytes: Int?

    package init(days: Double? = nil, bytes: Int? = nil) {
        self.days = days
        self.bytes = bytes
    }

    private static let secondsOfDay: Double = 86_400

    /// The jobs whose time has come, those that ended first before others. Pinned ones stay, and take their room.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - byteCount: what a job takes; asked only where there is a bound on bytes.
    package func expired(
        of jobs: [ClosedJob], at now: Double, byteCount: (JobID) throws -> Int
    ) rethrows -> [JobID] {
        let inOrder = jobs.sorted { ($0.closedAt, $0.id) < ($1.closedAt, $1.id) }
        let isOld = { (job: ClosedJob) in
            days.map { !job.isPinned && job.closedAt < now - $0 * Self.secondsOfDay } ?? false
        }
        var expired = inOrder.filter(isOld).map(\.id)
        guard let bytes else { return expired }
        let left = inOrder.filter { !isOld($0) }
        let sizes = try left.map { try byteCount($0.id) }
        var total = sizes.reduce(0, +)
        for (job, size) in zip(left, sizes) where total > bytes && !job.isPinned {
            expired.append(job.id)
            total -= size
        }
        return expired
    }
}
