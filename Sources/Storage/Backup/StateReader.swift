import Coordination
import Foundation
import GRDB
import Wire

/// A state folder, or a backup of one, looked at from outside: nothing is changed, and a coordinator may run.
package struct StateReader {
    package let path: String
    private let database: DatabaseQueue
    private var ledgerPath: String { path + "/ledger.sqlite" }

    /// - Throws: `StorageError` where there is no ledger, or one of another version.
    package init(_ path: String) throws(StorageError) {
        self.path = path
        let ledger = path + "/ledger.sqlite"
        guard access(ledger, F_OK) == 0 else { throw .noState(folder: path) }
        database = try LedgerError.converted(ledger) {
            var configuration = Configuration()
            configuration.readonly = true
            let database = try DatabaseQueue(path: ledger, configuration: configuration)
            let migrator = LedgerMigrations.migrator(path: ledger)
            let (isNewer, isCurrent) = try database.read {
                (try migrator.hasBeenSuperseded($0), try migrator.hasCompletedMigrations($0))
            }
            if isNewer { throw StorageError.newer(folder: path) }
            if !isCurrent { throw StorageError.older(folder: path) }
            return database
        }
    }

    /// What SQLite finds wrong with the file; empty when nothing is.
    package func findings() throws(StorageError) -> [String] {
        try reading { try String.fetchAll($0, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" } }
    }

    package func entries() throws(StorageError) -> [LedgerEntry] {
        try reading { try EntryTable.all(in: $0, path: ledgerPath) }
    }

    /// Blobs that jobs name for good, by the jobs that do.
    package func references() throws(StorageError) -> [Digest: [JobID]] {
        try reading { try ReferenceTable.jobsByDigest(in: $0) }
    }

    /// The bytes of a blob; nil where it is missing, or is not what its digest says.
    package func bytes(of digest: Digest) throws(StorageError) -> [UInt8]? {
        let row = try reading { try BlobTable.bytes(of: digest, from: 0, count: .max, in: $0) }
        let file = "\(path)/blobs/\(BlobStore.relativePath(of: digest))"
        guard let bytes = row ?? FileManager.default.contents(atPath: file).map({ Array($0) }) else { return nil }
        return Digest(hashing: bytes) == digest ? bytes : nil
    }

    /// Calls `body` with each blob that is a row, and whether its bytes are what its digest says.
    package func forEachRow(_ body: (Digest, _ isWhole: Bool) -> Void) throws(StorageError) {
        try reading { try BlobTable.check(in: $0, body) }
    }

    /// Paths in the folder of the blobs that are files, by digest.
    package func files() throws(StorageError) -> [Digest: String] {
        var files: [Digest: String] = [:]
        for name in try Self.paths(in: path + "/blobs") {
            guard let digest = Digest(name.suffix(2 * Digest.byteCount)), name == BlobStore.relativePath(of: digest)
            else {
                continue
            }
            files[digest] = "blobs/\(name)"
        }
        return files
    }

    /// Paths in the folder of the files of finished results.
    package func results() throws(StorageError) -> [String] {
        try Self.paths(in: path + "/results").map { "results/\($0)" }
    }

    /// Copies the ledger as it is at one moment, while others go on writing it.
    package func copyLedger(to target: String) throws(StorageError) {
        try LedgerError.converted(target) {
            let copy = try DatabaseQueue(path: target)
            try database.backup(to: copy)
            // One file, without a log beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
    }

    private func reading<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
        try LedgerError.converted(ledgerPath) { try database.read(body) }
    }

    /// Paths of all files below a folder, in order; none where there is no such folder.
    private static func paths(in folder: String) throws(StorageError) -> [String] {
        guard access(folder, F_OK) == 0 else { return [] }
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
                    && !isFolder.boolValue && !path.hasSuffix(DurableFile.temporarySuffix)
            }
            .sorted()
        } catch {
            throw .lastSystemCall("list \(folder)")
        }
    }
}
