import Foundation

/// What an agent tells its slot process.
enum SlotCommand: Codable, Sendable {
    /// Run a task. Blobs: the model bundle, then the checkpoint if `resumes`.
    case run(payload: [UInt8], taskDigest: String, chainDigest: String?, resumes: Bool, checkpointInterval: Double)
    /// `count` cuts are stored; the slot may cut as many more.
    case accepted(count: Int)
    /// Cut a checkpoint at the next iteration end and leave the task.
    case stop
}

/// What a slot process tells its agent.
enum SlotReport: Codable, Sendable {
    case progress(
        iteration: Int, isWarmingUp: Bool, divergences: Int, stepSize: Double, gradientEvaluations: Int)
    /// Blobs: the task's state, then the block of draws if `hasBlock`.
    case checkpoint(iteration: Int, hasBlock: Bool, chainDigestBefore: String, chainDigestAfter: String)
    case finished(
        resultDigest: String, gradientEvaluations: Int, divergences: Int, cpuNanoseconds: UInt64,
        wallNanoseconds: UInt64)
    /// The task was left at a `stop`, after its checkpoint.
    case stopped
    case failed(text: String)
}

/// Messages between an agent and its slot process: a 12-byte head (lengths of the JSON text and of all blobs,
/// number of blobs, as little-endian 32-bit words), the JSON text, then each blob behind its own 32-bit length.
enum SlotFrame {
    /// Longest frame that is read. A bundle or a block that is longer is a fault of ours.
    static let byteCountMax = 1 << 30

    static func encode(_ message: some Encodable, blobs: [[UInt8]]) -> [UInt8] {
        guard let text = try? JSONEncoder().encode(message) else {
            preconditionFailure("a slot message that cannot be encoded: \(message)")
        }
        var bytes: [UInt8] = []
        let blobByteCount = blobs.reduce(0) { $0 + 4 + $1.count }
        bytes.reserveCapacity(12 + text.count + blobByteCount)
        for word in [text.count, blobByteCount, blobs.count] { append(word, to: &bytes) }
        bytes += text
        for blob in blobs {
            append(blob.count, to: &bytes)
            bytes += blob
        }
        return bytes
    }

    private static func append(_ value: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// Bytes of a pipe as they arrive, cut into whole frames.
struct SlotFrameBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ more: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole frame, or nil until more bytes arrive; throws when the bytes are no frame.
    mutating func next<Message: Decodable>(_ type: Message.Type) throws -> (message: Message, blobs: [[UInt8]])? {
        guard bytes.count - start >= 12 else { return nil }
        let textCount = word(at: start)
        let blobByteCount = word(at: start + 4)
        let blobCount = word(at: start + 8)
        let total = 12 + textCount + blobByteCount
        guard total <= SlotFrame.byteCountMax else { throw SlotFrameError.malformed }
        guard bytes.count - start >= total else { return nil }
        var offset = start + 12
        let text = Data(bytes[offset..<offset + textCount])
        offset += textCount
        let end = offset + blobByteCount
        var blobs: [[UInt8]] = []
        for _ in 0..<blobCount {
            guard offset + 4 <= end else { throw SlotFrameError.malformed }
            let count = word(at: offset)
            guard offset + 4 + count <= end else { throw SlotFrameError.malformed }
            blobs.append(Array(bytes[offset + 4..<offset + 4 + count]))
            offset += 4 + count
        }
        guard offset == end else { throw SlotFrameError.malformed }
        start = end
        return (try JSONDecoder().decode(type, from: text), blobs)
    }

    private func word(at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}

enum SlotFrameError: Error {
    case malformed
}
