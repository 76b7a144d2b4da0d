import Wire

/// Blobs that slots wait for, pulled chunk by chunk: one request is under way at a time, so memory is bounded on the
/// side that needs it.
struct BlobFetch {
    /// Bundles kept for the next task of the same job.
    private static let keptMax = 4

    private var kept: [Blob] = []
    private var wanted: [Digest] = []
    private var arrived: [UInt8] = []
    /// When the chunk under way was asked for.
    private(set) var askedAt: Nanoseconds?

    func bytes(of digest: Digest) -> [UInt8]? { kept.last { $0.digest == digest }?.bytes }

    mutating func want(_ digest: Digest) {
        if bytes(of: digest) == nil, !wanted.contains(digest) { wanted.append(digest) }
    }

    /// The request that is due, or nil while one is under way.
    mutating func nextRequest(at now: Nanoseconds) -> WorkerMessage? {
        guard askedAt == nil, let digest = wanted.first else { return nil }
        askedAt = now
        return .fetch(digest: digest, offset: arrived.count, length: Limits.chunkByteCountMax)
    }

    /// Takes a chunk; true when a blob has become whole. `hash` gives the digest of bytes.
    mutating func take(
        _ digest: Digest, offset: Int, total: Int, bytes: [UInt8], hash: ([UInt8]) -> Digest
    ) -> Bool {
        guard digest == wanted.first, offset == arrived.count else { return false }
        askedAt = nil
        arrived += bytes
        guard arrived.count >= total || bytes.isEmpty else { return false }
        defer { arrived = [] }
        // Bytes under a wrong name are fetched anew.
        guard hash(arrived) == digest else { return false }
        kept.append(Blob(digest: digest, bytes: arrived))
        if kept.count > Self.keptMax { kept.removeFirst() }
        wanted.removeFirst()
        return true
    }

    /// Gives up a blob that the coordinator does not have.
    mutating func drop(_ digest: Digest) {
        if wanted.first == digest {
            arrived = []
            askedAt = nil
        }
        wanted.removeAll { $0 == digest }
    }

    /// Forgets the request under way: its session is over, or its answer was lost.
    mutating func restart() {
        askedAt = nil
    }
}
