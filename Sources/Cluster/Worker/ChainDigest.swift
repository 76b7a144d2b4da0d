import Storage
import Wire

/// h₀ = task digest, hᵢ = SHA-256(hᵢ₋₁ ‖ record i): names the draws so far, wherever blocks were cut.
struct ChainDigest {
    private var bytes: [UInt8]

    /// Starts from a digest as hexadecimal text; nil when it is none.
    init?(_ text: String) {
        guard let digest = Digest(text) else { return nil }
        bytes = digest.bytes
    }

    mutating func extend(by block: [UInt8], records: [Range<Int>]) {
        var builder = DigestBuilder()
        for record in records {
            builder.append(bytes)
            builder.append(block[record])
            builder.finish(into: &bytes)
        }
    }

    var text: String { Digest(bytes: bytes)!.description }
}
