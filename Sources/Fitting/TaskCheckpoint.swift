/// The state of a `TaskRun` at an iteration end, as bytes: six little-endian words (layout version, chain index,
/// gradient evaluations of finished chains, divergences, bits of the step size, length of what follows), then the
/// chain's own checkpoint.
struct TaskCheckpoint {
    var chainIndex: Int
    var earlierGradients: Int
    var divergences: Int
    var stepSize: Double
    var chain: [UInt8]

    private static let version: UInt64 = 1
    private static let headerByteCount = 48

    init(chainIndex: Int, earlierGradients: Int, divergences: Int, stepSize: Double, chain: [UInt8]) {
        self.chainIndex = chainIndex
        self.earlierGradients = earlierGradients
        self.divergences = divergences
        self.stepSize = stepSize
        self.chain = chain
    }

    var encoded: [UInt8] {
        LittleEndianWords.encode([
            Self.version, UInt64(chainIndex), UInt64(earlierGradients), UInt64(divergences), stepSize.bitPattern,
            UInt64(chain.count),
        ]) + chain
    }

    /// Nil when `bytes` are not a checkpoint of this version.
    init?(decoding bytes: [UInt8]) {
        guard bytes.count >= Self.headerByteCount,
            let header = LittleEndianWords.decode(Array(bytes[..<Self.headerByteCount])), header[0] == Self.version,
            header[1] < 1 << 31, header[2] < 1 << 62, header[3] < 1 << 62,
            header[5] == UInt64(bytes.count - Self.headerByteCount)
        else { return nil }
        chainIndex = Int(header[1])
        earlierGradients = Int(header[2])
        divergences = Int(header[3])
        stepSize = Double(bitPattern: header[4])
        chain = Array(bytes[Self.headerByteCount...])
    }
}
