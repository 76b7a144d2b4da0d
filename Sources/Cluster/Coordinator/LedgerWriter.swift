import Coordination
import Foundation
import Storage
import Synchronization
import Wire

/// The one writer of the state folder: a thread that commits whatever has gathered, in one transaction, blobs first.
final class LedgerWriter: Sendable {
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

    init(
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

    func append(_ unit: LedgerUnit) {
        queue.withLock { $0.units.append(unit) }
        arrived.signal()
    }

    /// Commits what is queued, unless the disk is full, then ends the thread. What is not committed was not
    /// acknowledged.
    func stop() {
        queue.withLock { $0.isStopping = true }
        arrived.signal()
        ended.wait()
    }

    private func run() {
        var arriving = ArrivingBlobs(blobStore)
        while true {
            let (batch, isStopping) = queue.withLock { queue in
                let batch = Array(queue.units.prefix(LedgerUnit.batchCountMax))
                queue.units.removeFirst(batch.count)
                return (batch, queue.isStopping)
            }
            guard !batch.isEmpty else {
                if isStopping { return }
                arrived.wait()
                continue
            }
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
        var entries: [LedgerEntry] = []
        var damaged: [BlobPart] = []
        for unit in batch {
            switch unit {
            case .entry(let entry, let blobs, _):
                for blob in blobs { try blobStore.put(blob) }
                entries.append(entry)
            case .part(let part, _):
                if !(try arriving.keep(part)) { damaged.append(part) }
            case .discardParts(let attempt):
                try arriving.discard(attempt)
            case .release:
                break
            }
        }
        if !entries.isEmpty { try ledger.append(entries) }
        for digest in LedgerUnit.released(by: batch) { try blobStore.remove(digest) }
        return damaged
    }
}
