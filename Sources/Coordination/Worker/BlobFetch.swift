import Wire

/// A digest of bytes that come in pieces, handed to machines that compute none.
package protocol RunningDigest: Sendable {
    mutating func append(_ bytes: [UInt8])
    /// Of all bytes so far.
    var digest: Digest { get }
}

/// Blobs that slots wait for, pulled chunk by chunk: one request is under way at a time, so memory is bounded on the
/// side that needs it.
package struct BlobFetch {
    /// Blobs kept beyond those that are needed now: bundles, for the next task of the same job.
    private static let sparesMax = 4
    /// After so long without an answer a chunk is asked for again.
    private static let patience: Nanoseconds = 5_000_000_000
    /// Times that a blob may arrive under a wrong name: on the way bytes may be damaged once, at rest they stay so.
    private static let damagesMax = 2

    /// What a chunk has led to.
    package enum Arrival {
        case nothing
        /// A blob has become whole.
        case whole
        /// Its bytes are not those of its name, however often they are asked for.
        case damaged
    }

    private let makeDigest: @Sendable () -> any RunningDigest
    private var kept: [Blob] = []
    private var wanted: [Digest] = []
    private var arrived: [UInt8] = []
    private var running: any RunningDigest
    private var damages = 0
    /// When the chunk under way was asked for.
    private var askedAt: Nanoseconds?
    private var pace = TransferPace(
        Limits.chunkByteCountMin...Limits.chunkByteCountMax, beginningWith: Limits.chunkByteCountMax / 4)

    package init(makeDigest: @escaping @Sendable () -> any RunningDigest) {
        self.makeDigest = makeDigest
        running = makeDigest()
    }

    package func bytes(of digest: Digest) -> [UInt8]? { kept.last { $0.digest == digest }?.bytes }

    /// What slots wait for now, in the order in which it is fetched. Nothing needed is ever dropped.
    package mutating func need(_ digests: [Digest]) {
        var missing: [Digest] = []
        for digest in digests where bytes(of: digest) == nil && !missing.contains(digest) { missing.append(digest) }
        if let current = wanted.first, missing.first != current {
            if missing.contains(current) {
                missing.removeAll { $0 == current }
                missing.insert(current, at: 0)
            } else {
                beginAnew()
                damages = 0
            }
        }
        wanted = missing
        var spares = kept.filter { !digests.contains($0.digest) }.count - Self.sparesMax
        kept.removeAll { blob in
            guard spares > 0, !digests.contains(blob.digest) else { return false }
            spares -= 1
            return true
        }
    }

    /// Drops a blob that nobody will need again.
    package mutating func forget(_ digest: Digest) {
        kept.removeAll { $0.digest == digest }
    }

    private mutating func beginAnew() {
        arrived = []
        running = makeDigest()
        askedAt = nil
    }

    /// When `nextRequest` will have something to say if nothing arrives.
    package var deadline: Nanoseconds? { wanted.isEmpty ? nil : (askedAt.map { $0 + Self.patience } ?? 0) }

    /// The request that is due, or nil while one is under way.
    package mutating func nextRequest(at now: Nanoseconds) -> WorkerMessage? {
        guard let digest = wanted.first, now >= (askedAt.map { $0 + Self.patience } ?? 0) else { return nil }
        if askedAt != nil { pace.noteLost() }
        askedAt = now
        return .fetch(digest: digest, offset: arrived.count, length: pace.byteCount)
    }

    /// Takes a chunk.
    package mutating func take(
        _ digest: Digest, offset: Int, total: Int, bytes: [UInt8], at now: Nanoseconds
    ) -> Arrival {
        guard digest == wanted.first, let asked = askedAt, offset == arrived.count else { return .nothing }
        // An empty part of what is not yet whole: asked for again only when the request has timed out.
        guard !bytes.isEmpty || arrived.count >= total else { return .nothing }
        askedAt = nil
        pace.note(byteCount: bytes.count, took: now - min(asked, now))
        arrived += bytes
        running.append(bytes)
        guard arrived.count >= total else { return .nothing }
        defer { beginAnew() }
        guard running.digest == digest else {
            damages += 1
            return damages < Self.damagesMax ? .nothing : .damaged
        }
        damages = 0
        kept.append(Blob(digest: digest, bytes: arrived))
        wanted.removeFirst()
        return .whole
    }

    /// Forgets the request under way: its session is over.
    package mutating func restart() {
        if askedAt != nil { pace.noteLost() }
        askedAt = nil
    }
}
