import Coordination
import Foundation
import Storage
import Synchronization
import Wire

/// The one writer of the state folder: a thread that commits whatever has gathered, in one transaction, blobs first.
final class LedgerWriter: Sendable {
    /// One unit of work; they are done in order.
    enum Unit: Sendable {
        /// The blobs are on disk before the entry is.
        case entry(LedgerEntry, blobs: [Blob], Ticket)
        case part(BlobPart, Ticket)
        case discardParts(AttemptID)
        /// Removes a blob, once every entry before it is on disk.
        case release(Digest)

        var ticket: Ticket? {
            switch self {
            case .entry(_, _, let ticket), .part(_, let ticket): ticket
            case .discardParts, .release: nil
            }
        }

        func puts(_ digest: Digest) -> Bool {
            switch self {
            case .entry(_, let blobs, _): blobs.contains { $0.digest == digest }
            case .part(let part, _): part.digest == digest
            case .discardParts, .release: false
            }
        }
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
        var arriving = ArrivingBlobs(blobStore)
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
                for part in try commit(batch, arriving: &arriving) { onDamaged(part.attempt, part.digest) }
            } catch {
                // A failed fsync is never tried again: what is on disk is unknown. Restart is the way back.
                onFailure(error)
                return
            }
            onStored(batch.compactMap(\.ticket))
        }
    }

    /// A commit has two outcomes, done or not yet: while the disk is full the same batch is tried again.
    /// - Returns: the last parts of blobs that are damaged.
    private func commit(_ batch: [Unit], arriving: inout ArrivingBlobs) throws(StorageError) -> [BlobPart] {
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
                Thread.sleep(forTimeInterval: Self.fullDiskPause)
            }
        }
    }

    private func store(_ batch: [Unit], arriving: inout ArrivingBlobs) throws(StorageError) -> [BlobPart] {
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
        for (index, unit) in batch.enumerated() {
            // What a later unit has put again is needed again.
            guard case .release(let digest) = unit, !batch[index...].contains(where: { $0.puts(digest) }) else {
                continue
            }
            try blobStore.remove(digest)
        }
        return damaged
    }
}
