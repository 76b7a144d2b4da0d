import Coordination
import Foundation
import Glibc
import Storage
import Wire

/// A worker's outcomes on its host's own disk, a file each, for whoever takes its place when it is killed. One process
/// has the folder open.
package final class SpoolFolder {
    /// Workers of one name on one host, each with a folder of its own.
    private static let placesMax = 1024
    private static let suffix = ".outcome"

    package let path: String
    /// Names the worker to its coordinator, from one process to the next.
    package let instance: [UInt8]
    /// What an earlier process has left behind.
    package let recovered: [SpooledOutcome]
    /// Held for life by flock(2); the kernel releases it however the process ends.
    private let lock: Int32

    /// Opens the first folder under `root/name` that no living process has open.
    package init(root: String, name: String) throws(StorageError) {
        var found: (path: String, lock: Int32)?
        for place in 0..<Self.placesMax where found == nil {
            let path = "\(root)/\(name)/\(place)"
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                let last = errno
                throw .noFolder(
                    folder: path, code: ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue ?? last)
            }
            let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard lock >= 0 else { throw .system(attempt: "open \(path)/lock", code: errno) }
            if flock(lock, LOCK_EX | LOCK_NB) == 0, Self.isFile(lock, at: path + "/lock") {
                found = (path, lock)
            } else {
                close(lock)
            }
        }
        guard let found else { throw .inUse(folder: "\(root)/\(name)", processID: nil) }
        path = found.path
        lock = found.lock
        do throws(StorageError) {
            instance = try Self.instance(in: found.path)
            recovered = Self.recover(found.path)
        } catch {
            close(found.lock)
            throw error
        }
    }

    deinit {
        close(lock)
    }

    /// False where the file has lost its name, with its holder's folder, before it was locked.
    private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
    }

    /// Sixteen bytes that no other worker has.
    package static func newInstance() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: 0...255) } }

    private static func instance(in folder: String) throws(StorageError) -> [UInt8] {
        let path = folder + "/instance"
        if let bytes = FileManager.default.contents(atPath: path), bytes.count == 16 { return Array(bytes) }
        let instance = newInstance()
        try DurableFile.write(instance, to: path)
        return instance
    }

    /// Reads what can be handed in, and removes the rest: what was being written, and what does not continue the rest.
    private static func recover(_ folder: String) -> [SpooledOutcome] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let outcomes = names.filter { $0.hasSuffix(suffix) }.compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").flatMap { SpoolRecord.decode(Array($0)) }
        }
        let usable = SpooledOutcome.usable(outcomes)
        let kept = Set(usable.map { file($0.number) })
        for name in names where name.hasSuffix(suffix) || name.hasSuffix(DurableFile.temporarySuffix) {
            if !kept.contains(name) { unlink("\(folder)/\(name)") }
        }
        return usable
    }

    private static func file(_ number: UInt64) -> String { "\(number)\(suffix)" }

    /// Makes the outcome durable, in place of one of the same number.
    package func put(_ outcome: SpooledOutcome) throws(StorageError) {
        try DurableFile.write(SpoolRecord.encode(outcome), to: "\(path)/\(Self.file(outcome.number))")
    }

    /// One that comes back after a loss of power is handed in twice, which does no harm.
    package func remove(_ numbers: [UInt64]) {
        for number in numbers { unlink("\(path)/\(Self.file(number))") }
    }

    /// Removes the folder of a worker that has left nothing behind.
    package func discard() {
        // Whoever waits for the lock finds a file without a name, and the next one makes its own.
        for name in ["instance", "lock"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Where the system keeps what a program must not lose: the folder that systemd gives a service, or that of the user;
    /// nil where there is none.
    package static func systemFolder(environment: [String: String]) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        // systemd lists several with colons between them.
        if let folder = value("STATE_DIRECTORY")?.split(separator: ":").first { return "\(folder)/spool" }
        if let folder = value("XDG_STATE_HOME") { return "\(folder)/tutti/spool" }
        return value("HOME").map { "\($0)/.local/state/tutti/spool" }
    }

    /// A worker's name among those of its user: who it is, where it is, and to whom it talks.
    package static func name(key: String?, host: String, endpoint: String) -> String {
        let coordinator = Digest(hashing: Array(endpoint.utf8)).description.prefix(12)
        return "\(key ?? "plain")-\(host)-\(coordinator)"
    }
}
