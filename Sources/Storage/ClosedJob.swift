import Wire

/// A job that is over, as the rule of retention sees it.
package struct ClosedJob: Hashable, Sendable {
    package let id: JobID
    /// When its end was stored, in seconds since 1970 by this machine's clock.
    package let closedAt: Double
    /// Somebody wants it kept whatever the rule says.
    package let isPinned: Bool

    package init(id: JobID, closedAt: Double, isPinned: Bool) {
        self.id = id
        self.closedAt = closedAt
        self.isPinned = isPinned
    }
}
