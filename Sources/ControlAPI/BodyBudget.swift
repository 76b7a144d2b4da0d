import Synchronization

/// Bytes that all bodies in memory may have together: what comes beyond is refused before it is read.
final class BodyBudget: Sendable {
    private let available: Mutex<Int>

    init(byteCount: Int) {
        available = Mutex(byteCount)
    }

    /// Runs `body` with so many bytes set aside; nil when there are not as many.
    func with<Value: Sendable>(_ byteCount: Int, _ body: () async throws -> Value) async rethrows -> Value? {
        let isGranted = available.withLock { available in
            guard byteCount <= available else { return false }
            available -= byteCount
            return true
        }
        guard isGranted else { return nil }
        defer { available.withLock { $0 += byteCount } }
        return try await body()
    }
}
