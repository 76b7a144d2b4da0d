import Coordination
import Wire

/// How a submission wants to stand in the queue; no part of what it computes, nor of its digest.
package struct QueueWishes: Sendable, Hashable {
    package var priority: Int
    /// Jobs that have to succeed first.
    package var after: [JobID]?
    /// Seconds since 1970 at which it is given up.
    package var deadline: Double?
    package var needs: TaskNeeds?
    /// With which others it was submitted.
    package var portfolio: PortfolioPlace?

    package init(
        priority: Int = PriorityClass.normal.rawValue, after: [JobID]? = nil,
        deadline: Double? = nil, needs: TaskNeeds? = nil, portfolio: PortfolioPlace? = nil
    ) {
        self.priority = priority
        self.after = after
        self.deadline = deadline
        self.needs = needs
        self.portfolio = portfolio
    }
}
