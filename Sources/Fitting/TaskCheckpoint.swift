import Sampling

/// The state of a `TaskRun` at an iteration end, as bytes: seven little-endian words (layout version, chain index,
/// gradient evaluations of finished chains, divergences, bits of the step size, quantities in a record of a draw, length of
/// the chain's checkpoint), the chain's own checkpoint, and a checksum of all of it.
struct TaskCheckpoint {
    var chainIndex: Int
    var earlierGradients: Int
    var divergences: Int
    var stepSize: Double
    /// In the record of a draw that is folded where it is made; 0 where draws are kept as they are.
    var quantityCount: Int
    var chain: [UInt8]

    private static let version: UInt64 = 3
    static let headerByteCount = 56
    private static let checksumByteCount = 8
    private static let quantityCountMax: UInt64 = 1 << 24

    init(
        chainIndex: Int, earlierGradients: Int, divergences: Int, stepSize: Double, quantityCount: Int, chain: [UInt8]
    ) {
        self.chainIndex = chainIndex
        self.earlierGradients = earlierGradients
        self.divergences = divergences
        self.stepSize = stepSize
        self.quantityCount = quantityCount
        self.chain = chain
    }

    var encoded: [UInt8] {
        var bytes = LittleEndianWords.encode([
            Self.version, UInt64(chainIndex), UInt64(earlierGradients), UInt64(divergences), stepSize.bitPattern,
            UInt64(quantityCount), UInt64(chain.count),
        ])
        bytes += chain
        LittleEndianWords.append(Checksum.of(bytes), to: &bytes)
        return bytes
    }

    /// Nil when `bytes` are not a checkpoint of this version, or any of them has changed.
    init?(decoding bytes: [UInt8]) {
        let end = bytes.count - Self.checksumByteCount
        guard end >= Self.headerByteCount, LittleEndianWords.word(of: bytes, at: end) == Checksum.of(bytes[..<end]),
            let header = LittleEndianWords.decode(Array(bytes[..<Self.headerByteCount])),
            let quantityCount = Self.quantityCount(ofPrefix: bytes),
            header[1] < 1 << 31, header[2] < 1 << 62, header[3] < 1 << 62,
            header[6] == UInt64(end - Self.headerByteCount)
        else { return nil }
        chainIndex = Int(header[1])
        earlierGradients = Int(header[2])
        divergences = Int(header[3])
        stepSize = Double(bitPattern: header[4])
        self.quantityCount = quantityCount
        chain = Array(bytes[Self.headerByteCount..<end])
    }

    /// What the first bytes of a checkpoint say; nil where they are too few, or of another version.
    static func quantityCount(ofPrefix bytes: [UInt8]) -> Int? {
        guard bytes.count >= headerByteCount, LittleEndianWords.word(of: bytes, at: 0) == version else { return nil }
        let count = LittleEndianWords.word(of: bytes, at: 40)
        return count <= quantityCountMax ? Int(count) : nil
    }
}
