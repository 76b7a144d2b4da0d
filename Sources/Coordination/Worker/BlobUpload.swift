import Wire

/// A blob that does not fit into a frame, sent part by part. One part is under way at a time and the coordinator says
/// how much it has, so whatever was lost or came twice, the next part is the right one and heartbeats go between.
struct BlobUpload {
    /// After so long without an answer a part is sent again.
    private static let patience: Nanoseconds = 5_000_000_000

    private var current: (attempt: AttemptID, blob: Blob)?
    /// Where the part under way begins.
    private var offset = 0
    private var sentAt: Nanoseconds?
    private var pace = TransferPace(
        Limits.chunkByteCountMin...Limits.chunkByteCountMax, beginningWith: Limits.chunkByteCountMax / 4)

    /// What the coordinator must have next.
    mutating func need(_ next: (attempt: AttemptID, blob: Blob)?) {
        guard current?.attempt != next?.attempt || current?.blob.digest != next?.blob.digest else { return }
        current = next
        offset = 0
        sentAt = nil
    }

    private var due: Nanoseconds { sentAt.map { $0 + Self.patience } ?? 0 }

    /// When `nextPart` will have something to say if nothing arrives.
    var deadline: Nanoseconds? { current == nil ? nil : due }

    /// The part that is due, or nil while one is under way.
    mutating func nextPart(at now: Nanoseconds) -> (message: WorkerMessage, bytes: [UInt8])? {
        guard let (attempt, blob) = current, now >= due else { return nil }
        if sentAt != nil { pace.noteLost() }
        sentAt = now
        let end = min(offset + pace.byteCount, blob.bytes.count)
        return (
            .part(attempt: attempt, digest: blob.digest, offset: offset, total: blob.bytes.count),
            Array(blob.bytes[offset..<end])
        )
    }

    /// Takes the word of how much the coordinator has; returns whose blob is whole there.
    mutating func take(_ digest: Digest, has count: Int, at now: Nanoseconds) -> AttemptID? {
        guard let (attempt, blob) = current, blob.digest == digest, count <= blob.bytes.count else { return nil }
        if let sentAt, count > offset { pace.note(byteCount: count - offset, took: now - min(sentAt, now)) }
        guard count < blob.bytes.count else { return attempt }
        // The answer to a part that came twice: the one under way begins there already.
        guard count != offset else { return nil }
        offset = count
        sentAt = nil
        return nil
    }

    /// A new session: the part under way is lost, or answered by nobody.
    mutating func restart() {
        if sentAt != nil { pace.noteLost() }
        sentAt = nil
    }
}
