import Foundation
import Glibc
import Synchronization
import Wire

/// Bytes by their digest: small ones in rows of the ledger, where the commit that stores the entry that names them makes
/// them durable too; larger ones a file each, `ab/abcdef…`, complete from the moment it has its name.
///
/// A blob never changes, so where there is both a row and a file either will do. The row is asked first: it is the one
/// that is replaced when the same content comes again.
package final class BlobStore: Sendable {
    /// The longest blob that is kept in a row: two flushes of the disk for a file cost more than these bytes twice.
    package static let rowByteCountMax = 64 << 10

    /// Files that are written at once: far below what a process may have open.
    private static let openFilesMax = 64

    private let folder: String
    private let rows: (any BlobRows)?
    /// Files that somebody is about to name, and how many do.
    private let held = Mutex<[Digest: Int]>([:])
    /// Held while a batch is stored, and while what nothing names any more is found and removed.
    private let turn = Mutex(())
    /// The folders `ab` whose own names are known to be durable.
    private let durableFolders = Mutex(Set<String>())

    /// Opens the store and removes what a crash left half-written.
    /// - Parameter rows: where small blobs are read; nil where all are files.
    package init(_ state: StateFolder, rows: (any BlobRows)? = nil) throws(StorageError) {
        folder = state.blobs
        self.rows = rows
        for path in try files() where path.hasSuffix(DurableFile.temporarySuffix) {
            guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
        }
    }

    /// Whether the blob is to be a row of the ledger.
    package static func isRow(_ blob: Blob) -> Bool { blob.bytes.count <= rowByteCountMax }

    /// A file; durable when it returns.
    package func put(_ blob: Blob) throws(StorageError) { try put([blob]) }

    /// Files; durable when it returns, also those that were there before: who put them there may have died between a
    /// name and the name's durability. One that was damaged meanwhile is whole again.
    package func put(_ blobs: [Blob]) throws(StorageError) {
        var known: Set<String> = []
        var missing: [(bytes: [UInt8], path: String)] = []
        for blob in blobs {
            let path = path(of: blob.digest)
            let parent = DurableFile.parent(of: path)
            if try readFile(blob.digest, from: 0, count: .max) == blob.bytes {
                known.insert(parent)
            } else {
                try makeDurable(parent)
                missing.append((blob.bytes, path))
            }
        }
        for start in stride(from: 0, to: missing.count, by: Self.openFilesMax) {
            known.subtract(try DurableFile.write(Array(missing[start..<min(start + Self.openFilesMax, missing.count)])))
        }
        for parent in known.sorted() { try DurableFile.syncFolder(parent) }
    }

    /// Gives a file of this folder, whose bytes the caller has checked, its name; durable when it returns.
    func adopt(_ file: Int32, at temporary: String, as digest: Digest) throws(StorageError) {
        // The checkpoint that names it is still to come.
        hold(digest)
        let path = path(of: digest)
        let parent = DurableFile.parent(of: path)
        try makeDurable(parent)
        try DurableFile.sync(file, path: temporary)
        guard rename(temporary, path) == 0 else { throw .lastSystemCall("rename \(temporary) to \(path)") }
        try DurableFile.syncFolder(parent)
    }

    /// Where a blob that comes in parts is kept until it is whole. After a crash the file is rubbish.
    func temporaryPath(_ name: String) throws(StorageError) -> String {
        let parent = folder + "/arriving"
        try makeDurable(parent)
        return "\(parent)/\(name)\(DurableFile.temporarySuffix)"
    }

    private func makeDurable(_ parent: String) throws(StorageError) {
        guard !durableFolders.withLock({ $0.contains(parent) }) else { return }
        guard mkdir(parent, 0o700) == 0 || errno == EEXIST else {
            throw .lastSystemCall("create the folder \(parent)")
        }
        try DurableFile.syncFolder(folder)
        durableFolders.withLock { _ = $0.insert(parent) }
    }

    /// Removes the file of a blob that nothing needs; to come back after a crash does no harm. A row goes with the batch
    /// that releases it.
    package func removeFile(_ digest: Digest) throws(StorageError) {
        let path = path(of: digest)
        guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
    }

    /// The bytes, or nil when there is no such blob; throws when they are not those that were stored.
    package func bytes(of digest: Digest) throws(StorageError) -> [UInt8]? {
        if let bytes = try rows?.row(digest, from: 0, count: .max) {
            guard Digest(hashing: bytes) == digest else { throw .damagedBlob(path: "row \(digest) of the ledger") }
            return bytes
        }
        guard let bytes = try readFile(digest, from: 0, count: .max) else { return nil }
        guard Digest(hashing: bytes) == digest else { throw .damagedBlob(path: path(of: digest)) }
        return bytes
    }

    /// At most `count` bytes beginning at `offset`, fewer at the end; nil when there is no such blob. A part cannot
    /// be checked against the digest: who puts the parts together does that.
    package func bytes(of digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
        if let bytes = try rows?.row(digest, from: offset, count: count) { return bytes }
        return try readFile(digest, from: offset, count: count)
    }

    /// Nil when there is no such blob.
    package func byteCount(of digest: Digest) -> Int? {
        if let count = try? rows?.rowByteCount(digest) { return count }
        var status = stat()
        return stat(path(of: digest), &status) == 0 ? Int(status.st_size) : nil
    }

    package func contains(_ digest: Digest) -> Bool { byteCount(of: digest) != nil }

    /// Removes every blob whose digest is not in `referenced`. Nothing may put blobs meanwhile.
    /// - Returns: how many were removed.
    @discardableResult
    package func removeAll(except referenced: Set<Digest>) throws(StorageError) -> Int {
        var removedCount = try rows?.removeRows(except: referenced) ?? 0
        for path in try files() {
            guard let digest = Digest(path.suffix(2 * Digest.byteCount)), !referenced.contains(digest) else { continue }
            guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
            removedCount += 1
        }
        return removedCount
    }

    // MARK: Blobs of jobs that are over

    /// Runs what stores a batch: meanwhile no file is removed by `removeFiles`.
    package func storing<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        do {
            return try turn.withLock { _ in try body() }
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("only a StorageError is thrown")
        }
    }

    /// Runs what stores a file and then sees to it that an entry names it: meanwhile `removeFiles` leaves it alone.
    package func holding<Result>(
        _ digest: Digest, _ body: () async throws -> Result
    ) async rethrows -> Result {
        hold(digest)
        defer {
            held.withLock { held in
                let count = (held[digest] ?? 1) - 1
                held[digest] = count > 0 ? count : nil
            }
        }
        return try await body()
    }

    /// Until this store is gone.
    func hold(_ digest: Digest) {
        held.withLock { $0[digest, default: 0] += 1 }
    }

    /// Removes the files of the blobs that nothing names any more.
    /// - Parameter unneeded: finds them; no batch is stored from then until they are gone.
    /// - Returns: how many blobs there were.
    package func removeFiles(_ unneeded: () throws(StorageError) -> [Digest]) throws(StorageError) -> Int {
        try storing { () throws(StorageError) in
            let digests = try unneeded()
            for digest in digests {
                // Who holds it either sees it go, and writes it again, or finds it for good.
                let code = held.withLock { held in
                    held[digest] != nil || unlink(path(of: digest)) == 0 ? 0 : errno
                }
                guard code == 0 || code == ENOENT else {
                    throw .system(attempt: "remove \(path(of: digest))", code: code)
                }
            }
            return digests.count
        }
    }

    /// Where the file of a blob lies in the folder of a store.
    package static func relativePath(of digest: Digest) -> String {
        let name = digest.description
        return "\(name.prefix(2))/\(name)"
    }

    private func path(of digest: Digest) -> String { "\(folder)/\(Self.relativePath(of: digest))" }

    /// Paths of all files, half-written ones included.
    private func files() throws(StorageError) -> [String] {
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: folder)
                .filter { $0.contains("/") }
                .map { "\(folder)/\($0)" }
        } catch {
            throw .lastSystemCall("list \(folder)")
        }
    }

    private func readFile(_ digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
        precondition(offset >= 0 && count >= 0, "a part of a blob begins within it")
        let path = path(of: digest)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .lastSystemCall("open \(path)")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .lastSystemCall("ask for the size of \(path)") }
        let wanted = min(count, max(0, Int(status.st_size) - offset))
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let got = pread(file, buffer.baseAddress! + filled, wanted - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                if got <= 0 { return }
                filled += got
            }
        }
        guard code == 0 else { throw .system(attempt: "read \(path)", code: code) }
        return bytes
    }
}
