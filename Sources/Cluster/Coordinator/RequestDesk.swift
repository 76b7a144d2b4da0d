import Coordination
import Synchronization
import Wire
import ZeroMQ

/// Where others leave what they ask of the control thread, and where those wait who want an answer. Each who waits is
/// answered once, on every way in which the control thread can end.
package final class RequestDesk: Sendable {
    package enum Request: Sendable {
        case submit(JobSpecification, again: Bool, number: UInt64)
        case change(JobID, JobChange, number: UInt64)
        case reason(JobID, number: UInt64)
        case workerEnded(String)
        case keyRevoked(String)
        case stored([Ticket])
        case damaged(AttemptID, Digest)
        case assembled(AssemblyOutcome)
        case stop
    }

    private struct Content: Sendable {
        var requests: [Request] = []
        var nextNumber: UInt64 = 1
        var answers: [UInt64: @Sendable (Result<Reply, CoordinatorError>) -> Void] = [:]
        /// Why nothing can be answered now.
        var obstacle: CoordinatorError?
        /// Nothing is answered any more.
        var isClosed = false
    }

    private let content = Mutex(Content())
    private let wakeUp: WakeUp

    /// - Parameter wakeUp: rings when there is something to take.
    package init(wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    /// Leaves something that nobody waits for.
    package func post(_ request: Request) {
        content.withLock { $0.requests.append(request) }
        wakeUp.signal()
    }

    /// Leaves a request under the number that it is given, and waits for the answer to it.
    /// - Throws: `CoordinatorError` when the request cannot be answered: what it asked for may be done all the same.
    package func ask(_ request: @Sendable (UInt64) -> Request) async throws -> Reply {
        try await withCheckedThrowingContinuation { continuation in
            let obstacle = content.withLock { content -> CoordinatorError? in
                if let obstacle = content.obstacle { return obstacle }
                content.requests.append(request(content.nextNumber))
                content.answers[content.nextNumber] = { continuation.resume(with: $0) }
                content.nextNumber += 1
                return nil
            }
            if let obstacle { continuation.resume(throwing: obstacle) } else { wakeUp.signal() }
        }
    }

    /// What has been left since the last time, in order.
    package func takeRequests() -> [Request] {
        content.withLock { content in
            defer { content.requests = [] }
            return content.requests
        }
    }

    package func answer(_ number: UInt64, _ reply: Reply) {
        content.withLock { $0.answers.removeValue(forKey: number) }?(.success(reply))
    }

    /// Tells those who wait, and those who ask until `resume`, that nothing can be answered now.
    package func suspend(_ obstacle: CoordinatorError) {
        let answers = content.withLock { content in
            if !content.isClosed { content.obstacle = obstacle }
            defer { content.answers = [:] }
            return content.answers.values
        }
        for answer in answers { answer(.failure(obstacle)) }
    }

    package func resume() {
        content.withLock { content in
            if !content.isClosed { content.obstacle = nil }
        }
    }

    /// Tells those who wait, and whoever asks later, that nothing is answered any more.
    package func close(_ reason: CoordinatorError) {
        suspend(reason)
        content.withLock { content in
            content.obstacle = reason
            content.isClosed = true
        }
    }
}
