import Foundation
import Glibc

/// The folder of everything durable: `ledger.sqlite`, `blobs/`, `results/`, `lock`. One process has it open.
package final class StateFolder: Sendable {
    package let path: String
    private let lock: Int32

    /// Kinds of file system where a completed write may not be durable, by the magic number of statfs(2).
    private static let networkFileSystems: [Int: String] = [
        0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x0BD0_0BD0: "Lustre", 0x6573_5546: "FUSE",
    ]

    /// Creates or opens the folder and locks it until this value is gone.
    /// - Parameter fileSystemKind: the magic number of a path's file system; stands for statfs in tests.
    package init(
        opening path: String, fileSystemKind: (String) -> Int = StateFolder.fileSystemKind
    ) throws(StorageError) {
        self.path = path
        try Self.makeFolder(path)
        if let kind = Self.networkFileSystems[fileSystemKind(path)] {
            throw .networkFileSystem(folder: path, kind: kind)
        }
        let lockPath = path + "/lock"
        let lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .system(attempt: "open \(lockPath)", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: lockPath, encoding: .utf8)) ?? ""
            close(lock)
            throw .inUse(folder: path, processID: holder.isEmpty ? "unknown" : holder)
        }
        ftruncate(lock, 0)
        let own = Array(String(getpid()).utf8)
        _ = pwrite(lock, own, own.count, 0)
        self.lock = lock
        try Self.makeFolder(blobs)
        try Self.makeFolder(results)
    }

    deinit {
        close(lock)
    }

    package var ledger: String { path + "/ledger.sqlite" }
    package var blobs: String { path + "/blobs" }
    /// Results of finished jobs, a folder each.
    package var results: String { path + "/results" }

    private static func makeFolder(_ path: String) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .system(attempt: "create the folder \(path)", code: errno)
        }
    }

    package static func fileSystemKind(_ path: String) -> Int {
        var information = statfs()
        return statfs(path, &information) == 0 ? Int(information.f_type) : 0
    }
}

/// Files that survive a power loss once a call has returned.
package enum DurableFile {
    /// Writes `bytes` under a temporary name, makes them durable, renames, and makes the name durable.
    package static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        let temporary = "\(path).\(getpid()).part"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(attempt: "create \(temporary)", code: errno) }
        do {
            defer { close(file) }
            var offset = 0
            while offset < bytes.count {
                let count = bytes.withUnsafeBytes { buffer in
                    Glibc.write(file, buffer.baseAddress! + offset, buffer.count - offset)
                }
                if count < 0 {
                    if errno == EINTR { continue }
                    let code = errno
                    unlink(temporary)
                    throw StorageError.system(attempt: "write \(temporary)", code: code)
                }
                offset += count
            }
            guard fsync(file) == 0 else { throw StorageError.system(attempt: "sync \(temporary)", code: errno) }
        } catch {
            throw error
        }
        guard rename(temporary, path) == 0 else { throw .system(attempt: "rename to \(path)", code: errno) }
        try syncFolder((path as NSString).deletingLastPathComponent)
    }

    /// Makes the names in a folder durable.
    package static func syncFolder(_ path: String) throws(StorageError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system(attempt: "open \(path)", code: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .system(attempt: "sync \(path)", code: errno) }
    }
}
