import Coordination
import Wire

import struct Crypto.SHA256

extension Digest {
    /// SHA-256 of `bytes` (FIPS 180-4).
    package init(hashing bytes: [UInt8]) {
        var builder = DigestBuilder()
        builder.append(bytes)
        self = builder.digest
    }
}

/// SHA-256 (FIPS 180-4) of bytes that come in pieces; where they were cut does not matter.
package struct DigestBuilder: RunningDigest {
    private var function = SHA256()

    package init() {}

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { function.update(bufferPointer: $0) }
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
            function.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { function.update(data: Array(bytes)) }
    }

    /// Of all bytes so far; more may follow.
    package var digest: Digest {
        guard let digest = Digest(bytes: function.finalize()) else {
            preconditionFailure("a SHA-256 digest has \(Digest.byteCount) bytes")
        }
        return digest
    }
}
