import Coordination
import Foundation
import GRDB

/// The tables of the ledger, as a history. A migration is never edited; a change is a new one at the end.
enum LedgerMigrations {
    /// - Parameter path: the database, for words.
    static func migrator(path: String) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries, jobs and coordinator epoch") { database in
            try database.execute(
                sql: """
                    -- The truth, in order of `sequence` from 1 without a gap. `body` is JSON, `digest` its SHA-256.
                    CREATE TABLE entry (
                        sequence INTEGER PRIMARY KEY,
                        job INTEGER NOT NULL,
                        body TEXT NOT NULL,
                        digest BLOB NOT NULL
                    );
                    -- What the entries say of jobs; it keeps one submission from being stored twice.
                    CREATE TABLE job (
                        id INTEGER PRIMARY KEY,
                        digest TEXT NOT NULL UNIQUE,
                        name TEXT NOT NULL,
                        state TEXT NOT NULL
                    );
                    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO meta VALUES ('coordinatorEpoch', 0);
                    """)
        }
        migrator.registerMigration("2 the same content may be submitted again") { database in
            try database.execute(
                sql: """
                    CREATE TABLE job_without_unique_digests (
                        id INTEGER PRIMARY KEY,
                        digest TEXT NOT NULL,
                        name TEXT NOT NULL,
                        state TEXT NOT NULL
                    );
                    INSERT INTO job_without_unique_digests SELECT * FROM job;
                    DROP TABLE job;
                    ALTER TABLE job_without_unique_digests RENAME TO job;
                    """)
        }
        migrator.registerMigration("3 small blobs, compact entries, and jobs that are over") { database in
            try database.execute(
                sql: """
                    -- Blobs that ride in the transaction of the entry that names them. `digest` is SHA-256 of `bytes`.
                    CREATE TABLE blob (digest BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
                    -- The blobs that a job names for good.
                    CREATE TABLE reference (
                        job INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (job, digest)
                    ) WITHOUT ROWID;
                    -- From here on the body of a new entry is a blob (`LedgerBody`), and the numbers of entries have
                    -- gaps where a job was folded: that one is missing is known by their count.
                    INSERT INTO meta SELECT 'entryCount', COUNT(*) FROM entry;
                    CREATE INDEX entry_by_job ON entry (job);
                    -- Seconds since 1970; null while the job is open.
                    ALTER TABLE job ADD COLUMN closed_at REAL;
                    ALTER TABLE job ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE job ADD COLUMN is_folded INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE job ADD COLUMN is_expired INTEGER NOT NULL DEFAULT 0;
                    """)
            try database.execute(
                sql: "UPDATE job SET closed_at = ? WHERE state IN ('succeeded', 'failed', 'cancelled')",
                arguments: [Date().timeIntervalSince1970])
            for entry in try EntryTable.all(in: database, path: path) {
                try ReferenceTable.apply(entry, in: database)
            }
        }
        migrator.registerMigration("4 a ledger has a name") { database in
            try database.execute(
                sql: "INSERT INTO meta VALUES ('ledger', ?)", arguments: [Int64.random(in: 1...Int64.max)])
        }
        return migrator
    }
}
