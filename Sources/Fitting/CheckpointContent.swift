import Sampling

/// Whether bytes from outside are a state and draws that a run of a task can have cut. The model is not known here: how
/// its draws lie is what the state says.
package struct CheckpointContent {
    /// Bytes of a state that tell how the draws lie.
    package static let prefixByteCount = TaskCheckpoint.headerByteCount + 64

    private let layout: RecordLayout

    /// Of a whole state.
    /// - Returns: nil when it is damaged, of another version, or has numbers that no chain has; or when it is a first
    ///   chain's and not at `iteration`.
    package init?(state: [UInt8], iteration: Int) {
        guard let task = TaskCheckpoint(decoding: state) else { return nil }
        if let chain = try? ChainCheckpoint(decoding: task.chain) {
            guard task.chainIndex > 0 || chain.iteration == iteration else { return nil }
            layout = Self.layout(quantityCount: task.quantityCount, dimension: chain.state.position.count)
            return
        }
        // Of a batch: what runs within it, or nothing between two resamples.
        let inner = TaskCheckpoint(decoding: task.chain).flatMap { try? ChainCheckpoint(decoding: $0.chain) }
        guard task.quantityCount > 0, inner != nil || task.chain.isEmpty else { return nil }
        layout = .quantities(count: task.quantityCount)
    }

    /// Of a state's first `prefixByteCount` bytes, where the whole is large and its digest was checked as it came.
    package init?(statePrefix: [UInt8]) {
        guard let quantityCount = TaskCheckpoint.quantityCount(ofPrefix: statePrefix) else { return nil }
        guard quantityCount == 0 else {
            layout = .quantities(count: quantityCount)
            return
        }
        guard
            let dimension = ChainCheckpoint.dimension(
                ofPrefix: Array(statePrefix[TaskCheckpoint.headerByteCount...]))
        else { return nil }
        layout = Self.layout(quantityCount: quantityCount, dimension: dimension)
    }

    private static func layout(quantityCount: Int, dimension: Int) -> RecordLayout {
        quantityCount > 0 ? .quantities(count: quantityCount) : .draws(dimension: dimension)
    }

    /// Where each draw of the block lies; nil when they are not whole records of finite numbers.
    package func records(of block: [UInt8]) -> [Range<Int>]? { block.isEmpty ? nil : layout.soundRanges(in: block) }
}
