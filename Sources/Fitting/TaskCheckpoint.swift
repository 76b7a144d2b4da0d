import Sampling

/// The state of a `TaskRun` at an iteration end, as bytes: nine little-endian words (layout version, chain index, last
/// chain, gradient evaluations of finished chains, divergences, bits of the step size, quantities in a record of a draw,
/// lengths of the chain's checkpoint and of the records), the chain's own checkpoint, records that are not handed in yet,
/// and a checksum of all of it.
struct TaskCheckpoint {
    var chainIndex: Int
    /// The one after which the task is done, as far as is known.
    var lastChain: Int
    var earlierGradients: Int
    var divergences: Int
    var stepSize: Double
    /// In the record of a draw that is folded where it is made; 0 where draws are kept as they are.
    var quantityCount: Int
    var chain: [UInt8]
    /// Those of a try whose end is not judged yet.
    var records: [UInt8]

    private static let version: UInt64 = 4
    static let headerByteCount = 72
    private static let checksumByteCount = 8
    private static let quantityCountMax: UInt64 = 1 << 24

    init(
        chainIndex: Int, lastChain: Int, earlierGradients: Int, divergences: Int, stepSize: Double, quantityCount: Int,
        chain: [UInt8], records: [UInt8]
    ) {
        self.chainIndex = chainIndex
        self.lastChain = lastChain
        self.records = records
        self.earlierGradients = earlierGradients
        self.divergences = divergences
        self.stepSize = stepSize
        self.quantityCount = quantityCount
        self.chain = chain
    }

    var encoded: [UInt8] {
        var bytes = LittleEndianWords.encode([
            Self.version, UInt64(chainIndex), UInt64(lastChain), UInt64(earlierGradients), UInt64(divergences),
            stepSize.bitPattern, UInt64(quantityCount), UInt64(chain.count), UInt64(records.count),
        ])
        bytes += chain + records
        LittleEndianWords.append(Checksum.of(bytes), to: &bytes)
        return bytes
    }

    /// Nil when `bytes` are not a checkpoint of this version, or any of them has changed.
    init?(decoding bytes: [UInt8]) {
        let end = bytes.count - Self.checksumByteCount
        guard end >= Self.headerByteCount, LittleEndianWords.word(of: bytes, at: end) == Checksum.of(bytes[..<end]),
            let header = LittleEndianWords.decode(Array(bytes[..<Self.headerByteCount])),
            let quantityCount = Self.quantityCount(ofPrefix: bytes),
            header[1] <= header[2], header[2] < 1 << 31, header[3] < 1 << 62, header[4] < 1 << 62,
            header[7] < 1 << 62, header[8] < 1 << 62, header[7] + header[8] == UInt64(end - Self.headerByteCount)
        else { return nil }
        chainIndex = Int(header[1])
        lastChain = Int(header[2])
        earlierGradients = Int(header[3])
        divergences = Int(header[4])
        stepSize = Double(bitPattern: header[5])
        self.quantityCount = quantityCount
        let chainEnd = Self.headerByteCount + Int(header[7])
        chain = Array(bytes[Self.headerByteCount..<chainEnd])
        records = Array(bytes[chainEnd..<end])
    }

    /// What the first bytes of a checkpoint say; nil where they are too few, or of another version.
    static func quantityCount(ofPrefix bytes: [UInt8]) -> Int? {
        guard bytes.count >= headerByteCount, LittleEndianWords.word(of: bytes, at: 0) == version else { return nil }
        let count = LittleEndianWords.word(of: bytes, at: 48)
        return count <= quantityCountMax ? Int(count) : nil
    }
}
