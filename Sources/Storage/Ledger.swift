import Coordination
import Foundation
import GRDB
import Wire

/// The ledger in SQLite: write-ahead log, every commit synchronised to the disk.
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

    private let database: DatabaseQueue
    private let path: String
    /// Keeps the lock for as long as the database is open.
    private let state: StateFolder

    /// Opens or creates the ledger of a state folder, checks the database and brings its tables up to date.
    package init(_ state: StateFolder) throws(StorageError) {
        let path = state.ledger
        database = try Self.attempt(path) {
            var configuration = Configuration()
            configuration.journalMode = .wal
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.writeWithoutTransaction { try Self.check($0, path: path) }
            let migrator = LedgerMigrations.migrator
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

    package func durability() throws(StorageError) -> Durability {
        try Self.attempt(path) {
            try database.writeWithoutTransaction { database in
                Durability(
                    synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1,
                    journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "")
            }
        }
    }

    package func identity() throws(StorageError) -> UInt64 {
        try Self.attempt(path) {
            let sql = "SELECT value FROM meta WHERE key = 'ledger'"
            guard let name = try database.read({ try Int64.fetchOne($0, sql: sql) }) else {
                throw StorageError.damagedLedger(path: path, detail: "the ledger's name is missing")
            }
            return UInt64(bitPattern: name)
        }
    }

    package func nextCoordinatorEpoch() throws(StorageError) -> UInt64 {
        try Self.attempt(path) {
            try database.write { database in
                let sql = "UPDATE meta SET value = value + 1 WHERE key = 'coordinatorEpoch' RETURNING value"
                guard let epoch = try Int64.fetchOne(database, sql: sql), epoch > 0 else {
                    throw StorageError.damagedLedger(path: path, detail: "the coordinator epoch is missing")
                }
                return UInt64(epoch)
            }
        }
    }

    package func append(_ batch: [LedgerEntry]) throws(StorageError) {
        try Self.attempt(path) {
            let bodies = try batch.map(LedgerBody.init)
            try database.write { database in
                for (entry, body) in zip(batch, bodies) {
                    try database.cachedStatement(sql: "INSERT INTO entry (job, body, digest) VALUES (?, ?, ?)")
                        .execute(arguments: [
                            Int64(bitPattern: entry.job.number), body.text, Data(body.digest.bytes),
                        ])
                    try JobProjection.apply(entry, in: database)
                }
            }
        }
    }

    package func entries() throws(StorageError) -> [LedgerEntry] {
        try Self.attempt(path) {
            try database.read { database in
                var entries: [LedgerEntry] = []
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT sequence, body, digest FROM entry ORDER BY sequence")
                while let row = try rows.next() {
                    let sequence: Int = row[0]
                    guard sequence == entries.count + 1, let body: String = row[1], let digest: Data = row[2],
                        let entry = LedgerBody(text: body).entry(digest: digest)
                    else {
                        throw StorageError.damagedLedger(
                            path: path, detail: "entry \(entries.count + 1) is not as written")
                    }
                    entries.append(entry)
                }
                return entries
            }
        }
    }

    /// All jobs in the order of their numbers, without a replay.
    package func jobs() throws(StorageError) -> [Job] {
        try Self.attempt(path) {
            try database.read { database in
                try Row.fetchAll(database, sql: "SELECT id, digest, name, state FROM job ORDER BY id").map { row in
                    guard let digest = Digest(row[1] as String), let state = JobState(rawValue: row[3]) else {
                        throw StorageError.damagedLedger(path: path, detail: "a job is not as written")
                    }
                    return Job(
                        id: JobID(UInt64(bitPattern: row[0] as Int64)), digest: digest, name: row[2], state: state)
                }
            }
        }
    }

    /// Moves the write-ahead log into the database and removes it; no call may follow.
    package func close() throws(StorageError) {
        try Self.attempt(path) { try database.close() }
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

    private static func attempt<Value>(_ path: String, _ body: () throws -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch let error as StorageError {
            throw error
        } catch let error as DatabaseError {
            let detail = error.message ?? error.resultCode.description
            switch error.resultCode {
            case .SQLITE_FULL: throw .full(attempt: "write \(path)")
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw .damagedLedger(path: path, detail: detail)
            default: throw .ledger(path: path, detail: detail)
            }
        } catch {
            throw .ledger(path: path, detail: String(describing: error))
        }
    }
}
