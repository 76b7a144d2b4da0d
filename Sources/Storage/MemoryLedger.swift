import Coordination
import Synchronization
import Wire

/// A ledger that lives as long as its process: for what needs no restart, and for tests of what stands on a ledger.
package final class MemoryLedger: LedgerStore {
    private struct Content {
        var epoch: UInt64 = 0
        var entries: [LedgerEntry] = []
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

    package func append(_ batch: [LedgerEntry]) {
        content.withLock { $0.entries += batch }
    }

    package func entries() -> [LedgerEntry] {
        content.withLock { $0.entries }
    }

    package func close() {}
}
