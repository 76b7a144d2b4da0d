import Wire

/// Checkpoints, results and failures that are not known to be stored, in the order in which they came about: blocks of
/// draws continue one another, so an earlier one is always sent before a later one.
struct OutcomeQueue {
    struct Pending {
        var attempt: AttemptID
        var message: WorkerMessage
        var blobs: [[UInt8]]
        /// Sequence numbers under which it went out in this session.
        var sequences: [UInt64] = []
        /// When it is sent again; 0 when it has not been sent in this session.
        var due: Nanoseconds = 0
        /// How long to wait for its acknowledgement the next time.
        var pause: Nanoseconds = OutcomeQueue.pauseMin
    }

    /// An acknowledgement takes a commit; a second is patient with a busy disk.
    private static let pauseMin: Nanoseconds = 1_000_000_000
    private static let pauseMax: Nanoseconds = 5_000_000_000

    private(set) var pending: [Pending] = []

    var isEmpty: Bool { pending.isEmpty }

    var attempts: [AttemptID] { pending.map(\.attempt) }

    /// When the next one is sent again.
    var deadline: Nanoseconds? { pending.map(\.due).min() }

    mutating func add(_ attempt: AttemptID, _ message: WorkerMessage, blobs: [[UInt8]]) {
        pending.append(Pending(attempt: attempt, message: message, blobs: blobs))
    }

    /// Notes that the outcome has left under this number.
    mutating func noteSent(_ index: Int, sequence: UInt64, due: Nanoseconds) {
        pending[index].sequences.append(sequence)
        pending[index].due = due
        pending[index].pause = min(2 * pending[index].pause, Self.pauseMax)
    }

    /// Removes what the number stood for.
    mutating func remove(sequence: UInt64) -> Pending? {
        guard let index = pending.firstIndex(where: { $0.sequences.contains(sequence) }) else { return nil }
        return pending.remove(at: index)
    }

    /// The attempt is not wanted any more. A result is kept all the same: whoever finished first, it counts, or is
    /// compared.
    mutating func drop(_ attempt: AttemptID) {
        pending.removeAll {
            if case .result = $0.message { false } else { $0.attempt == attempt }
        }
    }

    /// A new session: everything is due, in order.
    mutating func restart() {
        for index in pending.indices {
            pending[index].sequences = []
            pending[index].due = 0
            pending[index].pause = Self.pauseMin
        }
    }
}
