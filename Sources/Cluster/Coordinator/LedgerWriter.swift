import Coordination
import Foundation
import Storage
import Synchronization
import Wire

/// The one writer of the state folder: a thread that commits whatever has gathered, in one transaction.
///
/// Small blobs are rows of that transaction. Larger ones are files that are durable before it begins: a crash between
/// the two leaves a file that no entry names, which the next start removes, and never an entry without its blob. Files
/// that are needed no more are removed after it: a crash in between leaves a file too many.
package final class LedgerWriter: Sendable {
    /// Seconds between two tries while the disk is full.
    private static let fullDiskPause: Double = 1

    private let ledger: any LedgerStore
    private let blobStore: BlobStore
    private let queue = Mutex<(units: [LedgerUnit], isStopping: Bool)>(([], false))
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    /// Called on the writer's thread with the tickets of each commit.
    private let onStored: @Sendable ([Ticket]) -> Void
    /// Called before `onStored` with a blob that came in parts and is not what its digest says.
    private let onDamaged: @Sendable (AttemptID, Digest) -> Void
    /// Called when the disk is full (with true) and when it takes writes again (with false).
    private let onFull: @Sendable (Bool) -> Void
    /// Called once when storing has failed for good.
    private let onFailure: @Sendable (any Error) -> Void

    package init(
        ledger: any LedgerStore, blobStore: BlobStore, onStored: @escaping @Sendable ([Ticket]) -> Void,
        onDamaged: @escaping @Sendable (AttemptID, Digest) -> Void,
        onFull: @escaping @Sendable (Bool) -> Void, onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        self.ledger = ledger
        self.blobStore = blobStore
        self.onStored = onStored
        self.onDamaged = onDamaged
        self.onFull = onFull
        self.onFailure = onFailure
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "ledger"
        thread.start()
    }

    package func append(_ unit: LedgerUnit) {
        let isFirst = queue.withLock { queue in
            queue.units.append(unit)
            return queue.units.count == 1
        }
        if isFirst { arrived.signal() }
    }

    /// Commits what is queued, unless the disk is full, then ends the thread. What is not committed was not
    /// acknowledged.
    package func stop() {
        queue.withLock { $0.isStopping = true }
        arrived.signal()
        ended.wait()
    }

    private func run() {
        var arriving = ArrivingBlobs(blobStore)
        while true {
            let (gathered, isStopping) = queue.withLock { queue in
                defer { queue.units = [] }
                return (queue.units, queue.isStopping)
            }
            if gathered.isEmpty {
                if isStopping { return }
                arrived.wait()
            }
            for start in stride(from: 0, to: gathered.count, by: LedgerUnit.batchCountMax) {
                let batch = Array(gathered[start..<min(start + LedgerUnit.batchCountMax, gathered.count)])
                do {
                    guard let damaged = try commit(batch, arriving: &arriving) else { return }
                    for part in damaged { onDamaged(part.attempt, part.digest) }
                } catch {
                    // A failed fsync is never tried again: what is on disk is unknown. Restart is the way back.
                    onFailure(error)
                    return
                }
                onStored(batch.compactMap(\.ticket))
            }
        }
    }

    /// A commit has two outcomes, done or not yet: while the disk is full the same batch is tried again.
    /// - Returns: the last parts of blobs that are damaged; nil when the disk is full and the thread is to end.
    private func commit(_ batch: [LedgerUnit], arriving: inout ArrivingBlobs) throws(StorageError) -> [BlobPart]? {
        var wasFull = false
        while true {
            do {
                let damaged = try store(batch, arriving: &arriving)
                if wasFull { onFull(false) }
                return damaged
            } catch {
                guard error.isDiskFull else { throw error }
                if !wasFull { onFull(true) }
                wasFull = true
                let end = DispatchTime.now() + Self.fullDiskPause
                // What arrives meanwhile rings too, so the wait is taken up again until its end.
                while !queue.withLock({ $0.isStopping }), arrived.wait(timeout: end) == .success {}
                if queue.withLock({ $0.isStopping }) { return nil }
            }
        }
    }

    private func store(_ batch: [LedgerUnit], arriving: inout ArrivingBlobs) throws(StorageError) -> [BlobPart] {
        var damaged: [BlobPart] = []
        var files: [Blob] = []
        var rest = LedgerBatch(entries: [], released: LedgerUnit.released(by: batch))
        // What the batch itself makes superfluous, such as a state that a later one has replaced, is not stored at all.
        let superfluous = Set(rest.released)
        // Of those there is no file, but for one of long ago, which the next start removes.
        var unwritten: Set<Digest> = []
        for unit in batch {
            switch unit {
            case .entry(let entry, let blobs, _):
                rest.entries.append(entry)
                for blob in blobs {
                    if superfluous.contains(blob.digest) {
                        unwritten.insert(blob.digest)
                    } else if BlobStore.isRow(blob) {
                        rest.blobs.append(blob)
                    } else {
                        files.append(blob)
                    }
                }
            case .part(let part, _):
                if !(try arriving.keep(part)) { damaged.append(part) }
            case .discardParts(let attempt):
                try arriving.discard(attempt)
            case .release:
                break
            }
        }
        let (batchFiles, batchRest) = (files, rest)
        try blobStore.storing { () throws(StorageError) in
            try blobStore.put(batchFiles)
            try ledger.append(batchRest)
        }
        for digest in rest.released where !unwritten.contains(digest) { try blobStore.removeFile(digest) }
        return damaged
    }
}
