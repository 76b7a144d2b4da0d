import Coordination
import Wire

/// Why a step on the disk was not done.
enum DiskError: Error {
    /// There is no room: to be tried again.
    case full
    /// What is on disk is unknown from here on.
    case syncFailed
}

/// One call on the disk; the process can die between any two.
enum DiskStep {
    case writeBlob(Blob)
    case syncBlob(Digest)
    /// Gives the file its name, and makes it visible.
    case nameBlob(Digest)
    case syncFolder(Digest)
    case appendEntries([LedgerEntry])
    case syncLedger
    case removeBlob(Digest)
}

/// What the coordinator keeps: a ledger that is a log of batches, and blobs. The page cache lies between what is
/// written and what survives a loss of power.
struct SimulatedDisk {
    private struct File {
        var bytes: [UInt8]
        var isNamed = false
        var isContentDurable = false
        var isNameDurable = false
        /// Unlinked, and perhaps back after a loss of power.
        var isRemoved = false
    }

    private var files: [Digest: File] = [:]
    private var batches: [[LedgerEntry]] = []
    /// Batches that a completed sync was told of.
    private var syncedBatchCount = 0
    /// The batch that a failed sync has lost: the cache calls it clean, and a loss of power ends the log before it.
    private var lostBatch: Int?
    private var epoch: UInt64 = 0
    private var chance: Chance

    var isFull = false
    /// The next sync of the ledger fails.
    var failsNextSync = false

    init(chance: Chance) {
        self.chance = chance
    }

    // MARK: Steps

    mutating func perform(_ step: DiskStep) throws(DiskError) {
        switch step {
        case .writeBlob(let blob):
            guard !isFull else { throw .full }
            // One that was removed may come back under its name until the folder is made durable.
            files[blob.digest] = File(bytes: blob.bytes)
        case .syncBlob(let digest):
            files[digest]?.isContentDurable = true
        case .nameBlob(let digest):
            files[digest]?.isNamed = true
        case .syncFolder(let digest):
            if files[digest]?.isNamed == true { files[digest]?.isNameDurable = true }
        case .appendEntries(let entries):
            guard !isFull else { throw .full }
            batches.append(entries)
        case .syncLedger:
            guard !failsNextSync else {
                failsNextSync = false
                lostBatch = min(lostBatch ?? .max, syncedBatchCount)
                throw .syncFailed
            }
            syncedBatchCount = batches.count
        case .removeBlob(let digest):
            files[digest]?.isRemoved = true
        }
    }

    /// The steps that make a blob durable.
    func steps(toPut blob: Blob) -> [DiskStep] {
        guard bytes(of: blob.digest) == nil else { return [.syncFolder(blob.digest)] }
        return [.writeBlob(blob), .syncBlob(blob.digest), .nameBlob(blob.digest), .syncFolder(blob.digest)]
    }

    // MARK: What there is

    func bytes(of digest: Digest) -> [UInt8]? {
        guard let file = files[digest], file.isNamed, !file.isRemoved else { return nil }
        return file.bytes
    }

    /// True when the blob would be there, whole, after a loss of power now.
    func survives(_ digest: Digest) -> Bool {
        guard let file = files[digest] else { return false }
        return file.isContentDurable && file.isNameDurable && !file.isRemoved
    }

    var entries: [LedgerEntry] { batches.flatMap { $0 } }

    /// Batches that would be there after a loss of power now.
    private var survivingBatchCount: Int { min(syncedBatchCount, lostBatch ?? .max) }

    var survivingEntries: [LedgerEntry] { batches.prefix(survivingBatchCount).flatMap { $0 } }

    /// Entries of batches that survive, from a place on; for who follows the log.
    func survivingBatches(from first: Int) -> ArraySlice<[LedgerEntry]> {
        batches[min(first, survivingBatchCount)..<survivingBatchCount]
    }

    // MARK: Starts and crashes

    /// Durable when it returns, and with it all of the log: what a killed predecessor had written and not synced is read
    /// as if it had, and must not be lost once it was acted upon.
    mutating func nextCoordinatorEpoch() -> UInt64 {
        epoch += 1
        syncedBatchCount = batches.count
        return epoch
    }

    mutating func removeAll(except referenced: Set<Digest>) {
        for digest in files.keys where !referenced.contains(digest) { files[digest]?.isRemoved = true }
    }

    /// The process is gone, the page cache is not. After a failed sync the kernel may have dropped what it could not
    /// write: then the log ends there for whoever opens it.
    mutating func processDied() {
        files = files.filter { $0.value.isNamed && !$0.value.isRemoved }
        guard let lost = lostBatch else { return }
        if chance.happens(0.5) { batches.removeSubrange(lost...) }
        lostBatch = nil
        // Opening recovers the log, which writes and syncs what the cache has of it.
        syncedBatchCount = batches.count
    }

    /// The host is gone: what was not synced survives in part, and of the batch that was being written nothing.
    mutating func powerLost() {
        var kept = survivingBatchCount
        while lostBatch == nil, kept < batches.count, chance.happens(0.5) { kept += 1 }
        batches.removeSubrange(kept...)
        syncedBatchCount = kept
        lostBatch = nil
        var survivors: [Digest: File] = [:]
        for digest in files.keys.sorted() {
            guard var file = files[digest], file.isNamed else { continue }
            guard file.isNameDurable || chance.happens(0.5) else { continue }
            // A name without its content: an empty file.
            if !file.isContentDurable, chance.happens(0.5) { file.bytes = [] }
            if file.isRemoved { file.isRemoved = chance.happens(0.5) }
            guard !file.isRemoved else { continue }
            file.isContentDurable = true
            file.isNameDurable = true
            survivors[digest] = file
        }
        files = survivors
    }
}
