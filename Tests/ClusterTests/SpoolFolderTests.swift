import Cluster
import Coordination
import Foundation
import Glibc
import Storage
import Testing
import Wire

@Suite("a worker's spool on disk")
struct SpoolFolderTests {
    private let root = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID().uuidString)").path

    private func digest(_ byte: UInt8) -> Digest { Digest(hashing: [byte]) }

    private func checkpoint(_ number: UInt64, index: UInt32 = 0, from before: UInt8, to after: UInt8) throws
        -> SpooledOutcome
    {
        let state = Blob(digest: digest(after), bytes: [after])
        let block = Blob(digest: Digest(hashing: [1, 2]), bytes: [1, 2])
        return try #require(
            SpooledOutcome(
                number: number, ledger: 7,
                message: .checkpoint(
                    attempt: AttemptID(task: TaskID(job: JobID(1), index: index), epoch: 1), iteration: Int(after),
                    state: state.digest, block: block.digest, chainBefore: digest(before), chainAfter: digest(after)),
                blobs: [state, block]))
    }

    private func open() throws -> SpoolFolder { try SpoolFolder(root: root, name: "worker") }

    @Test("is found by the next process, with the name that it was filled under")
    func recovery() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let outcomes = [
            try checkpoint(1, from: 0, to: 1), try checkpoint(2, from: 1, to: 2),
            try checkpoint(3, index: 1, from: 0, to: 9),
        ]
        var folder: SpoolFolder? = try open()
        #expect(folder?.recovered.isEmpty == true)
        let (path, instance) = (try #require(folder?.path), folder?.instance)
        for outcome in outcomes { try folder?.put(outcome) }
        folder?.remove([3])
        folder = nil
        let next = try reopen(path)
        #expect(next.recovered == Array(outcomes[..<2]) && next.instance == instance)
    }

    @Test("has one owner; another worker of the same name has another")
    func owners() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let first = try open()
        try first.put(try checkpoint(1, from: 0, to: 1))
        let second = try open()
        #expect(second.path != first.path && second.instance != first.instance && second.recovered.isEmpty)
    }

    @Test("is gone with a worker that has left nothing behind")
    func discard() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = try open()
        folder.discard()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("is read as far as it is whole: any flipped bit, any cut, and what was being written, is left out")
    func damage() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        var folder: SpoolFolder? = try open()
        let path = try #require(folder?.path)
        try folder?.put(try checkpoint(1, from: 0, to: 1))
        try folder?.put(try checkpoint(2, from: 1, to: 2))
        folder = nil
        let file = path + "/2.outcome"
        let whole = try #require(FileManager.default.contents(atPath: file))
        for place in stride(from: 0, to: whole.count, by: 7) {
            var flipped = whole
            flipped[place] ^= 1 << UInt8(place % 8)
            for bytes in [flipped, whole.prefix(place)] {
                try bytes.write(to: URL(fileURLWithPath: file))
                let next = try reopen(path)
                #expect(next.recovered.map(\.number) == [1])
                #expect(!FileManager.default.fileExists(atPath: file))
            }
        }
        try whole.write(to: URL(fileURLWithPath: file + ".1-1\(DurableFile.temporarySuffix)"))
        #expect(try reopen(path).recovered.map(\.number) == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 3)
    }

    /// The folder of this path. A process that another test starts at this moment has its lock until it becomes a program
    /// of its own, and whoever opens meanwhile gets the next folder.
    private func reopen(_ path: String) throws -> SpoolFolder {
        while true {
            let folder = try open()
            if folder.path == path { return folder }
            folder.discard()
            // It is free when this process can have it.
            let lock = Glibc.open("\(path)/lock", O_RDWR | O_CLOEXEC)
            flock(lock, LOCK_EX)
            close(lock)
        }
    }

    @Test("that cannot be is an error with the folder")
    func noFolder() throws {
        #expect(FileManager.default.createFile(atPath: root, contents: nil))
        defer { unlink(root) }
        #expect(throws: StorageError.self) { try open() }
    }

    @Test("lies where the system says")
    func place() {
        #expect(SpoolFolder.systemFolder(environment: ["STATE_DIRECTORY": "/a:/b", "HOME": "/h"]) == "/a/spool")
        #expect(SpoolFolder.systemFolder(environment: ["XDG_STATE_HOME": "/x", "HOME": "/h"]) == "/x/tutti/spool")
        #expect(SpoolFolder.systemFolder(environment: ["HOME": "/h"]) == "/h/.local/state/tutti/spool")
        #expect(SpoolFolder.systemFolder(environment: ["HOME": ""]) == nil)
        let names = [("a", "h", "tcp://1"), ("b", "h", "tcp://1"), ("a", "i", "tcp://1"), ("a", "h", "tcp://2")].map {
            SpoolFolder.name(key: $0, host: $1, endpoint: $2)
        }
        #expect(Set(names).count == 4 && !names.contains { $0.contains("/") })
    }
}
