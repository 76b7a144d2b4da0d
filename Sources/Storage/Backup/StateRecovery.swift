import Coordination
import Foundation
import Wire

/// Builds a state folder from a backup, with what the backup holds whole.
///
/// Tasks whose draws or state are lost begin anew, and end with the same result; a job without its model and data is
/// cancelled. Nothing else of the backup is changed.
package struct StateRecovery: Encodable, Hashable, Sendable {
    package let folder: String
    package private(set) var openJobs = 0
    package private(set) var finishedJobs = 0
    /// What could not be brought back, a sentence each.
    package private(set) var lost: [String] = []

    /// Beyond the epochs that the lost coordinator may have reached since the backup: its workers take the next one for
    /// newer.
    private static let skippedEpochs: UInt64 = 1_000_000

    private enum CodingKeys: String, CodingKey {
        case folder, lost
        case openJobs = "open_jobs"
        case finishedJobs = "finished_jobs"
    }

    /// - Parameter target: a folder that is not there yet, or is empty.
    package init(of backup: String, into target: String) throws(StorageError) {
        folder = target
        guard let manifest = try BackupManifest.read(in: backup) else {
            throw .damagedBackup(
                folder: backup, detail: "it has no \(BackupManifest.name): it is no backup, or unfinished")
        }
        let target = NewFolder.path(target)
        try NewFolder.check(target)
        let part = target + StateBackup.partSuffix
        try NewFolder.make(part)
        var damagedResults: Set<String> = []
        for file in manifest.files {
            let copy = try FileCopy.copy("\(backup)/\(file.path)", to: "\(part)/\(file.path)")
            guard copy?.digest.description != file.sha256 else { continue }
            if file.path.hasPrefix("results/") {
                damagedResults.insert(String(file.path.split(separator: "/")[1]))
                lost.append("\(file.path) of the results of job \(file.path.split(separator: "/")[1])")
            } else if file.path.hasPrefix("blobs/") {
                try NewFolder.remove("\(part)/\(file.path)")
            }
        }
        // Results are whole or not there.
        for job in damagedResults { try NewFolder.remove("\(part)/results/\(job)") }
        try rebuild(part)
        try FileCopy.syncFolders(of: manifest.files.map { "\(part)/\($0.path)" }.filter(Self.isThere), upTo: part)
        try NewFolder.rename(part, to: target)
    }

    private static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private mutating func rebuild(_ part: String) throws(StorageError) {
        let state = try StateFolder(opening: part)
        let ledger = try Ledger(state)
        let store = try BlobStore(state, rows: ledger)
        let entries = try ledger.entries()
        let needed = NeededBlobs(entries)
        (openJobs, finishedJobs) = (needed.openJobs.count, Set(entries.map(\.job)).count - needed.openJobs.count)
        var repairs: [LedgerEntry] = []
        var cancelled: Set<JobID> = []
        for digest in needed.jobs.keys.sorted() where try !Self.isWhole(digest, in: store) {
            cancelled.formUnion(needed.jobs[digest] ?? [])
        }
        for job in cancelled.sorted() {
            lost.append("the model and data of job \(job.number), which is cancelled")
            repairs.append(.cancelled(job))
        }
        var anew: Set<TaskID> = []
        for digest in needed.tasks.keys.sorted() where try !Self.isWhole(digest, in: store) {
            anew.formUnion((needed.tasks[digest] ?? []).filter { !cancelled.contains($0.job) })
        }
        for task in anew.sorted() {
            lost.append("draws of task \(task.index + 1) of job \(task.job.number), which begins anew")
            repairs.append(.drawsLost(task))
        }
        for (digest, jobs) in try ledger.finishedReferences(except: needed.openJobs).sorted(by: { $0.key < $1.key })
        where try !Self.isWhole(digest, in: store) {
            lost.append("the blob \(digest) of finished job \(jobs.map { "\($0.number)" }.joined(separator: ", "))")
        }
        try ledger.append(repairs)
        try ledger.skipCoordinatorEpochs(Self.skippedEpochs)
        try ledger.close()
    }

    private static func isWhole(_ digest: Digest, in store: BlobStore) throws(StorageError) -> Bool {
        do throws(StorageError) {
            return try store.bytes(of: digest) != nil
        } catch {
            guard case .damagedBlob = error else { throw error }
            return false
        }
    }
}
