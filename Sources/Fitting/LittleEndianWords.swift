/// 64-bit words as little-endian bytes.
enum LittleEndianWords {
    static func encode(_ words: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 8)
        for word in words { append(word, to: &bytes) }
        return bytes
    }

    static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    /// Nil when `bytes` do not hold whole words.
    static func decode(_ bytes: [UInt8]) -> [UInt64]? {
        guard bytes.count % 8 == 0 else { return nil }
        return (0..<bytes.count / 8).map { word(of: bytes, at: $0 * 8) }
    }

    /// The word whose first byte is `bytes[offset]`.
    static func word(of bytes: [UInt8], at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for byte in 0..<8 { word |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
        return word
    }
}
