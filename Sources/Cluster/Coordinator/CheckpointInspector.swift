import Fitting
import Storage
import Wire

/// What is wrong with a message and its blobs; nil where nothing is.
package typealias CheckpointInspection = @Sendable (WorkerMessage, [Blob]) -> String?

/// Looks at what workers hand in before the machine takes it: a state that decodes, draws that are whole and finite, and
/// a chain digest that is theirs. What a worker with broken memory or disk sends is refused with its attempt, and does
/// not lie in wait until results are put together.
package struct CheckpointInspector: Sendable {
    private let blobStore: BlobStore

    package init(_ blobStore: BlobStore) {
        self.blobStore = blobStore
    }

    /// What is wrong with the checkpoint; nil when it can be one, and for other messages.
    /// - Parameter blobs: those of the message.
    package func fault(of message: WorkerMessage, blobs: [Blob]) -> String? {
        guard case .checkpoint(_, let iteration, let state, let block, let before, let after) = message else {
            return nil
        }
        let inspection: CheckpointContent?
        if let state = blobs.first(where: { $0.digest == state }) {
            inspection = CheckpointContent(state: state.bytes, iteration: iteration)
        } else {
            // It came in parts, or not at all, which the machine sees.
            let prefix = try? blobStore.bytes(of: state, from: 0, count: CheckpointContent.prefixByteCount)
            guard let prefix else { return nil }
            inspection = CheckpointContent(statePrefix: prefix)
        }
        guard let inspection else { return "a state that is none" }
        guard let block else { return before == after ? nil : "a chain digest of draws that did not come" }
        guard let bytes = blobs.first(where: { $0.digest == block })?.bytes ?? stored(block) else { return nil }
        guard let records = inspection.records(of: bytes) else { return "draws that are not whole, or not finite" }
        guard var chain = ChainDigest(before.description) else { return nil }
        chain.extend(by: bytes, records: records)
        return chain.text == after.description ? nil : "draws that are not those of their chain digest"
    }

    private func stored(_ digest: Digest) -> [UInt8]? { try? blobStore.bytes(of: digest) ?? nil }
}
