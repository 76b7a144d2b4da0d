import Coordination
import Foundation
import Logging
import Storage
import Synchronization
import Wire

/// Looks after jobs that are over, in a thread of its own: folds their entries, so that a start follows open work, and
/// removes what the rule of retention no longer keeps. Knows which jobs are pinned.
package final class Housekeeper: Sendable {
    private let ledger: any LedgerStore
    private let blobStore: BlobStore
    private let rule: RetentionRule
    private let logger: Logger
    /// The folder of a job's results.
    private let results: @Sendable (JobID) -> String
    /// Bytes of jobs that are over: they do not change.
    private let sizes = Mutex<[JobID: Int]>([:])
    /// As the ledger has them.
    private let pinned: Mutex<Set<JobID>>
    /// Held while a job is removed, and while one is pinned: what somebody has pinned is there.
    private let removal = Mutex(())
    private let ended = DispatchGroup()
    private let endIsNear = DispatchSemaphore(value: 0)

    package init(
        ledger: any LedgerStore, blobStore: BlobStore, rule: RetentionRule, logger: Logger,
        results: @escaping @Sendable (JobID) -> String
    ) throws(StorageError) {
        self.ledger = ledger
        self.blobStore = blobStore
        self.rule = rule
        self.logger = logger
        self.results = results
        pinned = Mutex(try ledger.pinnedJobs())
    }

    /// Once, and from then on every `interval` seconds until `stop`.
    package func start(every interval: TimeInterval) {
        ended.enter()
        let thread = Thread { [self] in
            var failure: String?
            repeat {
                do {
                    try tidy(at: Date().timeIntervalSince1970)
                    failure = nil
                } catch {
                    // The same trouble is told once; a full disk ends by itself.
                    if failure != "\(error)" { logger.warning("tidying up failed", metadata: ["error": "\(error)"]) }
                    failure = "\(error)"
                }
            } while endIsNear.wait(timeout: .now() + interval) == .timedOut
            ended.leave()
        }
        thread.name = "housekeeping"
        thread.start()
    }

    package func stop() {
        endIsNear.signal()
        ended.wait()
    }

    /// - Parameter now: seconds since 1970.
    package func tidy(at now: Double) throws {
        for job in try ledger.unfoldedJobs() { try ledger.fold(job) }
        guard rule != RetentionRule() else { return }
        for job in try rule.expired(of: try ledger.closedJobs(), at: now, byteCount: byteCount) { try remove(job) }
    }

    /// Keeps a job's results whatever the rule of retention says, or leaves them to it again; durable when it returns.
    /// - Returns: false when there is no such job, or its results are gone.
    package func pin(_ job: JobID, _ isPinned: Bool) throws(StorageError) -> Bool {
        try removal.withLock { _ throws(StorageError) in
            guard try ledger.pin(job, isPinned) else { return false }
            pinned.withLock { pinned in
                if isPinned { pinned.insert(job) } else { pinned.remove(job) }
            }
            return true
        }
    }

    package func isPinned(_ job: JobID) -> Bool { pinned.withLock { $0.contains(job) } }

    private func remove(_ job: JobID) throws {
        try removal.withLock { _ in
            // It may have been pinned since it was chosen.
            if !isPinned(job) { try removeUnpinned(job) }
        }
    }

    /// Results first: after a crash in between the job is still there to be removed.
    private func removeUnpinned(_ job: JobID) throws {
        let folder = results(job)
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        let count = try blobStore.removeFiles { () throws(StorageError) in try ledger.expire(job) }
        sizes.withLock { $0[job] = nil }
        logger.info("a job's time has come", metadata: ["job": "\(job.number)", "blobs": "\(count)"])
    }

    /// Bytes that are stored for jobs: bundles, draws and results. A blob that two of them name counts for both.
    package func byteCount(of jobs: [JobSnapshot]) throws -> Int {
        // What is measured is not removed meanwhile.
        try removal.withLock { _ in
            var count = 0
            for job in jobs {
                count += try job.state.isOver ? byteCount(of: job.id) : measuredByteCount(of: job.id)
            }
            return count
        }
    }

    /// Of a job that is over.
    private func byteCount(of job: JobID) throws -> Int {
        if let known = sizes.withLock({ $0[job] }) { return known }
        let count = try measuredByteCount(of: job)
        sizes.withLock { $0[job] = count }
        return count
    }

    private func measuredByteCount(of job: JobID) throws -> Int {
        var count = try ledger.references(of: job).reduce(0) { $0 + (blobStore.byteCount(of: $1) ?? 0) }
        let folder = results(job)
        for path in FileManager.default.enumerator(atPath: folder).map({ $0.compactMap { $0 as? String } }) ?? [] {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
            count += (attributes?[.size] as? Int) ?? 0
        }
        return count
    }
}
