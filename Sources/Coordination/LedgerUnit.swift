import Wire

/// One unit of work of the ledger's writer; they are done in order, and those of a batch are durable together.
package enum LedgerUnit: Sendable {
    /// The blobs are on disk before the entry is.
    case entry(LedgerEntry, blobs: [Blob], Ticket)
    case part(BlobPart, Ticket)
    case discardParts(AttemptID)
    /// Removes a blob, once every entry before it is on disk.
    case release(Digest)

    /// Units in one batch.
    package static let batchCountMax = 256

    /// What is told of it once it is durable.
    package var ticket: Ticket? {
        switch self {
        case .entry(_, _, let ticket), .part(_, let ticket): ticket
        case .discardParts, .release: nil
        }
    }

    /// The blobs that a batch removes when all else of it is durable: what a later unit has put again is needed again.
    package static func released(by batch: [LedgerUnit]) -> [Digest] {
        var putLater: Set<Digest> = []
        var released: [Digest] = []
        for unit in batch.reversed() {
            switch unit {
            case .entry(_, let blobs, _): for blob in blobs { putLater.insert(blob.digest) }
            case .part(let part, _): putLater.insert(part.digest)
            case .discardParts: break
            case .release(let digest): if !putLater.contains(digest) { released.append(digest) }
            }
        }
        return released.reversed()
    }
}
