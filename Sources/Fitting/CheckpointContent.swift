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
        guard let task = TaskCheckpoint(decoding: state), let chain = try? ChainCheckpoint(decoding: task.chain),
            task.chainIndex > 0 || chain.iteration == iteration
        else { return nil }
        layout = Self.layout(quantityCount: task.quantityCount, dimension: chain.state.position.count)
    }

    /// Of a state's first `prefixByteCount` bytes, where the whole is large and its digest was checked as it came.
    package init?(statePrefix: [UInt8]) {
        guard let quantityCount = TaskCheckpoint.quantityCount(ofPrefix: statePrefix),
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
