import Coordination
import Storage
import Synchronization
import Wire

/// A ledger in memory whose disk can be filled, and broken.
final class StubLedger: LedgerStore {
    private let memory = MemoryLedger()
    private let fault = Mutex<StorageError?>(nil)

    /// What every attempt to add entries ends with; nil when it succeeds.
    func fail(with error: StorageError?) {
        fault.withLock { $0 = error }
    }

    func identity() throws(StorageError) -> UInt64 { memory.identity() }

    func nextCoordinatorEpoch() throws(StorageError) -> UInt64 { memory.nextCoordinatorEpoch() }

    func append(_ batch: LedgerBatch) throws(StorageError) {
        if let error = fault.withLock({ $0 }) { throw error }
        memory.append(batch)
    }

    func entries() throws(StorageError) -> [LedgerEntry] { memory.entries() }

    func row(_ digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]? {
        memory.row(digest, from: offset, count: count)
    }

    func rowByteCount(_ digest: Digest) throws(StorageError) -> Int? { memory.rowByteCount(digest) }

    func removeRows(except referenced: Set<Digest>) throws(StorageError) -> Int {
        memory.removeRows(except: referenced)
    }

    func unfoldedJobs() throws(StorageError) -> [JobID] { memory.unfoldedJobs() }

    func fold(_ job: JobID) throws(StorageError) { memory.fold(job) }

    func closedJobs() throws(StorageError) -> [ClosedJob] { memory.closedJobs() }

    func pin(_ job: JobID, _ isPinned: Bool) throws(StorageError) -> Bool { memory.pin(job, isPinned) }

    func pinnedJobs() throws(StorageError) -> Set<JobID> { memory.pinnedJobs() }

    func references() throws(StorageError) -> Set<Digest> { memory.references() }

    func references(of job: JobID) throws(StorageError) -> [Digest] { memory.references(of: job) }

    func expire(_ job: JobID) throws(StorageError) -> [Digest] { memory.expire(job) }

    func close() throws(StorageError) {}
}
