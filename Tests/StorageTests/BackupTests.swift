import Coordination
import Foundation
import GRDB
import Storage
import Testing
import Wire

@Suite("backup, verification and recovery of a state folder") struct BackupTests {
    private let folder: TemporaryFolder
    private let bundle = blob([UInt8](repeating: 1, count: 100_000))
    private let small = blob([UInt8](repeating: 2, count: 500))
    private let large = blob([UInt8](repeating: 3, count: 80_000))
    private let state = blob([UInt8](repeating: 4, count: 70_000))
    private let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A state folder with an open job that has draws in a row and in a file, and a finished one with results.
    private func withState(_ body: (StateFolder, Ledger, BlobStore) throws -> Void) throws {
        let state = try StateFolder(opening: folder("state"))
        let ledger = try Ledger(state)
        let store = try BlobStore(state, rows: ledger)
        #expect(try ledger.nextCoordinatorEpoch() == 1)
        try store.put([bundle, large, self.state])
        let points = [small, large].enumerated().map { index, block in
            LedgerEntry.checkpointed(
                attempt, StartingPoint(state: self.state.digest, iteration: index + 1, chain: digest(index)),
                block: block.digest)
        }
        try ledger.append(
            LedgerBatch(
                entries: [job(1, tasks: 2), .granted(attempt, worker: "w")] + points, blobs: [small]))
        try ledger.append([
            job(2, tasks: 1), .granted(AttemptID(task: TaskID(job: JobID(2), index: 0), epoch: 1), worker: "w"),
        ])
        try ledger.append([.assembled(JobID(2), succeeded: true, text: "converged")])
        try FileManager.default.createDirectory(atPath: state.results + "/2", withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: state.results + "/2/run.json"))
        try body(state, ledger, store)
    }

    private func job(_ number: UInt64, tasks: Int) -> LedgerEntry {
        .submitted(
            JobID(number),
            JobSpecification(
                digest: digest(Int(number)), name: "job", priority: 0, bundle: bundle.digest, submittedAt: 0,
                tasks: (0..<tasks).map {
                    TaskSpecification(
                        digest: digest(10 + $0), payload: [], inputs: [bundle.digest], label: "chain \($0 + 1)",
                        iterations: 10)
                }))
    }

    private func path(of blob: Blob, in folder: String) -> String {
        "\(folder)/blobs/\(BlobStore.relativePath(of: blob.digest))"
    }

    @Test("a backup of a state that is in use is whole, and gives the same state")
    func whole() throws {
        try withState { state, ledger, _ throws in
            let manifest = try StateBackup.make(of: state.path, into: folder("backup"))
            #expect(manifest.missing == [])
            #expect(Set(manifest.files.map(\.path)).isSuperset(of: ["ledger.sqlite", "results/2/run.json"]))
            #expect(manifest.files.filter { $0.path.hasPrefix("blobs/") }.count == 3)
            // What comes later is not in it.
            let before = try ledger.entries()
            try ledger.append([.cancelled(JobID(1))])
            for path in [state.path, folder("backup")] {
                let found = try StateVerification(of: path)
                #expect(found.problems == [])
                #expect(found.rows == 1 && found.files == 3 && found.finishedJobs + found.openJobs == 2)
            }
            let recovery = try StateRecovery(of: folder("backup"), into: folder("new"))
            #expect(recovery.lost == [] && recovery.openJobs == 1 && recovery.finishedJobs == 1)
            let new = try StateFolder(opening: folder("new"))
            let recovered = try Ledger(new)
            #expect(try recovered.entries() == before)
            #expect(try recovered.nextCoordinatorEpoch() > 1_000_000)
            let store = try BlobStore(new, rows: recovered)
            for blob in [bundle, small, large, self.state] { #expect(try store.bytes(of: blob.digest) == blob.bytes) }
            #expect(FileManager.default.contents(atPath: new.results + "/2/run.json") == Data("{}".utf8))
        }
    }

    @Test("damage and loss of blobs are found, and named with what they were for", arguments: [true, false])
    func damage(isFile: Bool) throws {
        try withState { state, _, _ throws in
            if isFile {
                try Data([1]).write(to: URL(fileURLWithPath: path(of: large, in: state.path)))
                try FileManager.default.removeItem(atPath: path(of: self.state, in: state.path))
            } else {
                try DatabaseQueue(path: state.ledger).write { try $0.execute(sql: "UPDATE blob SET bytes = x'00'") }
            }
            let problems = try StateVerification(of: state.path).problems
            if isFile {
                #expect(problems.map(\.kind) == [.damagedBlob, .missingBlob])
                #expect(problems.map(\.subject) == [large, self.state].map { "\($0.digest)" })
            } else {
                #expect(problems.map(\.kind) == [.damagedBlob] && problems[0].subject == "\(small.digest)")
            }
            #expect(problems.allSatisfy { $0.use == "draws of job 1" })
            // The rest is saved; the task begins anew.
            let manifest = try StateBackup.make(of: state.path, into: folder("backup"))
            #expect(manifest.missing.count == (isFile ? 2 : 0))
            let recovery = try StateRecovery(of: folder("backup"), into: folder("new"))
            #expect(recovery.lost == ["draws of task 1 of job 1, which begins anew"])
            let task = try #require(
                snapshots(of: try Ledger(StateFolder(opening: folder("new"))).entries()).first?.tasks[0])
            #expect(task.state == .ready && task.blocks == [])
            #expect(try StateVerification(of: folder("new")).problems.filter { $0.kind == .missingBlob } == [])
        }
    }

    @Test("a changed entry is damage of the ledger")
    func damagedEntry() throws {
        try withState { state, _, _ throws in
            try DatabaseQueue(path: state.ledger).write {
                try $0.execute(sql: "DELETE FROM entry WHERE sequence = 2")
            }
            let problems = try StateVerification(of: state.path).problems
            #expect(problems.map(\.kind) == [.damagedLedger])
        }
    }

    @Test("a job whose model and data are gone from a backup is cancelled")
    func lostBundle() throws {
        try withState { state, _, _ throws in
            _ = try StateBackup.make(of: state.path, into: folder("backup"))
            try FileManager.default.removeItem(atPath: path(of: bundle, in: folder("backup")))
            #expect(try StateVerification(of: folder("backup")).problems.map(\.kind).contains(.damagedFile))
            let recovery = try StateRecovery(of: folder("backup"), into: folder("new"))
            #expect(recovery.lost.first == "the model and data of job 1, which is cancelled")
            let jobs = snapshots(of: try Ledger(StateFolder(opening: folder("new"))).entries())
            #expect(jobs.map(\.state) == [.cancelled, .succeeded])
        }
    }

    @Test("what an interrupted backup has left is no backup, and the next one replaces it")
    func interrupted() throws {
        try withState { state, _, _ throws in
            let part = folder("backup") + ".part"
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
            try Data([1]).write(to: URL(fileURLWithPath: part + "/ledger.sqlite"))
            #expect(throws: StorageError.self) { try StateRecovery(of: part, into: folder("new")) }
            #expect(try StateBackup.make(of: state.path, into: folder("backup")).missing == [])
            #expect(!FileManager.default.fileExists(atPath: part))
            #expect(throws: StorageError.notEmpty(folder: folder("backup"))) {
                try StateBackup.make(of: state.path, into: folder("backup"))
            }
            #expect(throws: StorageError.notEmpty(folder: state.path)) {
                try StateRecovery(of: folder("backup"), into: state.path)
            }
        }
    }

    @Test("a path that ends with a slash is the same folder", arguments: ["backup/", "backup//"])
    func slash(name: String) throws {
        try withState { state, _, _ throws in
            #expect(try StateBackup.make(of: state.path, into: folder(name)).missing == [])
            #expect(try StateVerification(of: folder("backup")).isSound)
            #expect(try StateRecovery(of: folder("backup"), into: folder("new/")).lost == [])
            #expect(try StateVerification(of: folder("new")).isSound)
        }
    }

    @Test(
        "the place of a volume is refused, and a folder below it is not",
        .enabled(if: SmallDisk.canBeMounted, "a small tmpfs cannot be mounted here"))
    func volume() throws {
        try withState { state, _, _ throws in
            let volume = folder("volume")
            try FileManager.default.createDirectory(atPath: volume, withIntermediateDirectories: true)
            try #require(SmallDisk.mount(at: volume))
            defer { #expect(SmallDisk.unmount(volume)) }
            #expect(throws: StorageError.mountPoint(folder: volume)) {
                try StateBackup.make(of: state.path, into: volume)
            }
            #expect(try StateBackup.make(of: state.path, into: volume + "/backup").missing == [])
        }
    }

    @Test("a folder without a ledger is refused by name")
    func noState() {
        #expect(throws: StorageError.noState(folder: folder.path)) { try StateVerification(of: folder.path) }
        #expect(throws: StorageError.noState(folder: folder.path)) {
            try StateBackup.make(of: folder.path, into: folder("backup"))
        }
    }
}
