import Coordination
import Dispatch
import Synchronization
import Wire

/// What the workers of a benchmark have seen, from whichever thread.
final class Observations: Sendable {
    struct Content {
        /// Workers that were welcomed.
        var joinedCount = 0
        /// Attempts whose `assign` has come, and when.
        var started: [(attempt: AttemptID, at: Double)] = []
        /// Results that the coordinator has said are on disk, and when the last one was.
        var storedCount = 0
        /// Bytes of draws that the coordinator has said are on disk.
        var storedByteCount = 0
        /// Why a worker has ended.
        var failure: String?
    }

    private let content = Mutex(Content())
    private let changed = DispatchSemaphore(value: 0)

    func note(_ change: (inout Content) -> Void) {
        content.withLock { change(&$0) }
        changed.signal()
    }

    /// Waits until there is what is looked for. Of one thread.
    func wait<Value>(for what: String, _ find: (Content) -> Value?) throws -> Value {
        while true {
            let (found, failure) = content.withLock { (find($0), $0.failure) }
            if let found { return found }
            if let failure { throw BenchmarkError(description: "waiting for \(what): \(failure)") }
            guard changed.wait(timeout: .now() + .seconds(300)) == .success else {
                throw BenchmarkError(description: "waiting for \(what) has taken more than five minutes")
            }
        }
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}
