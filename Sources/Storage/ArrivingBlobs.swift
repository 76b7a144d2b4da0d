import Coordination
import Glibc
import Wire

/// Blobs that come in parts: each grows in a file of its own, hashed as it grows, and gets its name when it is whole.
/// Of one thread.
package struct ArrivingBlobs: ~Copyable {
    private struct Arriving {
        let digest: Digest
        let total: Int
        let file: Int32
        let path: String
        var count = 0
        var hash = DigestBuilder()
    }

    private let store: BlobStore
    private var arriving: [AttemptID: Arriving] = [:]

    package init(_ store: BlobStore) {
        self.store = store
    }

    deinit {
        for blob in arriving.values { close(blob.file) }
    }

    /// Keeps a part, and the whole blob durably when it is the last. What is there already is not written again, so one
    /// that found the disk full may be tried again.
    /// - Returns: false when the blob is whole and is not what its digest says; nothing of it is left.
    package mutating func keep(_ part: BlobPart) throws(StorageError) -> Bool {
        if let known = arriving[part.attempt], known.digest != part.digest || known.total != part.total {
            try discard(part.attempt)
        }
        if arriving[part.attempt] == nil {
            // A later part of what is no longer arriving: it is whole, or gone.
            guard part.offset == 0 else { return store.contains(part.digest) }
            try begin(part)
        }
        guard var blob = arriving[part.attempt], part.end > blob.count else { return true }
        guard part.offset <= blob.count else {
            try discard(part.attempt)
            return false
        }
        // Parts that come again may be of other sizes.
        let news = Array(part.bytes.dropFirst(blob.count - part.offset))
        try DurableFile.writeAll(news, to: blob.file, at: blob.count, path: blob.path)
        blob.hash.append(news)
        blob.count = part.end
        arriving[part.attempt] = blob
        guard blob.count == blob.total else { return true }
        return try finish(blob, of: part.attempt)
    }

    /// Drops what has come of the attempt's blob.
    package mutating func discard(_ attempt: AttemptID) throws(StorageError) {
        guard let blob = arriving.removeValue(forKey: attempt) else { return }
        close(blob.file)
        guard unlink(blob.path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(blob.path)") }
    }

    private mutating func begin(_ part: BlobPart) throws(StorageError) {
        let attempt = part.attempt
        let name = "\(attempt.task.job.number)-\(attempt.task.index)-\(attempt.epoch)"
        let path = try store.temporaryPath(name)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .lastSystemCall("create \(path)") }
        arriving[attempt] = Arriving(digest: part.digest, total: part.total, file: file, path: path)
    }

    private mutating func finish(_ blob: Arriving, of attempt: AttemptID) throws(StorageError) -> Bool {
        guard blob.hash.digest == blob.digest else {
            try discard(attempt)
            return false
        }
        try store.adopt(blob.file, at: blob.path, as: blob.digest)
        close(blob.file)
        arriving[attempt] = nil
        return true
    }
}
