import COpenSSL
import Coordination
import Foundation
import Wire

extension Digest {
    /// SHA-256 of `bytes` (FIPS 180-4).
    package init(hashing bytes: [UInt8]) {
        let digest = [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { buffer, count in
            let isHashed = bytes.withUnsafeBytes {
                EVP_Digest($0.baseAddress, $0.count, buffer.baseAddress, nil, SHA256.function, nil)
            }
            precondition(isHashed == 1, "libcrypto has no memory to hash with")
            count = Digest.byteCount
        }
        self.init(checked: digest)
    }

    /// The same of bytes that may lie in a mapped file.
    package init(hashing data: Data) {
        var builder = DigestBuilder()
        builder.append(data)
        self = builder.digest
    }

    /// The same of a file, read where it is mapped.
    package init(ofFile path: String) throws {
        self.init(hashing: try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
    }

    fileprivate init(checked bytes: [UInt8]) {
        guard let digest = Digest(bytes: bytes) else {
            preconditionFailure("a SHA-256 digest has \(Digest.byteCount) bytes")
        }
        self = digest
    }
}

/// SHA-256 (FIPS 180-4) of bytes that come in pieces; where they were cut does not matter.
package struct DigestBuilder: RunningDigest {
    private var state = SHA256()

    package init() {}

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
        if isContiguous == nil { append(Array(bytes)) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if !isKnownUniquelyReferenced(&state) { state = SHA256(copying: state) }
        state.update(bytes)
    }

    /// Of all bytes so far; more may follow.
    package var digest: Digest {
        var copy = self
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        copy.finish(into: &bytes)
        return Digest(checked: bytes)
    }

    /// Writes the digest of all bytes so far over the 32 of `bytes`, and begins anew. Asks for no memory.
    package mutating func finish(into bytes: inout [UInt8]) {
        precondition(bytes.count == Digest.byteCount, "a SHA-256 digest has \(Digest.byteCount) bytes")
        if !isKnownUniquelyReferenced(&state) { state = SHA256(copying: state) }
        bytes.withUnsafeMutableBufferPointer { state.finish(into: $0.baseAddress!) }
    }
}

/// A state of libcrypto's SHA-256. Its holder changes it only while nobody else has it.
private final class SHA256: @unchecked Sendable {
    /// Looked up once: that takes longer than hashing a draw does. In a context of the library's that is ours alone, where
    /// no configuration of the machine's has a say. Without the library's handler at exit, which would take away what
    /// threads still use. The library reads it only.
    nonisolated(unsafe) static let function: OpaquePointer = {
        guard OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1, let library = OSSL_LIB_CTX_new(),
            let function = EVP_MD_fetch(library, "SHA256", nil)
        else { fatalError("libcrypto has no SHA-256 here. Mend: install OpenSSL 3 whole, with its default provider") }
        return function
    }()

    private let context: OpaquePointer

    init() {
        context = Self.makeContext()
        precondition(EVP_DigestInit_ex2(context, Self.function, nil) == 1, "libcrypto cannot begin a SHA-256")
    }

    init(copying other: SHA256) {
        context = Self.makeContext()
        precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "libcrypto cannot copy a SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "libcrypto cannot hash")
    }

    /// Begins anew.
    func finish(into digest: UnsafeMutablePointer<UInt8>) {
        precondition(
            EVP_DigestFinal_ex(context, digest, nil) == 1 && EVP_DigestInit_ex2(context, nil, nil) == 1,
            "libcrypto cannot end a SHA-256")
    }

    private static func makeContext() -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto has no memory to hash with") }
        return context
    }
}
