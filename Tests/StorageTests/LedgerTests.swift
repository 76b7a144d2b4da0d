import Coordination
import Foundation
import GRDB
import Storage
import Testing
import Wire

/// What the ledger in SQLite promises beyond `LedgerStoreTests`.
@Suite struct LedgerTests {
    @Test("the writer commits with synchronous = FULL (2) in WAL mode")
    func durability() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(StateFolder(opening: folder.path))
        #expect(try ledger.durability().synchronous == 2)
        #expect(try ledger.durability().journalMode == "wal")
        try ledger.append(everyEntry(1, digest: digest(1)))
        #expect(try ledger.durability().synchronous == 2)
    }

    @Test("a ledger opened again has its entries, and the next coordinator epoch")
    func reopening() throws {
        let folder = try TemporaryFolder()
        let entries = everyEntry(1, digest: digest(1))
        for epoch in 1...3 as ClosedRange<UInt64> {
            let ledger = try Ledger(StateFolder(opening: folder.path))
            #expect(try ledger.nextCoordinatorEpoch() == epoch)
            if epoch == 1 { try ledger.append(entries) }
            #expect(try ledger.entries() == entries)
            #expect(try ledger.durability().synchronous == 2)
        }
    }

    @Test("what was appended is in the files at once: a copy taken while the ledger is open has it")
    func crash() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(StateFolder(opening: folder("state")))
        var entries: [LedgerEntry] = []
        for number in 1...5 {
            entries += everyEntry(UInt64(number), digest: digest(number))
            try ledger.append(everyEntry(UInt64(number), digest: digest(number)))
            #expect(try ledger.nextCoordinatorEpoch() == UInt64(number))
            try FileManager.default.copyItem(atPath: folder("state"), toPath: folder("copy\(number)"))
            // Without the shared-memory file, as after a power loss: SQLite rebuilds it from the log.
            try FileManager.default.removeItem(atPath: folder("copy\(number)/ledger.sqlite-shm"))
            #expect(FileManager.default.fileExists(atPath: folder("copy\(number)/ledger.sqlite-wal")))
            let copy = try Ledger(StateFolder(opening: folder("copy\(number)")))
            #expect(try copy.entries() == entries)
            #expect(try copy.nextCoordinatorEpoch() == UInt64(number) + 1)
        }
    }

    @Test("a log cut off within its last commit loses that commit and no other")
    func tornLog() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(StateFolder(opening: folder("state")))
        try ledger.append(everyEntry(1, digest: digest(1)))
        try ledger.append(everyEntry(2, digest: digest(2)))
        try FileManager.default.copyItem(atPath: folder("state"), toPath: folder("copy"))
        try FileManager.default.removeItem(atPath: folder("copy/ledger.sqlite-shm"))
        let log = try #require(FileHandle(forUpdatingAtPath: folder("copy/ledger.sqlite-wal")))
        try log.truncate(atOffset: try log.seekToEnd() - 100)
        try log.close()
        #expect(
            try Ledger(StateFolder(opening: folder("copy"))).entries() == everyEntry(1, digest: digest(1)))
    }

    @Test("the table of jobs follows the entries")
    func jobs() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(StateFolder(opening: folder.path))
        func attempt(_ job: UInt64) -> AttemptID { AttemptID(task: TaskID(job: JobID(job), index: 0), epoch: 1) }
        for job in 1...6 as ClosedRange<UInt64> {
            try ledger.append([submission(job, digest: digest(Int(job)), name: "job \(job)")])
        }
        for job in 2...6 as ClosedRange<UInt64> { try ledger.append([.granted(attempt(job), worker: "w")]) }
        try ledger.append([
            .assembled(JobID(3), succeeded: true, text: ""),
            .taskFailed(attempt(4).task, text: "no"),
            .cancelled(JobID(5)), .assembled(JobID(5), succeeded: true, text: ""),
            .assembled(JobID(6), succeeded: false, text: ""), .granted(attempt(6), worker: "w"),
        ])
        let states: [JobState] = [.queued, .running, .succeeded, .failed, .cancelled, .failed]
        let jobs = try ledger.jobs()
        #expect(jobs.map(\.state) == states)
        #expect(jobs.map(\.id) == (1...6).map { JobID($0) })
        #expect(jobs.map(\.name) == (1...6).map { "job \($0)" })
        #expect(jobs.map(\.digest) == (1...6).map { digest($0) })
    }

    @Test("a file that is no database is refused by name")
    func noDatabase() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: state.ledger))
        try expectDamage(state)
    }

    @Test("overwritten pages are found at open")
    func overwrittenPages() throws {
        let folder = try TemporaryFolder()
        try Ledger(StateFolder(opening: folder.path)).append(
            (1...200).flatMap { everyEntry(UInt64($0), digest: digest($0)) })
        let state = try StateFolder(opening: folder.path)
        let file = try #require(FileHandle(forUpdatingAtPath: state.ledger))
        let byteCount = try file.seekToEnd()
        // Page 1 (4,096 bytes) stays whole, so that it opens as a database.
        try #require(byteCount > 100_000)
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 65_536))
        try file.close()
        try expectDamage(state)
    }

    @Test("a file cut short is found at open")
    func cutShort() throws {
        let folder = try TemporaryFolder()
        try Ledger(StateFolder(opening: folder.path)).append(
            (1...200).flatMap { everyEntry(UInt64($0), digest: digest($0)) })
        let state = try StateFolder(opening: folder.path)
        let file = try #require(FileHandle(forUpdatingAtPath: state.ledger))
        try file.truncate(atOffset: 40_960)
        try file.close()
        try expectDamage(state)
    }

    @Test(
        "an entry changed or removed behind the ledger's back is found when it is read",
        arguments: [
            "UPDATE entry SET body = replace(body, 'chain 1', 'chain 2') WHERE sequence = 1",
            "DELETE FROM entry WHERE sequence = 2",
        ])
    func changedEntry(sql: String) throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        try Ledger(state).append(everyEntry(1, digest: digest(1)))
        try DatabaseQueue(path: state.ledger).write { try $0.execute(sql: sql) }
        let ledger = try Ledger(state)
        do {
            _ = try ledger.entries()
            Issue.record("the change went unseen")
        } catch StorageError.damagedLedger(let path, _) {
            #expect(path == state.ledger)
        }
    }

    @Test("a database of the first version keeps its jobs, and takes the same content again")
    func firstVersion() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let first = submission(1, digest: digest(1))
        // As the first version made it, but for the entries, whose form has not changed.
        try DatabaseQueue(path: state.ledger).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        sequence INTEGER PRIMARY KEY, job INTEGER NOT NULL, body TEXT NOT NULL, digest BLOB NOT NULL);
                    CREATE TABLE job (
                        id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state TEXT NOT NULL);
                    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO meta VALUES ('coordinatorEpoch', 4);
                    INSERT INTO job VALUES (7, '\(digest(1))', 'fit', 'cancelled');
                    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                    INSERT INTO grdb_migrations VALUES ('1 entries, jobs and coordinator epoch');
                    """)
        }
        let ledger = try Ledger(state)
        #expect(try ledger.nextCoordinatorEpoch() == 5)
        try ledger.append([first])
        let jobs = try ledger.jobs()
        #expect(jobs.map(\.id) == [JobID(1), JobID(7)])
        #expect(jobs.map(\.digest) == [digest(1), digest(1)])
        #expect(jobs.map(\.state) == [.queued, .cancelled])
    }

    @Test("a database with a migration of a later version is refused")
    func laterMigration() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        _ = try Ledger(state)
        try DatabaseQueue(path: state.ledger).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 of the future')")
        }
        #expect(throws: StorageError.newer(folder: folder.path)) { _ = try Ledger(state) }
    }

    private func expectDamage(_ state: StateFolder) throws {
        do {
            _ = try Ledger(state)
            Issue.record("a damaged ledger was opened")
        } catch StorageError.damagedLedger(let path, let detail) {
            #expect(path == state.ledger)
            #expect(!detail.isEmpty)
        }
    }
}
