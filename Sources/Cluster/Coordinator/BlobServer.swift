import Coordination
import Storage
import Wire

/// Lends workers the parts of blobs that they ask for.
package struct BlobServer: Sendable {
    private let blobStore: BlobStore

    package init(_ blobStore: BlobStore) {
        self.blobStore = blobStore
    }

    /// The message with at most `length` bytes beginning at `offset`; `missing` where there is no such blob or part.
    ///
    /// Bytes are not checked here, where it would hold up others: who puts the parts together checks the whole.
    package func chunk(
        _ digest: Digest, offset: Int, length: Int, session: UInt64, sequence: UInt64
    ) -> Envelope<CoordinatorMessage> {
        guard let total = blobStore.byteCount(of: digest), offset <= total,
            let part = try? blobStore.bytes(of: digest, from: offset, count: length)
        else { return Envelope(message: .missing(digest: digest), session: session, sequence: sequence) }
        return Envelope(
            message: .chunk(digest: digest, offset: offset, total: total), session: session, sequence: sequence,
            blobs: [part])
    }
}
