import Wire

/// A digest of bytes that come in pieces, handed to machines that compute none.
package protocol RunningDigest: Sendable {
    mutating func append(_ bytes: [UInt8])
    /// Of all bytes so far.
    var digest: Digest { get }
}

/// A blob that a slot waits for.
package struct NeededBlob: Hashable, Sendable {
    package let digest: Digest
    /// This host's other workers may have it, or want it.
    package let isShared: Bool

    package init(_ digest: Digest, isShared: Bool) {
        self.digest = digest
        self.isShared = isShared
    }
}

/// Blobs that slots wait for. What this host's workers share is looked up first; the rest is pulled chunk by chunk: one
/// request is under way at a time, so memory is bounded on the side that needs it.
package struct BlobFetch {
    /// Blobs kept beyond those that are needed now: bundles, for the next task of the same job.
    private static let sparesMax = 4
    /// After so long without an answer a chunk is asked for again.
    private static let patience: Nanoseconds = 5_000_000_000
    /// Times that a blob may arrive under a wrong name: on the way bytes may be damaged once, at rest they stay so.
    private static let damagesMax = 2

    /// While another worker of the host fetches the blob it is looked up so often, and no longer than for so long: that
    /// one may have a slower wire, or none.
    private static let lookUpInterval: Nanoseconds = 100_000_000
    private static let lookUpPatience: Nanoseconds = 20_000_000_000

    /// Where the search for the first blob stands among what this host's workers share.
    private enum LookUp {
        /// Not asked for, or again from then on; the first time was at `since`.
        case due(Nanoseconds, since: Nanoseconds?)
        case asked(since: Nanoseconds)
        /// It is not there.
        case over
    }

    /// What a chunk has led to.
    package enum Arrival: Equatable {
        case nothing
        /// A blob has become whole.
        case whole([UInt8], isShared: Bool)
        /// Its bytes are not those of its name, however often they are asked for.
        case damaged
    }

    private let makeDigest: @Sendable () -> any RunningDigest
    private var kept: [Blob] = []
    private var wanted: [NeededBlob] = []
    private var lookUp = LookUp.due(0, since: nil)
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
    package mutating func need(_ blobs: [NeededBlob]) {
        let digests = Set(blobs.map(\.digest))
        var missing: [NeededBlob] = []
        for blob in blobs where bytes(of: blob.digest) == nil && !missing.contains(blob) { missing.append(blob) }
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

    /// The blob that is to be looked up now among what this host's workers share.
    package mutating func nextLookUp(at now: Nanoseconds) -> Digest? {
        guard let blob = wanted.first, blob.isShared, case .due(let due, let since) = lookUp, now >= due else {
            return nil
        }
        lookUp = .asked(since: since ?? now)
        return blob.digest
    }

    /// Takes what the host's workers have of a blob that was looked up; true when it is whole.
    package mutating func take(_ digest: Digest, _ copy: HostCopy, at now: Nanoseconds) -> Bool {
        guard digest == wanted.first?.digest, case .asked(let since) = lookUp else { return false }
        switch copy {
        case .whole(let bytes):
            keep(Blob(digest: digest, bytes: bytes))
            return true
        case .onItsWay where now < since + Self.lookUpPatience:
            lookUp = .due(now + Self.lookUpInterval, since: since)
        case .onItsWay, .none:
            lookUp = .over
        }
        return false
    }

    /// The first blob has come.
    private mutating func keep(_ blob: Blob) {
        kept.append(blob)
        wanted.removeFirst()
        beginAnew()
    }

    private mutating func beginAnew() {
        lookUp = .due(0, since: nil)
        arrived = []
        running = makeDigest()
        askedAt = nil
    }

    /// When `nextRequest` will have something to say if nothing arrives.
    package var deadline: Nanoseconds? {
        guard let blob = wanted.first else { return nil }
        if blob.isShared, case .due(let due, _) = lookUp { return due }
        return askedAt.map { $0 + Self.patience } ?? 0
    }

    /// The request that is due, or nil while one is under way.
    package mutating func nextRequest(at now: Nanoseconds) -> WorkerMessage? {
        guard let blob = wanted.first, now >= (askedAt.map { $0 + Self.patience } ?? 0) else { return nil }
        if blob.isShared {
            guard case .over = lookUp else { return nil }
        }
        if askedAt != nil { pace.noteLost() }
        askedAt = now
        return .fetch(digest: blob.digest, offset: arrived.count, length: pace.byteCount)
    }

    /// Takes a chunk.
    package mutating func take(
        _ digest: Digest, offset: Int, total: Int, bytes: [UInt8], at now: Nanoseconds
    ) -> Arrival {
        guard let blob = wanted.first, digest == blob.digest, let asked = askedAt, offset == arrived.count else {
            return .nothing
        }
        // An empty part of what is not yet whole: asked for again only when the request has timed out.
        guard !bytes.isEmpty || arrived.count >= total else { return .nothing }
        askedAt = nil
        pace.note(byteCount: bytes.count, took: now - min(asked, now))
        arrived += bytes
        running.append(bytes)
        guard arrived.count >= total else { return .nothing }
        guard running.digest == digest else {
            beginAnew()
            damages += 1
            return damages < Self.damagesMax ? .nothing : .damaged
        }
        damages = 0
        let whole = arrived
        keep(Blob(digest: digest, bytes: whole))
        return .whole(whole, isShared: blob.isShared)
    }

    /// Forgets the request under way: its session is over.
    package mutating func restart() {
        if askedAt != nil { pace.noteLost() }
        askedAt = nil
    }
}
