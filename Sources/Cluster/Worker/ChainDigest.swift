import Storage
import Wire

import struct Crypto.SHA256

/// h₀ = task digest, hᵢ = SHA-256(hᵢ₋₁ ‖ record i): names the draws so far, wherever blocks were cut.
struct ChainDigest {
    private var bytes: [UInt8]

    /// Starts from a digest as hexadecimal text; nil when it is none.
    init?(_ text: String) {
        guard let digest = Digest(text) else { return nil }
        bytes = Array(digest.bytes)
    }

    mutating func extend(by block: [UInt8], records: [Range<Int>]) {
        for record in records {
            var hash = SHA256()
            hash.update(data: bytes)
            hash.update(data: block[record])
            bytes = Array(hash.finalize())
        }
    }

    var text: String { Digest(bytes: bytes)!.description }
}
