import Coordination
import Foundation
import Synchronization
import Wire

/// A ledger that lives as long as its process: for what needs no restart, and for tests of what stands on a ledger.
package final class MemoryLedger: LedgerStore {
    private struct Content {
        var epoch: UInt64 = 0
        var entries: [LedgerEntry] = []
        var rows: [Digest: [UInt8]] = [:]
        var references: [JobID: Set<Digest>] = [:]
        var closed: [JobID: ClosedJob] = [:]
        var folded: Set<JobID> = []
        var pinned: Set<JobID> = []
        var expired: Set<JobID> = []

        func entries(of job: JobID) -> [LedgerEntry] { entries.filter { $0.job == job } }

        mutating func replace(_ job: JobID, by replacement: [LedgerEntry]) {
            guard let place = entries.firstIndex(where: { $0.job == job }) else { return }
            entries.removeAll { $0.job == job }
            entries.insert(contentsOf: replacement, at: place)
        }
    }

    private let content = Mutex(Content())

    private let number = UInt64.random(in: 1...UInt64.max)

    package init() {}

    package func identity() -> UInt64 { number }

    package func nextCoordinatorEpoch() -> UInt64 {
        content.withLock { content in
            content.epoch += 1
            return content.epoch
        }
    }

    package func append(_ batch: LedgerBatch) {
        content.withLock { content in
            content.entries += batch.entries
            for entry in batch.entries {
                content.references[entry.job, default: []].formUnion(entry.references)
                guard entry.closesJob, content.closed[entry.job] == nil else { continue }
                content.closed[entry.job] = ClosedJob(
                    id: entry.job, closedAt: Date().timeIntervalSince1970, isPinned: false)
            }
            for blob in batch.blobs { content.rows[blob.digest] = blob.bytes }
            for digest in batch.released { content.rows[digest] = nil }
        }
    }

    package func entries() -> [LedgerEntry] {
        content.withLock { $0.entries }
    }

    // MARK: Small blobs

    package func row(_ digest: Digest, from offset: Int, count: Int) -> [UInt8]? {
        content.withLock { $0.rows[digest].map { Array($0.dropFirst(offset).prefix(count)) } }
    }

    package func rowByteCount(_ digest: Digest) -> Int? {
        content.withLock { $0.rows[digest]?.count }
    }

    package func removeRows(except referenced: Set<Digest>) -> Int {
        content.withLock { content in
            let before = content.rows.count
            content.rows = content.rows.filter { referenced.contains($0.key) }
            return before - content.rows.count
        }
    }

    // MARK: Jobs that are over

    package func unfoldedJobs() -> [JobID] {
        content.withLock { content in content.closed.keys.filter { !content.folded.contains($0) }.sorted() }
    }

    package func closedJobs() -> [ClosedJob] {
        content.withLock { content in
            content.closed.values.sorted { $0.id < $1.id }.map {
                ClosedJob(id: $0.id, closedAt: $0.closedAt, isPinned: content.pinned.contains($0.id))
            }
        }
    }

    package func fold(_ job: JobID) {
        content.withLock { content in
            guard let folded = JobFolding.folded(content.entries(of: job)) else { return }
            content.replace(job, by: folded)
            content.folded.insert(job)
        }
    }

    package func pin(_ job: JobID, _ isPinned: Bool) -> Bool {
        content.withLock { content in
            guard content.entries.contains(where: { $0.job == job }), !content.expired.contains(job) else {
                return false
            }
            if isPinned { content.pinned.insert(job) } else { content.pinned.remove(job) }
            return true
        }
    }

    package func pinnedJobs() -> Set<JobID> { content.withLock { $0.pinned } }

    package func references() -> Set<Digest> {
        content.withLock { $0.references.values.reduce(into: []) { $0.formUnion($1) } }
    }

    package func references(of job: JobID) -> [Digest] {
        content.withLock { $0.references[job]?.sorted() ?? [] }
    }

    package func expire(_ job: JobID) -> [Digest] {
        content.withLock { content in
            guard let folded = JobFolding.folded(content.entries(of: job)) else { return [] }
            content.replace(job, by: JobFolding.expired(folded))
            content.folded.insert(job)
            content.closed[job] = nil
            content.pinned.remove(job)
            content.expired.insert(job)
            var unneeded = content.references.removeValue(forKey: job) ?? []
            for others in content.references.values { unneeded.subtract(others) }
            for digest in unneeded { content.rows[digest] = nil }
            return unneeded.sorted()
        }
    }

    package func close() {}
}
