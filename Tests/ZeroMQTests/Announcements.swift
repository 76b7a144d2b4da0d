import Synchronization

/// Counts what one thread has announced and another has not yet taken.
final class Announcements: Sendable {
    private let count = Mutex(0)

    func add() { count.withLock { $0 += 1 } }

    func take() -> Int {
        count.withLock { count in
            defer { count = 0 }
            return count
        }
    }
}
