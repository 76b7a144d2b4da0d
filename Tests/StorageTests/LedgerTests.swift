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

    @Test("a blob and the entry that names it are there together, or neither is, wherever the log is cut off")
    func tornBatch() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(StateFolder(opening: folder("state")))
        let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)
        let block = blob([UInt8](repeating: 5, count: 9000))
        let checkpoint = LedgerEntry.checkpointed(
            attempt, StartingPoint(state: digest(1), iteration: 1, chain: digest(2)), block: block.digest)
        try ledger.append([submission(1, digest: digest(1)), .granted(attempt, worker: "w")])
        let start = try #require(FileManager.default.contents(atPath: folder("state/ledger.sqlite-wal"))).count
        try ledger.append(LedgerBatch(entries: [checkpoint], blobs: [block]))
        let end = try #require(FileManager.default.contents(atPath: folder("state/ledger.sqlite-wal"))).count
        try #require(end > start + block.bytes.count)
        var seen: Set<Bool> = []
        for cut in Array(stride(from: start, to: end, by: 1500)) + [end] {
            let copy = folder("copy\(cut)")
            try FileManager.default.copyItem(atPath: folder("state"), toPath: copy)
            try FileManager.default.removeItem(atPath: copy + "/ledger.sqlite-shm")
            let log = try #require(FileHandle(forUpdatingAtPath: copy + "/ledger.sqlite-wal"))
            try log.truncate(atOffset: UInt64(cut))
            try log.close()
            let state = try StateFolder(opening: copy)
            let opened = try Ledger(state)
            let hasEntry = try opened.entries().contains(checkpoint)
            #expect(try BlobStore(state, rows: opened).bytes(of: block.digest) == (hasEntry ? block.bytes : nil))
            #expect(hasEntry == (cut == end))
            seen.insert(hasEntry)
        }
        #expect(seen == [true, false])
    }

    @Test("a row whose bytes are not its digest's is noticed, and mended by the same content")
    func damagedRow() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let ledger = try Ledger(state)
        let store = try BlobStore(state, rows: ledger)
        let row = blob([UInt8](repeating: 7, count: 1000))
        try ledger.append(LedgerBatch(entries: [], blobs: [row]))
        try DatabaseQueue(path: state.ledger).write {
            try $0.execute(sql: "UPDATE blob SET bytes = zeroblob(1000)")
        }
        #expect(throws: StorageError.self) { try store.bytes(of: row.digest) }
        try ledger.append(LedgerBatch(entries: [], blobs: [row]))
        #expect(try store.bytes(of: row.digest) == row.bytes)
    }

    @Test("the store finds small blobs in rows and large ones in files, and removes both alike")
    func bothKinds() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let ledger = try Ledger(state)
        let store = try BlobStore(state, rows: ledger)
        let small = blob([UInt8](repeating: 1, count: BlobStore.rowByteCountMax))
        let large = blob([UInt8](repeating: 1, count: BlobStore.rowByteCountMax + 1))
        #expect(BlobStore.isRow(small) && !BlobStore.isRow(large))
        try ledger.append(LedgerBatch(entries: [], blobs: [small]))
        try store.put([large])
        for blob in [small, large] {
            #expect(store.contains(blob.digest))
            #expect(store.byteCount(of: blob.digest) == blob.bytes.count)
            #expect(try store.bytes(of: blob.digest) == blob.bytes)
            #expect(try store.bytes(of: blob.digest, from: 65_530, count: 100)?.count == blob.bytes.count - 65_530)
        }
        #expect(try store.removeAll(except: [small.digest]) == 1)
        #expect(store.contains(small.digest) && !store.contains(large.digest))
        #expect(try store.removeAll(except: []) == 1)
        #expect(!store.contains(small.digest))
    }

    @Test("a job of 100,000 tasks takes 64 bytes a task in the ledger, and comes back equal")
    func manyTasks() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let ledger = try Ledger(state)
        let entry = LedgerEntry.submitted(JobID(1), manyTasks(100_000))
        try ledger.append([entry])
        #expect(try ledger.entries() == [entry])
        let byteCount = try DatabaseQueue(path: state.ledger).read {
            try Int.fetchOne($0, sql: "SELECT length(body) FROM entry")
        }
        #expect(try #require(byteCount) < 64 * 100_000)
    }

    private func manyTasks(_ count: Int) -> JobSpecification {
        JobSpecification(
            digest: digest(0), name: "many", priority: 0, bundle: digest(1), submittedAt: 1.5,
            tasks: (0..<count).map { index in
                var payload = [UInt8](repeating: 3, count: 88)
                payload[16] = UInt8(truncatingIfNeeded: index)
                payload[17] = UInt8(truncatingIfNeeded: index >> 8)
                payload[18] = UInt8(truncatingIfNeeded: index >> 16)
                return TaskSpecification(
                    digest: digest(index), payload: payload, inputs: [digest(1)], label: "resample \(index + 1)",
                    iterations: 1200)
            })
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

    @Test("a database of the second version keeps its entries, knows what they name, and takes new ones")
    func secondVersion() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let old = everyEntry(1, digest: digest(1)) + [submission(2, digest: digest(2))]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bodies = try old.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        try DatabaseQueue(path: state.ledger).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        sequence INTEGER PRIMARY KEY, job INTEGER NOT NULL, body TEXT NOT NULL, digest BLOB NOT NULL);
                    CREATE TABLE job (
                        id INTEGER PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL);
                    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO meta VALUES ('coordinatorEpoch', 4);
                    INSERT INTO job VALUES (1, '\(digest(1))', 'fit', 'succeeded'), (2, '\(digest(2))', 'b', 'queued');
                    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                    INSERT INTO grdb_migrations VALUES
                        ('1 entries, jobs and coordinator epoch'), ('2 the same content may be submitted again');
                    """)
            for (entry, body) in zip(old, bodies) {
                try database.execute(
                    sql: "INSERT INTO entry (job, body, digest) VALUES (?, ?, ?)",
                    arguments: [Int64(entry.job.number), body, Data(Digest(hashing: Array(body.utf8)).bytes)])
            }
        }
        let ledger = try Ledger(state)
        #expect(try ledger.entries() == old)
        #expect(try ledger.nextCoordinatorEpoch() == 5)
        #expect(try ledger.references() == [digest(1), digest(2), digest(3)])
        #expect(try ledger.unfoldedJobs() == [JobID(1)])
        let new = everyEntry(3, digest: digest(5))
        try ledger.append(new)
        #expect(try ledger.entries() == old + new)
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
