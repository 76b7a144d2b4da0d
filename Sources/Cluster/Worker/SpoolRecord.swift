import Coordination
import Storage
import Wire

/// An outcome as a file: eight bytes that say so, the two frames of its message, whose session
/// is the ledger and whose sequence is the number, each behind its length, the number of
/// its blobs, each with its digest and behind its length, and the SHA-256 of all that. Lengths and numbers are
/// little-endian 64-bit words.
enum SpoolRecord {
    private static let magic = Array("TUTSPL01".utf8)

    static func encode(_ outcome: SpooledOutcome) -> [UInt8] {
        let frames = MessageCodec.encode(
            Envelope(message: outcome.message, session: outcome.ledger, sequence: outcome.number, blobs: []))
        var bytes = magic
        bytes.reserveCapacity(outcome.byteCount)
        func append(_ word: Int) {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        for frame in frames {
            append(frame.count)
            bytes += frame
        }
        append(outcome.blobs.count)
        for blob in outcome.blobs {
            bytes += blob.digest.bytes
            append(blob.bytes.count)
            bytes += blob.bytes
        }
        return bytes + Digest(hashing: bytes).bytes
    }

    /// Nil for any bytes that are not a whole record.
    static func decode(_ bytes: [UInt8]) -> SpooledOutcome? {
        let end = bytes.count - Digest.byteCount
        guard end >= magic.count, bytes.starts(with: magic),
            Array(Digest(hashing: Array(bytes[..<end])).bytes) == Array(bytes[end...])
        else { return nil }
        var offset = magic.count
        func take(_ count: Int) -> [UInt8]? {
            guard count >= 0, count <= end - offset else { return nil }
            defer { offset += count }
            return Array(bytes[offset..<offset + count])
        }
        func number() -> Int? {
            take(8).flatMap { word in
                let value = word.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return Int(exactly: value)
            }
        }
        guard let header = number().flatMap(take), let body = number().flatMap(take), let count = number(),
            count <= Limits.blobsMax,
            let envelope = try? MessageCodec.decode(WorkerMessage.self, frames: [header, body])
        else { return nil }
        var blobs: [Blob] = []
        for _ in 0..<count {
            guard let digest = take(Digest.byteCount).flatMap({ Digest(bytes: $0) }),
                let blob = number().flatMap(take)
            else { return nil }
            blobs.append(Blob(digest: digest, bytes: blob))
        }
        guard offset == end else { return nil }
        return SpooledOutcome(
            number: envelope.sequence, ledger: envelope.session, message: envelope.message, blobs: blobs)
    }
}
