import Coordination
import Wire

/// FNV-1a over bytes, stretched to the length of a digest: no collision among the few thousand blobs of a world, and a
/// small part of the price of SHA-256.
struct ToyDigest: RunningDigest {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func append(_ bytes: [UInt8]) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    var digest: Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.byteCount)
        for lane in 0..<4 as Range<UInt64> { bytes += bytesOfWord(mixed(value ^ lane)) }
        guard let digest = Digest(bytes: bytes) else { preconditionFailure("four words are a digest") }
        return digest
    }

    static func of(_ bytes: [UInt8]) -> Digest {
        var running = ToyDigest()
        running.append(bytes)
        return running.digest
    }

    static func blob(_ bytes: [UInt8]) -> Blob { Blob(digest: of(bytes), bytes: bytes) }
}

/// A word from which every bit of another depends: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mixed(_ word: UInt64) -> UInt64 {
    var value = word &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
}

/// Little-endian.
func bytesOfWord(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
}

/// The word whose bytes begin at `offset`.
func word(in bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
}
