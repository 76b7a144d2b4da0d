import Coordination
import Synchronization
import Wire

/// A ledger that lives as long as its process: for what needs no restart, and for tests of what stands on a ledger.
package final class MemoryLedger: LedgerStore {
    private struct Content {
        var epoch: UInt64 = 0
        var entries: [LedgerEntry] = []
        var submissions: Set<Digest> = []
    }

    private let content = Mutex(Content())

    package init() {}

    package func nextCoordinatorEpoch() -> UInt64 {
        content.withLock { content in
            content.epoch += 1
            return content.epoch
        }
    }

    package func append(_ batch: [LedgerEntry]) throws(StorageError) {
        try content.withLock { content throws(StorageError) in
            var submissions = content.submissions
            for case .submitted(_, let specification) in batch {
                guard submissions.insert(specification.digest).inserted else { throw .duplicateSubmission }
            }
            content.submissions = submissions
            content.entries += batch
        }
    }

    package func entries() -> [LedgerEntry] {
        content.withLock { $0.entries }
    }

    package func close() {}
}
