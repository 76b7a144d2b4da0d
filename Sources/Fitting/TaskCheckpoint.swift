import Sampling

/// The state of a `TaskRun` at an iteration end, as bytes: six little-endian words (layout version, chain index,
/// gradient evaluations of finished chains, divergences, bits of the step size, length of the chain's checkpoint), the
/// chain's own checkpoint, and a checksum of all of it.
struct TaskCheckpoint {
    var chainIndex: Int
    var earlierGradients: Int
    var divergences: Int
    var stepSize: Double
    var chain: [UInt8]

    private static let version: UInt64 = 2
    static let headerByteCount = 48
    private static let checksumByteCount = 8

    init(chainIndex: Int, earlierGradients: Int, divergences: Int, stepSize: Double, chain: [UInt8]) {
        self.chainIndex = chainIndex
        self.earlierGradients = earlierGradients
        self.divergences = divergences
        self.stepSize = stepSize
        self.chain = chain
    }

    var encoded: [UInt8] {
        var bytes = LittleEndianWords.encode([
            Self.version, UInt64(chainIndex), UInt64(earlierGradients), UInt64(divergences), stepSize.bitPattern,
            UInt64(chain.count),
        ])
        bytes += chain
        LittleEndianWords.append(Checksum.of(bytes), to: &bytes)
        return bytes
    }

    /// Nil when `bytes` are not a checkpoint of this version, or any of them has changed.
    init?(decoding bytes: [UInt8]) {
        let end = bytes.count - Self.checksumByteCount
        guard end >= Self.headerByteCount, LittleEndianWords.word(of: bytes, at: end) == Checksum.of(bytes[..<end]),
            let header = LittleEndianWords.decode(Array(bytes[..<Self.headerByteCount])), header[0] == Self.version,
            header[1] < 1 << 31, header[2] < 1 << 62, header[3] < 1 << 62,
            header[5] == UInt64(end - Self.headerByteCount)
        else { return nil }
        chainIndex = Int(header[1])
        earlierGradients = Int(header[2])
        divergences = Int(header[3])
        stepSize = Double(bitPattern: header[4])
        chain = Array(bytes[Self.headerByteCount..<end])
    }
}
