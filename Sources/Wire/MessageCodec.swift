import SwiftProtobuf

/// A message with its place in a conversation and the bytes that came with it.
package struct Envelope<Message: Sendable>: Sendable {
    package var message: Message
    package var session: UInt64
    package var sequence: UInt64
    package var blobs: [[UInt8]]

    package init(message: Message, session: UInt64, sequence: UInt64, blobs: [[UInt8]] = []) {
        self.message = message
        self.session = session
        self.sequence = sequence
        self.blobs = blobs
    }
}

/// A message of one direction: its number and its body.
package protocol WireMessage: Sendable {
    var typeNumber: UInt16 { get }
    /// The protobuf body.
    func body() -> [UInt8]
    /// Total: any bytes give a message or an error, and allocate no more than a fixed multiple of their number.
    init(type: UInt16, body: [UInt8]) throws(DecodeError)
}

/// Messages as frames: header, body, then the blobs.
package enum MessageCodec {
    /// Frames of an envelope. What is beyond `Limits` is a mistake of this program: a peer would drop it.
    package static func encode(_ envelope: Envelope<some WireMessage>) -> [[UInt8]] {
        let body = envelope.message.body()
        precondition(body.count <= Limits.bodyByteCountMax, "a message of \(body.count) bytes is beyond the limit")
        precondition(
            envelope.blobs.count <= Limits.blobsMax
                && envelope.blobs.allSatisfy { $0.count <= Limits.frameByteCountMax },
            "\(envelope.blobs.count) blobs, or one of them, are beyond the limit")
        let header = Header(
            type: envelope.message.typeNumber, body: body, session: envelope.session, sequence: envelope.sequence)
        return [header.encoded, body] + envelope.blobs
    }

    /// The envelope of frames from outside: total, whatever the bytes.
    package static func decode<Message: WireMessage>(
        _ type: Message.Type = Message.self, frames: [[UInt8]]
    ) throws(DecodeError) -> Envelope<Message> {
        guard frames.count >= 2 else { throw .notAMessage }
        let header = try Header(decoding: frames[0])
        let body = frames[1]
        guard body.count <= Limits.bodyByteCountMax else { throw .limit("body") }
        guard frames.count - 2 <= Limits.blobsMax else { throw .limit("number of blobs") }
        guard frames[2...].allSatisfy({ $0.count <= Limits.frameByteCountMax }) else { throw .limit("blob") }
        guard Int(header.bodyByteCount) == body.count, header.matches(frames[0], body: body) else { throw .checksum }
        return Envelope(
            message: try Message(type: header.type, body: body), session: header.session,
            sequence: header.sequence, blobs: Array(frames[2...]))
    }
}

/// Parses a protobuf body.
func parse<Body: SwiftProtobuf.Message>(_ bytes: [UInt8]) throws(DecodeError) -> Body {
    do {
        return try Body(serializedBytes: bytes)
    } catch {
        throw .body
    }
}

/// Serialises a protobuf body. Bodies are built here from values that protobuf can express, so it cannot fail.
func serialize(_ body: some SwiftProtobuf.Message) -> [UInt8] {
    guard let bytes: [UInt8] = try? body.serializedBytes() else {
        preconditionFailure("a body that cannot be serialised: \(body)")
    }
    return bytes
}
