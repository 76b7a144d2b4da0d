/// Why bytes are not a message.
package enum DecodeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Too few frames, or a first frame that is no header.
    case notAMessage
    case version(major: UInt8)
    case flags
    /// The body's length or checksum is not what the header says.
    case checksum
    case unknownType(UInt16)
    /// The body does not have the fields of its type.
    case body
    /// A count or a length is beyond `Limits`.
    case limit(String)

    package var description: String {
        switch self {
        case .notAMessage: "not a message of this protocol"
        case .version(let major): "protocol version \(major), this is version \(Header.major)"
        case .flags: "flags that this version does not know"
        case .checksum: "length or checksum does not match"
        case .unknownType(let type): "unknown message type \(type)"
        case .body: "a body without the fields of its type"
        case .limit(let what): "\(what) beyond the limit"
        }
    }

    /// Errors of one kind are logged once.
    package var kind: String {
        switch self {
        case .notAMessage: "not a message"
        case .version: "version"
        case .flags: "flags"
        case .checksum: "checksum"
        case .unknownType: "unknown type"
        case .body: "body"
        case .limit(let what): "limit of \(what)"
        }
    }
}
