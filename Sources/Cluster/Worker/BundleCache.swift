import Coordination
import Foundation
import Glibc
import Storage
import Wire

/// Models and data that the workers of one host fetch once and share: a folder of files that are named by their SHA-256
/// and read as such. Nothing in it is missed when it goes.
package final class BundleCache {
    private static let temporarySuffix = ".part"
    private static let lockSuffix = ".lock"
    /// What was begun by a process that has died is removed after so long, in seconds.
    private static let leftoverAge: Double = 3600

    private let folder: String
    private let byteCountMax: Int
    /// Held while this process fetches a blob: others wait for it. The kernel releases it however the process ends.
    private var lock: (digest: Digest, descriptor: Int32)?

    /// Makes the folder, for its owner alone.
    package init(folder: String, byteCountMax: Int) throws {
        self.folder = folder
        self.byteCountMax = byteCountMax
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { release() }

    /// What there is of the blob. After `none` this process is the one that fetches it, until it shares it, looks for
    /// another, or ends.
    package func lookUp(_ digest: Digest) -> HostCopy {
        if let bytes = read(digest) { return .whole(bytes) }
        if lock?.digest == digest { return .none }
        release()
        let descriptor = open(path(digest) + Self.lockSuffix, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // A folder that cannot be written to is no cache.
        guard descriptor >= 0 else { return .none }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return .onItsWay
        }
        lock = (digest, descriptor)
        // Another may have brought it since.
        guard let bytes = read(digest) else { return .none }
        release()
        return .whole(bytes)
    }

    /// Keeps the blob for the host's other workers, where there is room; the oldest go for it.
    package func share(_ digest: Digest, _ bytes: [UInt8]) {
        defer { if lock?.digest == digest { release() } }
        guard bytes.count <= byteCountMax else { return }
        makeRoom(for: bytes.count)
        let temporary = "\(path(digest)).\(getpid())\(Self.temporarySuffix)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
            guard count > 0 || errno == EINTR else { break }
            written += max(count, 0)
        }
        close(descriptor)
        // It is read by its digest, so a loss of power needs no sync: what is damaged is fetched again.
        guard written == bytes.count, rename(temporary, path(digest)) == 0 else {
            unlink(temporary)
            return
        }
    }

    private func path(_ digest: Digest) -> String { "\(folder)/\(digest)" }

    /// The blob's bytes; a file that does not hold them is removed.
    private func read(_ digest: Digest) -> [UInt8]? {
        guard let content = FileManager.default.contents(atPath: path(digest)) else { return nil }
        let bytes = Array(content)
        guard Digest(hashing: bytes) == digest else {
            unlink(path(digest))
            return nil
        }
        // It was used last now.
        utimes(path(digest), nil)
        return bytes
    }

    private func makeRoom(for byteCount: Int) {
        var files: [(path: String, byteCount: Int, usedAt: Double)] = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0, !name.hasSuffix(Self.lockSuffix) else { continue }
            let usedAt = Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
            if name.hasSuffix(Self.temporarySuffix) {
                if usedAt < Date().timeIntervalSince1970 - Self.leftoverAge { unlink(path) }
            } else {
                files.append((path, Int(status.st_size), usedAt))
            }
        }
        var rest = files.reduce(byteCount) { $0 + $1.byteCount }
        for file in files.sorted(by: { ($0.usedAt, $0.path) < ($1.usedAt, $1.path) }) where rest > byteCountMax {
            unlink(file.path)
            rest -= file.byteCount
        }
    }

    private func release() {
        guard let lock else { return }
        // Whoever has opened it meanwhile finds the blob, or a lock without a name, which does no harm.
        unlink(path(lock.digest) + Self.lockSuffix)
        close(lock.descriptor)
        self.lock = nil
    }

    /// Where the system keeps what can be made anew: the folder that systemd gives a service, or that of the user; nil where
    /// there is none.
    package static func systemFolder(environment: [String: String]) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        // systemd lists several with colons between them.
        if let folder = value("CACHE_DIRECTORY")?.split(separator: ":").first { return "\(folder)/bundles" }
        if let folder = value("XDG_CACHE_HOME") { return "\(folder)/tutti/bundles" }
        return value("HOME").map { "\($0)/.cache/tutti/bundles" }
    }
}
