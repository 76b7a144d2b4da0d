import Synchronization

/// How often each operation was asked, by what it answered.
final class RequestCounts: Sendable {
    struct Key: Hashable, Comparable {
        var operation: String
        var status: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.operation, left.status) < (right.operation, right.status)
        }
    }

    private let counts = Mutex<[Key: Int]>([:])

    func add(_ operation: String, status: Int) {
        counts.withLock { $0[Key(operation: operation, status: status), default: 0] += 1 }
    }

    var all: [(key: Key, count: Int)] {
        counts.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
