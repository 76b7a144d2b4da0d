import CLinux
import Foundation
import Glibc

/// The folder of everything durable: `ledger.sqlite`, `blobs/`, `results/`, `assemblies/`, `format`, `lock`. One process has it
/// open.
package final class StateFolder: Sendable {
    package let path: String
    /// Held for life by flock(2); the kernel releases it however the process ends.
    private let lock: Int32

    /// What `format` holds: version of the folder's layout.
    private static let format = "tutti state "
    private static let version = 1

    /// Creates or opens the folder and locks it until this value is gone.
    ///
    /// - Parameter fileSystemKind: `f_type` of statfs(2) for a path; stands for the system call in tests.
    package init(
        opening path: String, fileSystemKind: (String) throws(StorageError) -> UInt32 = StateFolder.fileSystemKind
    ) throws(StorageError) {
        self.path = path
        try Self.makeFolder(path)
        if let kind = Self.networkFileSystem(try fileSystemKind(path)) {
            throw .networkFileSystem(folder: path, kind: kind)
        }
        let lock = try Self.lock(path)
        do throws(StorageError) {
            try Self.checkFormat(path)
            try Self.makeFolder(path + "/blobs")
            try Self.makeFolder(path + "/results")
            try Self.makeFolder(path + "/assemblies")
        } catch {
            close(lock)
            throw error
        }
        self.lock = lock
    }

    deinit {
        close(lock)
    }

    /// The path of the database.
    package var ledger: String { path + "/ledger.sqlite" }
    /// The folder of the blob store.
    package var blobs: String { path + "/blobs" }
    /// Results of finished jobs, a folder each.
    package var results: String { path + "/results" }
    /// How often the results of jobs were begun, a file each.
    var assemblies: String { path + "/assemblies" }

    /// Bytes of room below which a failure to write is put down to a full disk: results come to some megabytes.
    private static let roomMin: UInt64 = 32 << 20

    /// False while the disk is full, or nearly so.
    package var hasRoom: Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return true }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) >= Self.roomMin
    }

    /// `f_type` of statfs(2), in 32 bits.
    package static func fileSystemKind(_ path: String) throws(StorageError) -> UInt32 {
        let kind = tutti_file_system_kind(path)
        guard kind != 0 else { throw .lastSystemCall("ask for the file system of \(path)") }
        return UInt32(truncatingIfNeeded: kind)
    }

    /// Its name, if `kind` is one of those where a confirmed write or a lock may not hold; the numbers are those of
    /// statfs(2) and of the kernel's `magic.h`.
    private static func networkFileSystem(_ kind: UInt32) -> String? {
        switch kind {
        case 0x0000_6969: "NFS"
        case 0xFF53_4D42: "CIFS"
        case 0xFE53_4D42: "SMB2"
        case 0x0000_517B: "SMB"
        case 0x0BD0_0BD0: "Lustre"
        case 0x6573_5546: "FUSE"
        default: nil
        }
    }

    /// So often a lock that is held is asked for again, 20 ms apart.
    private static let lockTriesMax = 10

    /// The descriptor that holds the lock. The file names the holder, for the message to who comes second.
    private static func lock(_ folder: String) throws(StorageError) -> Int32 {
        let path = folder + "/lock"
        let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .lastSystemCall("open \(path)") }
        // A child of a process that has let go holds the lock too, for the instant between its fork and its exec.
        var hasLock = flock(lock, LOCK_EX | LOCK_NB) == 0
        for _ in 0..<lockTriesMax where !hasLock && errno == EWOULDBLOCK {
            usleep(20_000)
            hasLock = flock(lock, LOCK_EX | LOCK_NB) == 0
        }
        guard hasLock else {
            let error = StorageError.lastSystemCall("lock \(path)")
            let isHeld = errno == EWOULDBLOCK
            close(lock)
            guard isHeld else { throw error }
            let holder = try? String(contentsOfFile: path, encoding: .utf8)
            throw .inUse(folder: folder, processID: holder.flatMap { Int32($0) })
        }
        let holder = Array(String(getpid()).utf8)
        guard ftruncate(lock, 0) == 0, pwrite(lock, holder, holder.count, 0) == holder.count else {
            let error = StorageError.lastSystemCall("write \(path)")
            close(lock)
            throw error
        }
        return lock
    }

    private static func checkFormat(_ folder: String) throws(StorageError) {
        let path = folder + "/format"
        guard access(path, F_OK) == 0 else {
            try DurableFile.write(Array("\(format)\(version)\n".utf8), to: path)
            return
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix(format),
            let found = Int(text.dropFirst(format.count).prefix { $0 != "\n" }), found >= 1
        else { throw .unreadableFormat(folder: folder) }
        guard found <= version else { throw .newer(folder: folder) }
    }

    private static func makeFolder(_ path: String) throws(StorageError) {
        guard access(path, F_OK) != 0 else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let last = errno
            throw .noFolder(path, code: ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue ?? last)
        }
        try DurableFile.syncFolder(DurableFile.parent(of: path))
    }
}
