import Coordination
import Foundation
import Wire

/// What an agent tells its slot process.
package enum SlotCommand: Codable, Sendable {
    /// Blobs: the model's bundle if the task `bringsModel`, the draws of scouts, then the checkpoint if it `resumes`.
    case run(SlotTask)
    /// A cut is stored; the slot may cut another.
    case accepted
    /// Cut a checkpoint at the next iteration end and leave the task.
    case stop
}

/// A task as a slot process is given it. Digests are in hexadecimal.
package struct SlotTask: Codable, Sendable {
    var payload: [UInt8]
    var taskDigest: String
    /// Of the draws so far; nil at the beginning.
    var chainDigest: String?
    /// The bundle that the task's model is made of.
    var model: String?
    /// False where the process holds that model from its last task.
    var bringsModel: Bool
    var resumes: Bool
    var checkpointInterval: Double

    package init(_ grant: Grant, model: Digest?, bringsModel: Bool, checkpointInterval: Double) {
        payload = grant.payload
        taskDigest = grant.digest.description
        chainDigest = grant.start?.chain.description
        self.model = model?.description
        self.bringsModel = bringsModel
        resumes = grant.start != nil
        self.checkpointInterval = checkpointInterval
    }
}

/// What a slot process tells its agent.
package enum SlotReport: Codable, Sendable {
    case progress(
        iteration: Int, isWarmingUp: Bool, divergences: Int, stepSize: Double, gradientEvaluations: Int)
    /// Blobs: the task's state, then the block of draws if there is one, with their digests.
    case checkpoint(iteration: Int, digests: [String], chainDigestBefore: String, chainDigestAfter: String)
    case finished(
        resultDigest: String, gradientEvaluations: Int, divergences: Int, cpuNanoseconds: UInt64,
        wallNanoseconds: UInt64)
    /// The task was left at a `stop`, after its checkpoint.
    case stopped
    case failed(text: String)
}

/// Messages between an agent and its slot process: a 24-byte head (lengths of the JSON text and of all blobs, number of
/// blobs, as little-endian 64-bit words), the JSON text, then each blob behind its own 64-bit length.
package enum SlotFrame {
    package static let headByteCount = 3 * wordByteCount
    static let wordByteCount = 8
    /// A step size may be no number.
    static let infinity = "inf"
    static let negativeInfinity = "-inf"
    static let notANumber = "nan"
    /// Longest text or blobs that are read: far more than any memory holds, so that sums never overflow.
    package static let byteCountMax = Limits.blobByteCountMax

    package static func encode(_ message: some Encodable, blobs: [[UInt8]]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: negativeInfinity, nan: notANumber)
        guard let text = try? encoder.encode(message) else {
            preconditionFailure("a slot message that cannot be encoded: \(message)")
        }
        var bytes: [UInt8] = []
        let blobByteCount = blobs.reduce(0) { $0 + wordByteCount + $1.count }
        bytes.reserveCapacity(headByteCount + text.count + blobByteCount)
        for word in [text.count, blobByteCount, blobs.count] { append(word, to: &bytes) }
        bytes += text
        for blob in blobs {
            append(blob.count, to: &bytes)
            bytes += blob
        }
        return bytes
    }

    private static func append(_ value: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// Bytes of a pipe as they arrive, cut into whole frames.
package struct SlotFrameBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    package init() {}

    package mutating func append(_ more: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole frame, or nil until more bytes arrive; throws when the bytes are no frame.
    package mutating func next<Message: Decodable>(
        _ type: Message.Type
    ) throws -> (message: Message, blobs: [[UInt8]])? {
        guard bytes.count - start >= SlotFrame.headByteCount else { return nil }
        let textCount = try count(at: start)
        let blobByteCount = try count(at: start + SlotFrame.wordByteCount)
        let blobCount = try count(at: start + 2 * SlotFrame.wordByteCount)
        let total = SlotFrame.headByteCount + textCount + blobByteCount
        guard bytes.count - start >= total else { return nil }
        var offset = start + SlotFrame.headByteCount
        let text = Data(bytes[offset..<offset + textCount])
        offset += textCount
        let end = offset + blobByteCount
        var blobs: [[UInt8]] = []
        for _ in 0..<blobCount {
            guard offset + SlotFrame.wordByteCount <= end else { throw SlotFrameError.malformed }
            let first = offset + SlotFrame.wordByteCount
            let next = first + (try count(at: offset))
            guard next <= end else { throw SlotFrameError.malformed }
            blobs.append(Array(bytes[first..<next]))
            offset = next
        }
        guard offset == end else { throw SlotFrameError.malformed }
        start = end
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: SlotFrame.infinity, negativeInfinity: SlotFrame.negativeInfinity,
            nan: SlotFrame.notANumber)
        return (try decoder.decode(type, from: text), blobs)
    }

    /// The word at a place that the caller knows to be there, as a number of bytes or blobs.
    private func count(at offset: Int) throws(SlotFrameError) -> Int {
        let word = (0..<SlotFrame.wordByteCount).reduce(UInt64(0)) {
            $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1)
        }
        guard word <= UInt64(SlotFrame.byteCountMax) else { throw .malformed }
        return Int(word)
    }
}

package enum SlotFrameError: Error {
    case malformed
}
