import Crypto
import Wire

extension Digest {
    /// SHA-256 of `bytes`.
    package init(hashing bytes: [UInt8]) {
        guard let digest = Digest(bytes: SHA256.hash(data: bytes)) else {
            preconditionFailure("SHA-256 gave no 32 bytes")
        }
        self = digest
    }
}
