import Synchronization

/// What keeps a coordinator from working.
final class CoordinatorHealth: Sendable {
    private let content = Mutex<(failure: String?, isDiskFull: Bool)>((nil, false))

    /// Why it has stopped by itself; nil while it runs.
    var failure: String? { content.withLock { $0.failure } }

    /// True while nothing can be stored.
    var isDiskFull: Bool { content.withLock { $0.isDiskFull } }

    func noteFailure(_ text: String) {
        content.withLock { $0.failure = text }
    }

    func noteDisk(isFull: Bool) {
        content.withLock { $0.isDiskFull = isFull }
    }
}
