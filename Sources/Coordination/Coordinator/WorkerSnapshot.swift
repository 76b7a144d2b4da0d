import Wire

/// A worker that is connected, as others see it.
package struct WorkerSnapshot: Sendable, Hashable {
    package var name: String
    package var slots: Int
    /// Bytes of memory that a slot may use; 0 where the worker has not said.
    package var memory: UInt64
    package var tags: Set<String>
    /// It leaves in good order, or its host ends it before it could do anything more.
    package var isLeaving: Bool
    /// When it was last heard, by the clock of the machine's events.
    package var heard: Nanoseconds
    /// What it holds, in the order of the grants.
    package var attempts: [AttemptID]
    /// Those of them that have a slot.
    package var running: [AttemptID]

    init(_ session: Session, lease: Nanoseconds) {
        name = session.worker
        slots = session.offer.slots
        memory = session.offer.memory
        tags = session.offer.tags
        isLeaving = session.isDraining || session.takesNothingMore
        // Every message moves the end of the lease so far from itself.
        heard = session.deadline > lease ? session.deadline - lease : 0
        attempts = session.attempts
        running = session.holdings.filter { !$0.isPrefetched }.map(\.attempt)
    }
}
