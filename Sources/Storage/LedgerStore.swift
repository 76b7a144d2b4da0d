import Coordination
import Wire

/// Where ledger entries are kept, with the small blobs that they name: in order, all of a batch or none. Any thread may
/// call; those that write take turns.
package protocol LedgerStore: BlobRows {
    /// Names this ledger among all: epochs and jobs are counted in it. Not 0.
    func identity() throws(StorageError) -> UInt64

    /// One more than the last time, from 1; durable when it returns.
    func nextCoordinatorEpoch() throws(StorageError) -> UInt64

    /// Adds a batch in one transaction; durable when it returns.
    func append(_ batch: LedgerBatch) throws(StorageError)

    /// All entries, each job's in the order in which they were added, and jobs in the order of their submission; of a
    /// folded job only what is left.
    func entries() throws(StorageError) -> [LedgerEntry]

    /// Jobs that are over and not folded yet.
    func unfoldedJobs() throws(StorageError) -> [JobID]

    /// Takes two entries (`JobFolding`) for all that a job has, if it is over.
    func fold(_ job: JobID) throws(StorageError)

    /// Jobs that are over and have not expired.
    func closedJobs() throws(StorageError) -> [ClosedJob]

    /// Keeps the job's results and blobs whatever the rule of retention says, or leaves them to it again; durable when it
    /// returns.
    /// - Returns: false when there is no such job, or its results are gone.
    func pin(_ job: JobID, _ isPinned: Bool) throws(StorageError) -> Bool

    /// Jobs that are pinned, over or not.
    func pinnedJobs() throws(StorageError) -> Set<JobID>

    /// Every blob that a job names for good: bundles, inputs and draws, also of jobs that are over.
    func references() throws(StorageError) -> Set<Digest>

    func references(of job: JobID) throws(StorageError) -> [Digest]

    /// Forgets what a job that is over names, and removes those rows that no other job names.
    /// - Returns: the blobs that nothing names any more; their files, if they have any, are left to the caller.
    func expire(_ job: JobID) throws(StorageError) -> [Digest]

    /// No call may follow.
    func close() throws(StorageError)
}

extension LedgerStore {
    /// Adds entries that bring no blobs.
    package func append(_ entries: [LedgerEntry]) throws(StorageError) {
        try append(LedgerBatch(entries: entries))
    }
}
