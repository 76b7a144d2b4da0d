import Coordination
import Foundation
import GRDB
import Wire

/// The table `reference`: which blobs a job names for good (`LedgerEntry.references`).
enum ReferenceTable {
    static func apply(_ entry: LedgerEntry, in database: Database) throws {
        for digest in entry.references.sorted() { try insert(digest, of: entry.job, in: database) }
    }

    static func digests(in database: Database) throws -> Set<Digest> {
        Set(try digests("SELECT DISTINCT digest FROM reference", [], in: database))
    }

    static func jobsByDigest(in database: Database) throws -> [Digest: [JobID]] {
        var jobs: [Digest: [JobID]] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT digest, job FROM reference ORDER BY job")
        while let row = try rows.next() {
            guard let digest = Digest(bytes: row[0] as Data) else { continue }
            jobs[digest, default: []].append(JobID(UInt64(bitPattern: row[1] as Int64)))
        }
        return jobs
    }

    static func digests(of job: JobID, in database: Database) throws -> [Digest] {
        try digests(
            "SELECT digest FROM reference WHERE job = ?", [Int64(bitPattern: job.number)], in: database)
    }

    /// Forgets what a job names; returns what no other job names.
    static func removeAll(of job: JobID, in database: Database) throws -> [Digest] {
        let number = Int64(bitPattern: job.number)
        let unneeded = try digests(
            "SELECT digest FROM reference WHERE job = ? EXCEPT SELECT digest FROM reference WHERE job != ?",
            [number, number], in: database)
        try database.execute(sql: "DELETE FROM reference WHERE job = ?", arguments: [number])
        return unneeded
    }

    private static func insert(_ digest: Digest, of job: JobID, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO reference VALUES (?, ?)")
            .execute(arguments: [Int64(bitPattern: job.number), Data(digest.bytes)])
    }

    private static func digests(
        _ sql: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Digest] {
        try Data.fetchAll(database, sql: sql, arguments: arguments).compactMap { Digest(bytes: $0) }
    }
}
