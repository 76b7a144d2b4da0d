import Storage
import Wire

/// What the holder of a token may do with the HTTP API.
package enum TokenRole: String, CaseIterable, Hashable, Sendable {
    /// May look at its project's jobs and fetch their results.
    case observer
    /// May also submit to its project and cancel there.
    case submitter
    /// May do everything, in all projects.
    case `operator`
}

/// A token as the coordinator knows it: by its digest, never by its text.
///
/// A plain SHA-256 is right here: a password has few bits and needs a slow, salted function against guessing; a token
/// has 256 random bits, and nobody guesses those.
package struct NamedToken: Hashable, Sendable {
    /// What it is called in logs and lists.
    package let name: String
    package let role: TokenRole
    /// Whose jobs its holder sees; of an operator, where its submissions go.
    package let project: String
    let digest: Digest

    package init(name: String, role: TokenRole, project: String, text: String) {
        self.init(name: name, role: role, project: project, digest: Self.digest(of: text))
    }

    init(name: String, role: TokenRole, project: String, digest: Digest) {
        self.name = name
        self.role = role
        self.project = project
        self.digest = digest
    }

    static func digest(of text: String) -> Digest { Digest(hashing: Array(text.utf8)) }
}

/// The text of a token, which its holder shows: `tutti_` and 256 random bits in 43 characters of base64url.
package enum TokenText {
    private static let prefix = "tutti_"
    private static let byteCount = 32

    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return prefix + base64URL(bytes)
    }

    /// RFC 4648, section 5, without padding.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        var pending: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(pending >> UInt32(bitCount) & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(pending << UInt32(6 - bitCount) & 63)]) }
        return text
    }
}
