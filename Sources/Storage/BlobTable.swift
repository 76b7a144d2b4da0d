import Foundation
import GRDB
import Wire

/// The table `blob`. Its rows are not checked here: who reads a whole blob compares it with its digest.
enum BlobTable {
    static func add(_ blobs: [Blob], in database: Database) throws {
        guard !blobs.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO blob (digest, bytes) VALUES (?, ?)
                ON CONFLICT (digest) DO UPDATE SET bytes = excluded.bytes WHERE bytes != excluded.bytes
                """)
        for blob in blobs { try statement.execute(arguments: [Data(blob.digest.bytes), Data(blob.bytes)]) }
    }

    static func remove(_ digests: [Digest], in database: Database) throws {
        guard !digests.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "DELETE FROM blob WHERE digest = ?")
        for digest in digests { try statement.execute(arguments: [Data(digest.bytes)]) }
    }

    static func bytes(of digest: Digest, from offset: Int, count: Int, in database: Database) throws -> [UInt8]? {
        // SQLite counts from 1, and knows no length of `Int.max` beyond a place.
        let statement = try database.cachedStatement(sql: "SELECT substr(bytes, ?, ?) FROM blob WHERE digest = ?")
        let arguments: StatementArguments = [offset + 1, min(count, Int(Int32.max)), Data(digest.bytes)]
        // A part without bytes is no value to SQLite.
        return try Row.fetchOne(statement, arguments: arguments).map { Array(($0[0] as Data?) ?? Data()) }
    }

    static func byteCount(of digest: Digest, in database: Database) throws -> Int? {
        let statement = try database.cachedStatement(sql: "SELECT length(bytes) FROM blob WHERE digest = ?")
        return try Int.fetchOne(statement, arguments: [Data(digest.bytes)])
    }

    /// Calls `body` with each digest, and whether the bytes are what it says.
    static func check(in database: Database, _ body: (Digest, Bool) -> Void) throws {
        let rows = try Row.fetchCursor(database, sql: "SELECT digest, bytes FROM blob")
        while let row = try rows.next() {
            guard let digest = Digest(bytes: row[0] as Data) else { continue }
            body(digest, Digest(hashing: Array(row[1] as Data)) == digest)
        }
    }

    static func digests(in database: Database) throws -> [Digest] {
        try Data.fetchAll(database, sql: "SELECT digest FROM blob").compactMap { Digest(bytes: $0) }
    }
}
