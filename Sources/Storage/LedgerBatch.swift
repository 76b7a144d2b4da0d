import Coordination
import Wire

/// What a ledger takes in one transaction.
package struct LedgerBatch: Sendable {
    package var entries: [LedgerEntry]
    /// Small blobs that the entries name. One that is there already is replaced: should it have been damaged, it is
    /// whole again.
    package var blobs: [Blob]
    /// Blobs that are needed no more, if they are rows; removed after all else.
    package var released: [Digest]

    package init(entries: [LedgerEntry], blobs: [Blob] = [], released: [Digest] = []) {
        self.entries = entries
        self.blobs = blobs
        self.released = released
    }

    package var isEmpty: Bool { entries.isEmpty && blobs.isEmpty && released.isEmpty }
}
