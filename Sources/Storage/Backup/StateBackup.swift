import Foundation
import Wire

/// Makes a backup of a state folder while a coordinator may go on writing it.
///
/// The ledger is copied as it was at one moment, then the blobs that it names: these never change, and only a state that
/// a later one has replaced can be gone by then, so where one is missing the ledger is copied anew. All is made in
/// `TARGET.part` and takes its name when it is whole and durable: a crash leaves a folder that the next backup removes.
package enum StateBackup {
    /// How often the ledger is copied while blobs that it names are gone.
    private static let turnsMax = 5
    static let partSuffix = ".part"

    /// - Parameter target: a folder that is not there yet, or is empty.
    package static func make(of state: String, into target: String) throws(StorageError) -> BackupManifest {
        let target = NewFolder.path(target)
        let reader = try StateReader(state)
        try NewFolder.check(target)
        let part = target + partSuffix
        try NewFolder.make(part)
        var blobs: [String: BackupManifest.File] = [:]
        var missing: [Digest] = []
        for _ in 0..<turnsMax {
            try NewFolder.remove(part + "/ledger.sqlite")
            try reader.copyLedger(to: part + "/ledger.sqlite")
            missing = []
            for digest in try namedFiles(StateReader(part)) {
                let path = "blobs/\(BlobStore.relativePath(of: digest))"
                if blobs[path] != nil { continue }
                let file = try FileCopy.copy("\(state)/\(path)", to: "\(part)/\(path)")
                if let file, file.digest == digest {
                    blobs[path] = BackupManifest.File(path: path, bytes: file.byteCount, sha256: "\(digest)")
                } else {
                    try NewFolder.remove("\(part)/\(path)")
                    missing.append(digest)
                }
            }
            if missing.isEmpty { break }
        }
        var files = Array(blobs.values)
        for path in ["ledger.sqlite"] {
            guard let digest = FileDigest.of("\(part)/\(path)") else { throw .lastSystemCall("read \(part)/\(path)") }
            files.append(
                BackupManifest.File(path: path, bytes: FileCopy.byteCount("\(part)/\(path)"), sha256: "\(digest)"))
            try FileCopy.sync("\(part)/\(path)")
        }
        for path in try reader.results() {
            // What the rule of retention has removed meanwhile is not missed.
            guard let file = try FileCopy.copy("\(state)/\(path)", to: "\(part)/\(path)") else { continue }
            files.append(BackupManifest.File(path: path, bytes: file.byteCount, sha256: "\(file.digest)"))
        }
        let manifest = BackupManifest(files: files, missing: missing.sorted().map(\.description))
        try FileCopy.syncFolders(of: files.map { "\(part)/\($0.path)" }, upTo: part)
        try manifest.write(to: part)
        try NewFolder.rename(part, to: target)
        return manifest
    }

    /// Blobs that jobs name and that are not rows of the ledger.
    private static func namedFiles(_ reader: StateReader) throws(StorageError) -> [Digest] {
        var named = Set(NeededBlobs(try reader.entries()).digests).union(try reader.references().keys)
        try reader.forEachRow { digest, _ in named.remove(digest) }
        return named.sorted()
    }
}
