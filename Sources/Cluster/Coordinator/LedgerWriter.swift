import Coordination
import Foundation
import Storage
import Synchronization
import Wire

/// The one writer of the ledger: a thread that commits whatever has gathered, in one transaction, blobs first.
final class LedgerWriter: Sendable {
    /// One atomic unit: the blobs are on disk before the entry is.
    struct Unit: Sendable {
        var entry: LedgerEntry
        var blobs: [Blob]
        var ticket: Ticket
    }

    /// Seconds between two tries while the disk is full.
    private static let fullDiskPause: Double = 1
    /// Units in one transaction.
    private static let batchCountMax = 256

    private let ledger: any LedgerStore
    private let blobStore: BlobStore
    private let queue = Mutex<(units: [Unit], isStopping: Bool)>(([], false))
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    /// Called on the writer's thread with the tickets of each commit.
    private let onStored: @Sendable ([Ticket]) -> Void
    /// Called when the disk is full (with true) and when it takes writes again (with false).
    private let onFull: @Sendable (Bool) -> Void
    /// Called once when storing has failed for good.
    private let onFailure: @Sendable (any Error) -> Void

    init(
        ledger: any LedgerStore, blobStore: BlobStore, onStored: @escaping @Sendable ([Ticket]) -> Void,
        onFull: @escaping @Sendable (Bool) -> Void, onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        self.ledger = ledger
        self.blobStore = blobStore
        self.onStored = onStored
        self.onFull = onFull
        self.onFailure = onFailure
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "ledger"
        thread.start()
    }

    func append(_ unit: Unit) {
        queue.withLock { $0.units.append(unit) }
        arrived.signal()
    }

    /// Commits what is queued, then ends the thread.
    func stop() {
        queue.withLock { $0.isStopping = true }
        arrived.signal()
        ended.wait()
    }

    private func run() {
        while true {
            let (batch, isStopping) = queue.withLock { queue in
                let batch = Array(queue.units.prefix(Self.batchCountMax))
                queue.units.removeFirst(batch.count)
                return (batch, queue.isStopping)
            }
            guard !batch.isEmpty else {
                if isStopping { return }
                arrived.wait()
                continue
            }
            do {
                try commit(batch)
            } catch {
                // A failed fsync is never tried again: what is on disk is unknown. Restart is the way back.
                onFailure(error)
                return
            }
            onStored(batch.map(\.ticket))
        }
    }

    /// A commit has two outcomes, done or not yet: while the disk is full the same batch is tried again.
    private func commit(_ batch: [Unit]) throws(StorageError) {
        var wasFull = false
        while true {
            do {
                try store(batch)
                if wasFull { onFull(false) }
                return
            } catch {
                guard error.isDiskFull else { throw error }
                if !wasFull { onFull(true) }
                wasFull = true
                Thread.sleep(forTimeInterval: Self.fullDiskPause)
            }
        }
    }

    private func store(_ batch: [Unit]) throws(StorageError) {
        for unit in batch {
            for blob in unit.blobs { try blobStore.put(blob) }
        }
        try ledger.append(batch.map(\.entry))
    }
}
