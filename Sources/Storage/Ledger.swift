import Coordination
import Foundation
import GRDB

/// Where ledger entries are kept: in order, all of a batch or none.
package protocol LedgerStore: Sendable {
    /// The next coordinator epoch; durable when it returns.
    func nextCoordinatorEpoch() throws(StorageError) -> UInt64
    /// Adds entries in one transaction; durable when it returns.
    func append(_ entries: [LedgerEntry]) throws(StorageError)
    /// All entries, in order.
    func entries() throws(StorageError) -> [LedgerEntry]
}

/// The ledger in SQLite, in WAL mode with full synchronisation.
package final class Ledger: LedgerStore {
    private let database: DatabaseQueue

    /// Version of the tables; a folder of a later one is refused.
    private static let migrations: [String] = ["entries"]

    package init(_ state: StateFolder) throws(StorageError) {
        let path = state.ledger
        do {
            var configuration = Configuration()
            configuration.journalMode = .wal
            let database = try DatabaseQueue(path: path, configuration: configuration)
            let check = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check") }
            guard check == "ok" else { throw StorageError.damagedLedger(path: path, detail: check ?? "no answer") }
            // Set after opening: GRDB's WAL set-up ends with NORMAL, which may lose commits at power loss.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            var migrator = DatabaseMigrator()
            migrator.registerMigration(Self.migrations[0]) { database in
                try database.execute(
                    sql: """
                        CREATE TABLE entry (sequence INTEGER PRIMARY KEY, job INTEGER NOT NULL, body BLOB NOT NULL);
                        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL);
                        INSERT INTO meta VALUES ('coordinator_epoch', 0);
                        """)
            }
            let isNewer = try database.read { try migrator.hasBeenSuperseded($0) }
            guard !isNewer else { throw StorageError.newer(folder: state.path) }
            try migrator.migrate(database)
            self.database = database
        } catch let error as StorageError {
            throw error
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            throw .damagedLedger(path: path, detail: error.message ?? "unreadable")
        } catch {
            throw Self.storageError(error)
        }
    }

    /// What SQLite says of itself: 2 is FULL, and `wal`.
    package func durability() throws(StorageError) -> (synchronous: Int, journalMode: String) {
        try attempt {
            try self.database.writeWithoutTransaction { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1,
                    try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? ""
                )
            }
        }
    }

    package func nextCoordinatorEpoch() throws(StorageError) -> UInt64 {
        try attempt {
            try self.database.write { database in
                try database.execute(sql: "UPDATE meta SET value = value + 1 WHERE key = 'coordinator_epoch'")
                let epoch = try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'coordinator_epoch'")
                return UInt64(epoch ?? 1)
            }
        }
    }

    package func append(_ entries: [LedgerEntry]) throws(StorageError) {
        try attempt {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let bodies = try entries.map { try encoder.encode($0) }
            try self.database.write { database in
                for (entry, body) in zip(entries, bodies) {
                    try database.execute(
                        sql: "INSERT INTO entry (job, body) VALUES (?, ?)",
                        arguments: [Int64(bitPattern: entry.job.number), body])
                }
            }
        }
    }

    package func entries() throws(StorageError) -> [LedgerEntry] {
        try attempt {
            let bodies = try self.database.read {
                try Data.fetchAll($0, sql: "SELECT body FROM entry ORDER BY sequence")
            }
            let decoder = JSONDecoder()
            return try bodies.map { try decoder.decode(LedgerEntry.self, from: $0) }
        }
    }

    private func attempt<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch {
            throw Self.storageError(error)
        }
    }

    private static func storageError(_ error: any Error) -> StorageError {
        guard let error = error as? DatabaseError else { return .ledger(String(describing: error)) }
        return error.resultCode == .SQLITE_FULL ? .full : .ledger(error.message ?? String(describing: error))
    }
}

/// A ledger that lives as long as its process, for tests of what stands on one.
package final class MemoryLedger: LedgerStore, @unchecked Sendable {
    private let lock = NSLock()
    private var stored: [LedgerEntry] = []
    private var epoch: UInt64 = 0

    package init() {}

    package func nextCoordinatorEpoch() -> UInt64 {
        lock.withLock {
            epoch += 1
            return epoch
        }
    }

    package func append(_ entries: [LedgerEntry]) {
        lock.withLock { stored += entries }
    }

    package func entries() -> [LedgerEntry] {
        lock.withLock { stored }
    }
}
