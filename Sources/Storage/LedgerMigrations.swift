import GRDB

/// The tables of the ledger, as a history. A migration is never edited; a change is a new one at the end.
enum LedgerMigrations {
    static var migrator: DatabaseMigrator {
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
        migrator.registerMigration("3 a ledger has a name") { database in
            try database.execute(
                sql: "INSERT INTO meta VALUES ('ledger', ?)", arguments: [Int64.random(in: 1...Int64.max)])
        }
        return migrator
    }
}
