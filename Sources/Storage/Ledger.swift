import Coordination
import Foundation
import GRDB
import Wire

/// The ledger in SQLite: write-ahead log, every commit synchronised to the disk. Reading does not wait for a commit.
package final class Ledger: LedgerStore {
    /// A job as its table has it. A job that is being assembled counts as running.
    package struct Job: Hashable, Sendable {
        package let id: JobID
        package let digest: Digest
        package let name: String
        package let state: JobState
    }

    /// What SQLite says of its own durability.
    package struct Durability: Hashable, Sendable {
        /// 2 is FULL.
        package let synchronous: Int
        package let journalMode: String
    }

    private let database: DatabasePool
    private let path: String
    /// Keeps the lock for as long as the database is open.
    private let state: StateFolder

    /// Opens or creates the ledger of a state folder, checks the database and brings its tables up to date.
    package init(_ state: StateFolder) throws(StorageError) {
        let path = state.ledger
        database = try LedgerError.converted(path) {
            let database = try DatabasePool(path: path, configuration: Configuration())
            try database.writeWithoutTransaction { try Self.check($0, path: path) }
            let migrator = LedgerMigrations.migrator(path: path)
            guard try !database.read(migrator.hasBeenSuperseded) else { throw StorageError.newer(folder: state.path) }
            try migrator.migrate(database)
            return database
        }
        self.path = path
        self.state = state
        let durability = try durability()
        guard durability == Durability(synchronous: 2, journalMode: "wal") else {
            throw .ledger(path: path, detail: "it does not accept full durability: \(durability)")
        }
    }

    /// Of the connection that writes.
    package func durability() throws(StorageError) -> Durability {
        try LedgerError.converted(path) {
            try database.writeWithoutTransaction { database in
                Durability(
                    synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1,
                    journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "")
            }
        }
    }

    package func identity() throws(StorageError) -> UInt64 {
        try LedgerError.converted(path) {
            let sql = "SELECT value FROM meta WHERE key = 'ledger'"
            guard let name = try database.read({ try Int64.fetchOne($0, sql: sql) }) else {
                throw StorageError.damagedLedger(path: path, detail: "the ledger's name is missing")
            }
            return UInt64(bitPattern: name)
        }
    }

    package func nextCoordinatorEpoch() throws(StorageError) -> UInt64 {
        try writing { database in
            let sql = "UPDATE meta SET value = value + 1 WHERE key = 'coordinatorEpoch' RETURNING value"
            guard let epoch = try Int64.fetchOne(database, sql: sql), epoch > 0 else {
                throw StorageError.damagedLedger(path: path, detail: "the coordinator epoch is missing")
            }
            return UInt64(epoch)
        }
    }

    /// Entries and the small blobs that they name share one transaction, so neither is there without the other, and one
    /// flush of the disk makes both durable.
    package func append(_ batch: LedgerBatch) throws(StorageError) {
        guard !batch.isEmpty else { return }
        try writing { database in
            try EntryTable.add(batch.entries, in: database)
            var granted: Set<JobID> = []
            for entry in batch.entries {
                // The first grant of a job says all that its table knows of them.
                if case .granted = entry, !granted.insert(entry.job).inserted { continue }
                try JobProjection.apply(entry, in: database)
                try ReferenceTable.apply(entry, in: database)
            }
            try BlobTable.add(batch.blobs, in: database)
            try BlobTable.remove(batch.released, in: database)
        }
    }

    package func entries() throws(StorageError) -> [LedgerEntry] {
        try reading { try EntryTable.all(in: $0, path: path) }
    }

    /// All jobs in the order of their numbers, without a replay.
    package func jobs() throws(StorageError) -> [Job] {
        try reading { database in
            try Row.fetchAll(database, sql: "SELECT id, digest, name, state FROM job ORDER BY id").map { row in
                guard let digest = Digest(row[1] as String), let state = JobState(rawValue: row[3]) else {
                    throw StorageError.damagedLedger(path: path, detail: "a job is not as written")
                }
                return Job(id: JobID(UInt64(bitPattern: row[0] as Int64)), digest: digest, name: row[2], state: state)
            }
        }
    }

    // MARK: Small blobs

    package func row(_ digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
        try reading { try BlobTable.bytes(of: digest, from: offset, count: count, in: $0) }
    }

    package func rowByteCount(_ digest: Digest) throws(StorageError) -> Int? {
        try reading { try BlobTable.byteCount(of: digest, in: $0) }
    }

    package func removeRows(except referenced: Set<Digest>) throws(StorageError) -> Int {
        let unneeded = try reading { try BlobTable.digests(in: $0).filter { !referenced.contains($0) } }
        if !unneeded.isEmpty { try writing { try BlobTable.remove(unneeded, in: $0) } }
        return unneeded.count
    }

    // MARK: Jobs that are over

    package func unfoldedJobs() throws(StorageError) -> [JobID] {
        try reading { try JobProjection.closed("AND NOT is_folded", in: $0).map(\.id) }
    }

    package func closedJobs() throws(StorageError) -> [ClosedJob] {
        try reading { try JobProjection.closed("AND NOT is_expired", in: $0) }
    }

    /// In one transaction: a crash leaves all entries or two. None is added to a job that is over.
    package func fold(_ job: JobID) throws(StorageError) {
        let rows = try rows(of: job)
        guard let folded = JobFolding.folded(rows.map(\.entry)) else { return }
        try writing { database in
            try EntryTable.replace(job, rows: rows.map(\.sequence), by: folded, in: database)
            try JobProjection.set("is_folded = 1", of: job, in: database)
        }
    }

    package func pin(_ job: JobID, _ isPinned: Bool) throws(StorageError) -> Bool {
        try writing {
            try JobProjection.set("is_pinned = \(isPinned ? 1 : 0)", of: job, where: "AND NOT is_expired", in: $0)
        }
    }

    package func pinnedJobs() throws(StorageError) -> Set<JobID> {
        try reading { Set(try JobProjection.pinned(in: $0)) }
    }

    package func references() throws(StorageError) -> Set<Digest> {
        try reading { try ReferenceTable.digests(in: $0) }
    }

    package func references(of job: JobID) throws(StorageError) -> [Digest] {
        try reading { try ReferenceTable.digests(of: job, in: $0) }
    }

    package func expire(_ job: JobID) throws(StorageError) -> [Digest] {
        let rows = try rows(of: job)
        guard let folded = JobFolding.folded(rows.map(\.entry)) else { return [] }
        return try writing { database in
            try EntryTable.replace(job, rows: rows.map(\.sequence), by: JobFolding.expired(folded), in: database)
            try JobProjection.set("is_folded = 1, is_expired = 1", of: job, in: database)
            let unneeded = try ReferenceTable.removeAll(of: job, in: database)
            try BlobTable.remove(unneeded, in: database)
            return unneeded
        }
    }

    /// Blobs that jobs name for good, but for those of `open` jobs.
    func finishedReferences(except open: Set<JobID>) throws(StorageError) -> [Digest: [JobID]] {
        try reading { try ReferenceTable.jobsByDigest(in: $0) }.compactMapValues { jobs in
            let finished = jobs.filter { !open.contains($0) }
            return finished.isEmpty ? nil : finished
        }
    }

    /// The next coordinator's epoch is so much higher than it would have been.
    func skipCoordinatorEpochs(_ count: UInt64) throws(StorageError) {
        try writing {
            try $0.execute(
                sql: "UPDATE meta SET value = value + ? WHERE key = 'coordinatorEpoch'", arguments: [Int64(count)])
        }
    }

    private func rows(of job: JobID) throws(StorageError) -> [(sequence: Int64, entry: LedgerEntry)] {
        try reading { try EntryTable.rows(of: job, in: $0, path: path) }
    }

    // MARK: The database

    /// Moves the write-ahead log into the database and removes it; no call may follow.
    package func close() throws(StorageError) {
        try LedgerError.converted(path) {
            // Whoever closes last removes the log, and a connection that only reads cannot.
            database.invalidateReadOnlyConnections()
            try database.close()
        }
    }

    private func reading<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
        try LedgerError.converted(path) { try database.read(body) }
    }

    private func writing<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
        try LedgerError.converted(path) { try database.write(body) }
    }

    private static func check(_ database: Database, path: String) throws {
        // After opening, since GRDB ends its own set-up of the write-ahead log with NORMAL, which may lose the last
        // commits at power loss.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard findings == ["ok"] else {
            throw StorageError.damagedLedger(path: path, detail: findings.first ?? "the check says nothing")
        }
    }
}
