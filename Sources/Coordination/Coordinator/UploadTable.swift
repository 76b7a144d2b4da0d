import Wire

/// Blobs that come in parts, and those that are whole and wait for the checkpoint that names them: of each attempt
/// one under way. A checkpoint may wait for room on the wire while blobs of the next one come already.
struct UploadTable {
    private struct Upload {
        let digest: Digest
        let total: Int
        /// Bytes that were taken, and bytes that are known to be kept.
        var taken = 0
        var kept = 0
    }

    /// What becomes of a part.
    enum Answer: Equatable {
        case keep
        /// It was kept before; this much of the blob is.
        case have(Int)
        /// It is being kept, or does not continue what there is.
        case none
        /// No blob has such a part.
        case invalid
    }

    private var arriving: [AttemptID: Upload] = [:]
    private var whole: [AttemptID: [Digest]] = [:]

    /// Whole blobs of the attempt.
    func delivered(by attempt: AttemptID) -> [Digest] { whole[attempt] ?? [] }

    /// True when the blob is whole and waits for its checkpoint, or is on its way: its last part may be on disk already.
    func needs(_ digest: Digest) -> Bool {
        whole.values.contains { $0.contains(digest) } || arriving.values.contains { $0.digest == digest }
    }

    func isArriving(from attempt: AttemptID) -> Bool { arriving[attempt] != nil }

    mutating func take(_ part: BlobPart) -> Answer {
        if delivered(by: part.attempt).contains(part.digest) { return .have(part.total) }
        guard !part.bytes.isEmpty, part.end <= part.total,
            delivered(by: part.attempt).count < Limits.blobsMax
        else { return .invalid }
        var upload = arriving[part.attempt] ?? Upload(digest: part.digest, total: part.total)
        if upload.digest != part.digest || upload.total != part.total {
            upload = Upload(digest: part.digest, total: part.total)
        }
        defer { arriving[part.attempt] = upload }
        guard part.offset == upload.taken else {
            return upload.kept == upload.taken ? .have(upload.kept) : .none
        }
        upload.taken = part.end
        return .keep
    }

    /// So much of the blob is kept now; false when nobody waits for it any more.
    mutating func noteKept(_ attempt: AttemptID, _ digest: Digest, end: Int) -> Bool {
        guard var upload = arriving[attempt], upload.digest == digest, end <= upload.taken else { return false }
        upload.kept = end
        arriving[attempt] = upload
        if end == upload.total {
            arriving[attempt] = nil
            whole[attempt, default: []].append(digest)
        }
        return true
    }

    /// A checkpoint has come that names these of its whole blobs.
    mutating func note(_ digests: [Digest], areNamedBy attempt: AttemptID) {
        whole[attempt]?.removeAll { digests.contains($0) }
        if whole[attempt]?.isEmpty == true { whole[attempt] = nil }
    }

    /// Forgets all of the attempt; returns its whole blobs.
    mutating func remove(_ attempt: AttemptID) -> [Digest] {
        arriving[attempt] = nil
        return whole.removeValue(forKey: attempt) ?? []
    }
}
