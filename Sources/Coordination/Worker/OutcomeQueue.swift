import Wire

/// Checkpoints, results and failures that are not known to be stored, in the order in which they came about: blocks of
/// draws continue one another, so an earlier one is always sent before a later one.
package struct OutcomeQueue {
    package struct Pending {
        package var attempt: AttemptID
        package var message: WorkerMessage
        /// Bytes that travel with the message.
        package var blobs: [[UInt8]]
        /// Long blobs: the coordinator must have them before the message.
        package var large: [Blob]
        /// Those of them that it is not known to have in this session.
        package var uploads: [Blob]
        /// Sequence numbers under which it went out in this session.
        package var sequences: [UInt64] = []
        /// When it is sent again; 0 when it has not been sent in this session.
        package var due: Nanoseconds = 0
        /// How long to wait for its acknowledgement the next time.
        package var pause: Nanoseconds = OutcomeQueue.pauseMin
        /// When it last went out in this session.
        fileprivate var sentAt: Nanoseconds?

        fileprivate var byteCount: Int { blobs.reduce(0) { $0 + $1.count } }
    }

    /// An acknowledgement takes a commit; a second is patient with a busy disk.
    private static let pauseMin: Nanoseconds = 1_000_000_000
    private static let pauseMax: Nanoseconds = 5_000_000_000

    /// Bytes that may be on the wire without an acknowledgement. The least is no less than a message may have, the most
    /// serves a fast wire with a slow disk at its end.
    private static let window = Limits.inlineByteCountMax...(4 << 20)

    package private(set) var pending: [Pending] = []
    private var pace = TransferPace(OutcomeQueue.window, beginningWith: OutcomeQueue.window.lowerBound)

    package init() {}

    package var isEmpty: Bool { pending.isEmpty }

    package var attempts: [AttemptID] { pending.map(\.attempt) }

    /// Places of those that may be on the wire: not before their blobs, nor before an earlier one of the same attempt, nor
    /// so many at once that a heartbeat would wait long behind them.
    package var sendable: [Int] {
        var blocked: Set<AttemptID> = []
        var byteCount = pending.reduce(0) { $0 + ($1.sentAt == nil ? 0 : $1.byteCount) }
        var isFull = false
        return pending.indices.filter { index in
            let outcome = pending[index]
            if !outcome.uploads.isEmpty { blocked.insert(outcome.attempt) }
            guard !blocked.contains(outcome.attempt) else { return false }
            guard outcome.sentAt == nil, outcome.byteCount > 0 else { return outcome.sentAt != nil || !isFull }
            // What has to wait is not overtaken.
            if byteCount > 0, byteCount + outcome.byteCount > pace.byteCount { isFull = true }
            byteCount += outcome.byteCount
            return !isFull
        }
    }

    /// When the next one is sent again.
    package var deadline: Nanoseconds? { sendable.map { pending[$0].due }.min() }

    /// The blob that the coordinator must have next.
    package var nextUpload: (attempt: AttemptID, blob: Blob)? {
        for outcome in pending {
            if let blob = outcome.uploads.first { return (outcome.attempt, blob) }
        }
        return nil
    }

    /// Blobs that are long travel before the message, in parts.
    package mutating func add(_ attempt: AttemptID, _ message: WorkerMessage, blobs: [Blob] = []) {
        let large = blobs.filter { $0.bytes.count > Limits.inlineByteCountMax }
        let small = blobs.filter { $0.bytes.count <= Limits.inlineByteCountMax }
        pending.append(
            Pending(attempt: attempt, message: message, blobs: small.map(\.bytes), large: large, uploads: large))
    }

    /// The coordinator has a blob of the attempt.
    package mutating func noteDelivered(_ attempt: AttemptID, _ digest: Digest) {
        guard let index = pending.firstIndex(where: { $0.attempt == attempt && !$0.uploads.isEmpty }) else { return }
        pending[index].uploads.removeAll { $0.digest == digest }
    }

    /// Notes that the outcome has left under this number.
    package mutating func noteSent(_ index: Int, sequence: UInt64, at now: Nanoseconds, due: Nanoseconds) {
        pending[index].sequences.append(sequence)
        pending[index].sentAt = now
        pending[index].due = due
        pending[index].pause = min(2 * pending[index].pause, Self.pauseMax)
    }

    /// Removes what the number stood for.
    package mutating func remove(sequence: UInt64, at now: Nanoseconds) -> Pending? {
        guard let index = pending.firstIndex(where: { $0.sequences.contains(sequence) }) else { return nil }
        let outcome = pending[index]
        // Of one that went out twice nobody knows which was answered.
        if let sentAt = outcome.sentAt, outcome.sequences.count == 1, outcome.byteCount > 0 {
            let byteCount = pending.reduce(0) { $0 + ($1.sentAt == nil ? 0 : $1.byteCount) }
            pace.note(byteCount: byteCount, took: now - min(sentAt, now))
        }
        return pending.remove(at: index)
    }

    /// The attempt is not wanted any more. A result is kept all the same: whoever finished first, it counts, or is
    /// compared.
    package mutating func drop(_ attempt: AttemptID) {
        pending.removeAll {
            if case .result = $0.message { false } else { $0.attempt == attempt }
        }
    }

    /// A new session: everything is due, in order.
    package mutating func restart() {
        pace.noteLost()
        for index in pending.indices {
            pending[index].uploads = pending[index].large
            pending[index].sequences = []
            pending[index].due = 0
            pending[index].sentAt = nil
            pending[index].pause = Self.pauseMin
        }
    }
}
