import Coordination
import Wire

/// What a worker may believe of its leases from what it sent and heard: the machine does not count them yet, so the
/// simulation does, on the worker's clock.
struct LeaseView {
    private var duration: Nanoseconds = 0
    private var askedAt: [UInt64: Nanoseconds] = [:]
    private var ends: [AttemptID: Nanoseconds] = [:]

    /// Until when the worker believes to hold the attempt, on its clock.
    func end(of attempt: AttemptID) -> Nanoseconds? { ends[attempt] }

    mutating func noteSent(_ message: WorkerMessage, at reading: Nanoseconds) {
        if case .heartbeat(let number, _) = message { askedAt[number] = reading }
    }

    /// - Parameter countsFromReceipt: the planted bug.
    mutating func noteReceived(_ message: CoordinatorMessage, at reading: Nanoseconds, countsFromReceipt: Bool) {
        switch message {
        case .welcome(_, _, _, _, let lease, _, _):
            duration = lease
        case .lease(let number, let attempts):
            guard let asked = askedAt.removeValue(forKey: number) else { return }
            for attempt in attempts {
                ends[attempt] = max(ends[attempt] ?? 0, (countsFromReceipt ? reading : asked) + duration)
            }
        case .forget(let attempt):
            ends[attempt] = nil
        default:
            break
        }
    }
}
