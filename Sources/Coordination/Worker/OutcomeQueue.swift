import Wire

/// Checkpoints, results and failures that are not known to be stored, in the order in which they came about: blocks of
/// draws continue one another, so an earlier one is always sent before a later one.
package struct OutcomeQueue {
    package struct Pending {
        package var attempt: AttemptID
        package var message: WorkerMessage
        /// Bytes that travel with the message.
        package var blobs: [[UInt8]]
        /// Blobs beyond a frame: the coordinator must have them before the message.
        package var large: [Blob]
        /// Those of them that it is not known to have in this session.
        package var uploads: [Blob]
        /// Sequence numbers under which it went out in this session.
        package var sequences: [UInt64] = []
        /// When it is sent again; 0 when it has not been sent in this session.
        package var due: Nanoseconds = 0
        /// How long to wait for its acknowledgement the next time.
        package var pause: Nanoseconds = OutcomeQueue.pauseMin
    }

    /// An acknowledgement takes a commit; a second is patient with a busy disk.
    private static let pauseMin: Nanoseconds = 1_000_000_000
    private static let pauseMax: Nanoseconds = 5_000_000_000

    package private(set) var pending: [Pending] = []

    package init() {}

    package var isEmpty: Bool { pending.isEmpty }

    package var attempts: [AttemptID] { pending.map(\.attempt) }

    /// Places of those that may be sent: not before their blobs, nor before an earlier one of the same attempt.
    package var sendable: [Int] {
        var blocked: Set<AttemptID> = []
        return pending.indices.filter { index in
            if !pending[index].uploads.isEmpty { blocked.insert(pending[index].attempt) }
            return !blocked.contains(pending[index].attempt)
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

    /// Blobs that are longer than a frame travel before the message, in parts.
    package mutating func add(_ attempt: AttemptID, _ message: WorkerMessage, blobs: [Blob] = []) {
        let large = blobs.filter { $0.bytes.count > Limits.frameByteCountMax }
        let small = blobs.filter { $0.bytes.count <= Limits.frameByteCountMax }
        pending.append(
            Pending(attempt: attempt, message: message, blobs: small.map(\.bytes), large: large, uploads: large))
    }

    /// The coordinator has a blob of the attempt.
    package mutating func noteDelivered(_ attempt: AttemptID, _ digest: Digest) {
        guard let index = pending.firstIndex(where: { $0.attempt == attempt && !$0.uploads.isEmpty }) else { return }
        pending[index].uploads.removeAll { $0.digest == digest }
    }

    /// Notes that the outcome has left under this number.
    package mutating func noteSent(_ index: Int, sequence: UInt64, due: Nanoseconds) {
        pending[index].sequences.append(sequence)
        pending[index].due = due
        pending[index].pause = min(2 * pending[index].pause, Self.pauseMax)
    }

    /// Removes what the number stood for.
    package mutating func remove(sequence: UInt64) -> Pending? {
        guard let index = pending.firstIndex(where: { $0.sequences.contains(sequence) }) else { return nil }
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
        for index in pending.indices {
            pending[index].uploads = pending[index].large
            pending[index].sequences = []
            pending[index].due = 0
            pending[index].pause = Self.pauseMin
        }
    }
}
