import Foundation
import Glibc
import Synchronization
import Wire

/// Bytes by their digest, a file each: `ab/abcdef…`. A file is complete from the moment it has its name, and never
/// changes.
package final class BlobStore: Sendable {
    private let folder: String
    /// The folders `ab` whose own names are known to be durable.
    private let durableFolders = Mutex(Set<String>())

    /// Opens the store and removes what a crash left half-written.
    package init(_ state: StateFolder) throws(StorageError) {
        folder = state.blobs
        for path in try files() where path.hasSuffix(DurableFile.temporarySuffix) {
            guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
        }
    }

    /// Durable when it returns, also when the blob was there before: who put it there may have died between its name
    /// and the name's durability. One that was damaged meanwhile is whole again.
    package func put(_ blob: Blob) throws(StorageError) {
        let path = path(of: blob.digest)
        let parent = DurableFile.parent(of: path)
        if try read(blob.digest, from: 0, count: .max) == blob.bytes {
            try DurableFile.syncFolder(parent)
            return
        }
        try makeDurable(parent)
        try DurableFile.write(blob.bytes, to: path)
    }

    /// Gives a file of this folder, whose bytes the caller has checked, its name; durable when it returns.
    func adopt(_ file: Int32, at temporary: String, as digest: Digest) throws(StorageError) {
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

    /// Removes a blob that nothing needs; to come back after a crash does no harm.
    package func remove(_ digest: Digest) throws(StorageError) {
        let path = path(of: digest)
        guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
    }

    /// The bytes, or nil when there is no such blob; throws when they are not those that were stored.
    package func bytes(of digest: Digest) throws(StorageError) -> [UInt8]? {
        guard let bytes = try read(digest, from: 0, count: .max) else { return nil }
        guard Digest(hashing: bytes) == digest else { throw .damagedBlob(path: path(of: digest)) }
        return bytes
    }

    /// At most `count` bytes beginning at `offset`, fewer at the end; nil when there is no such blob. A part cannot
    /// be checked against the digest: who puts the parts together does that.
    package func bytes(of digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
        try read(digest, from: offset, count: count)
    }

    /// Nil when there is no such blob.
    package func byteCount(of digest: Digest) -> Int? {
        var status = stat()
        return stat(path(of: digest), &status) == 0 ? Int(status.st_size) : nil
    }

    package func contains(_ digest: Digest) -> Bool { access(path(of: digest), F_OK) == 0 }

    /// Removes every blob whose digest is not in `referenced`. Nothing may put blobs meanwhile.
    /// - Returns: how many were removed.
    @discardableResult
    package func removeAll(except referenced: Set<Digest>) throws(StorageError) -> Int {
        var removedCount = 0
        for path in try files() {
            guard let digest = Digest(path.suffix(2 * Digest.byteCount)), !referenced.contains(digest) else { continue }
            guard unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path)") }
            removedCount += 1
        }
        return removedCount
    }

    private func path(of digest: Digest) -> String {
        let name = digest.description
        return "\(folder)/\(name.prefix(2))/\(name)"
    }

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

    private func read(_ digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
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
