import CZeroMQ
import Glibc

/// A public key of CURVE (RFC 26): who holds the secret key beside it can prove so, and nobody else.
package struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
    /// 40 characters of Z85 (RFC 32).
    package let description: String

    /// Nil when the text is no key.
    package init?(_ text: String) {
        guard CurveText.isKey(text) else { return nil }
        description = text
    }

    /// - Parameter bytes: 32 of them.
    init?(bytes: [UInt8]) {
        guard bytes.count == CurveText.byteCount else { return nil }
        var text = [CChar](repeating: 0, count: CurveText.characterCount + 1)
        guard zmq_z85_encode(&text, bytes, bytes.count) != nil else { return nil }
        description = CurveText.string(text)
    }
}

/// A secret key of CURVE. It is printed nowhere: whatever describes or reflects it sees two words.
package struct CurveSecretKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// 40 characters of Z85, for its own file and for nothing else.
    package let text: String

    /// Nil when the text is no key.
    package init?(_ text: String) {
        guard CurveText.isKey(text) else { return nil }
        self.text = text
    }

    package var description: String { "secret key" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The public key that belongs to it.
    package var publicKey: CurvePublicKey {
        get throws(ZeroMQError) {
            try CurveText.requireCurve()
            var key = [CChar](repeating: 0, count: CurveText.characterCount + 1)
            guard zmq_curve_public(&key, text) == 0, let publicKey = CurvePublicKey(CurveText.string(key)) else {
                throw ZeroMQError("compute a public key")
            }
            return publicKey
        }
    }

    /// A new key, from the system's source of randomness.
    package static func random() throws(ZeroMQError) -> CurveSecretKey {
        try CurveText.requireCurve()
        var publicKey = [CChar](repeating: 0, count: CurveText.characterCount + 1)
        var secretKey = publicKey
        guard zmq_curve_keypair(&publicKey, &secretKey) == 0, let key = CurveSecretKey(CurveText.string(secretKey))
        else { throw ZeroMQError("make a key") }
        return key
    }
}

/// Keys as text.
enum CurveText {
    static let byteCount = 32
    /// Five characters of Z85 hold four bytes.
    static let characterCount = 40

    static func isKey(_ text: String) -> Bool {
        // The library reads up to a zero byte.
        guard text.utf8.count == characterCount, !text.utf8.contains(0) else { return false }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        return zmq_z85_decode(&bytes, text) != nil
    }

    static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Some builds of the library cannot encrypt.
    static func requireCurve() throws(ZeroMQError) {
        guard zmq_has("curve") != 0 else {
            throw ZeroMQError(
                code: ENOTSUP, attempt: "use keys", reason: "this build of libzmq has no CURVE; one with libsodium has")
        }
    }
}
