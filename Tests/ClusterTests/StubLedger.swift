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

    func append(_ batch: [LedgerEntry]) throws(StorageError) {
        if let error = fault.withLock({ $0 }) { throw error }
        memory.append(batch)
    }

    func entries() throws(StorageError) -> [LedgerEntry] { memory.entries() }

    func close() throws(StorageError) {}
}
