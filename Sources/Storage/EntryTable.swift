import Coordination
import Foundation
import GRDB
import Wire

/// The table `entry`, the truth of the ledger, and how many rows it must have.
enum EntryTable {
    static func add(_ entries: [LedgerEntry], in database: Database) throws {
        guard !entries.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "INSERT INTO entry (job, body, digest) VALUES (?, ?, ?)")
        for entry in entries {
            let body = try LedgerBody(entry)
            try statement.execute(arguments: [
                Int64(bitPattern: entry.job.number), Data(body.bytes), Data(body.digest.bytes),
            ])
        }
        try count(entries.count, in: database)
    }

    /// All entries in their order.
    /// - Throws: `StorageError.damagedLedger` when one is missing, or is not as it was written.
    static func all(in database: Database, path: String) throws -> [LedgerEntry] {
        let entries = try rows("ORDER BY sequence", [], in: database, path: path).map(\.entry)
        let count = try Int.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'entryCount'") ?? 0
        guard count == entries.count else {
            throw StorageError.damagedLedger(
                path: path, detail: "it has \(entries.count) entries, and \(count) were written")
        }
        return entries
    }

    /// The entries of one job, with the numbers of their rows.
    static func rows(
        of job: JobID, in database: Database, path: String
    ) throws -> [(sequence: Int64, entry: LedgerEntry)] {
        try rows("WHERE job = ? ORDER BY sequence", [Int64(bitPattern: job.number)], in: database, path: path)
    }

    /// Writes other entries of the job into its first rows, so that jobs keep their order, and removes the others.
    static func replace(_ job: JobID, rows: [Int64], by entries: [LedgerEntry], in database: Database) throws {
        precondition((1...rows.count).contains(entries.count), "a job is folded into no more rows than it has")
        for (sequence, entry) in zip(rows, entries) {
            let body = try LedgerBody(entry)
            try database.execute(
                sql: "UPDATE entry SET body = ?, digest = ? WHERE sequence = ?",
                arguments: [Data(body.bytes), Data(body.digest.bytes), sequence])
        }
        try database.execute(
            sql: "DELETE FROM entry WHERE job = ? AND sequence > ?",
            arguments: [Int64(bitPattern: job.number), rows[entries.count - 1]])
        try count(-database.changesCount, in: database)
    }

    /// Notes that there are so many more.
    private static func count(_ change: Int, in database: Database) throws {
        guard change != 0 else { return }
        try database.cachedStatement(sql: "UPDATE meta SET value = value + ? WHERE key = 'entryCount'")
            .execute(arguments: [change])
    }

    private static func rows(
        _ condition: String, _ arguments: StatementArguments, in database: Database, path: String
    ) throws -> [(sequence: Int64, entry: LedgerEntry)] {
        let cursor = try Row.fetchCursor(
            database, sql: "SELECT sequence, body, digest FROM entry \(condition)", arguments: arguments)
        var rows: [(sequence: Int64, entry: LedgerEntry)] = []
        while let row = try cursor.next() {
            let sequence: Int64 = row[0]
            guard let entry = LedgerBody.entry(row[1] as DatabaseValue, digest: row[2] as DatabaseValue) else {
                throw StorageError.damagedLedger(path: path, detail: "entry \(sequence) is not as written")
            }
            rows.append((sequence, entry))
        }
        return rows
    }
}
