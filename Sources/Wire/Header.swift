/// The first frame of every message: 32 bytes, little-endian.
///
/// | offset | field | type |
/// | --- | --- | --- |
/// | 0 | magic `TUT` | 3 bytes |
/// | 3 | major | u8 |
/// | 4 | minor | u8 |
/// | 5 | flags, zero | u8 |
/// | 6 | message type | u16 |
/// | 8 | length of the body | u32 |
/// | 12 | CRC-32C over the header with this field zero, then the body | u32 |
/// | 16 | session | u64 |
/// | 24 | sequence, per session and direction, from 1 | u64 |
struct Header: Equatable {
    static let byteCount = 32
    static let magic: [UInt8] = Array("TUT".utf8)
    static let major: UInt8 = 1
    static let minor: UInt8 = 2

    var type: UInt16
    var bodyByteCount: UInt32
    var checksum: UInt32
    var session: UInt64
    var sequence: UInt64

    var encoded: [UInt8] {
        var bytes = Self.magic + [Self.major, Self.minor, 0]
        append(UInt64(type), byteCount: 2, to: &bytes)
        append(UInt64(bodyByteCount), byteCount: 4, to: &bytes)
        append(UInt64(checksum), byteCount: 4, to: &bytes)
        append(session, byteCount: 8, to: &bytes)
        append(sequence, byteCount: 8, to: &bytes)
        return bytes
    }

    init(type: UInt16, body: [UInt8], session: UInt64, sequence: UInt64) {
        self.type = type
        bodyByteCount = UInt32(body.count)
        self.session = session
        self.sequence = sequence
        checksum = 0
        checksum = CyclicRedundancyCheck.castagnoli(encoded, body)
    }

    init(decoding bytes: [UInt8]) throws(DecodeError) {
        guard bytes.count == Self.byteCount, Array(bytes[..<3]) == Self.magic else { throw .notAMessage }
        guard bytes[3] == Self.major else { throw .version(major: bytes[3]) }
        guard bytes[5] == 0 else { throw .flags }
        func word(_ offset: Int, byteCount: Int) -> UInt64 {
            (0..<byteCount).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
        }
        type = UInt16(word(6, byteCount: 2))
        bodyByteCount = UInt32(word(8, byteCount: 4))
        checksum = UInt32(word(12, byteCount: 4))
        session = word(16, byteCount: 8)
        sequence = word(24, byteCount: 8)
    }

    /// True when the checksum is that of this header and `body`. A newer minor version changes byte 4 only, which the
    /// checksum covers as it came.
    func matches(_ bytes: [UInt8], body: [UInt8]) -> Bool {
        var zeroed = bytes
        for index in 12..<16 { zeroed[index] = 0 }
        return checksum == CyclicRedundancyCheck.castagnoli(zeroed, body)
    }

    private func append(_ value: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
        for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
}

/// CRC-32C (Castagnoli 1993; RFC 3720, appendix B.4), reflected polynomial 0x82F63B78.
package enum CyclicRedundancyCheck {
    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
        return value
    }

    package static func castagnoli(_ parts: [UInt8]...) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for part in parts {
            for byte in part { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
        }
        return value ^ 0xFFFF_FFFF
    }
}
