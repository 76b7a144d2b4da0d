import Storage
import Testing
import Wire

@Suite struct DigestTests {
    /// FIPS 180-4 examples by NIST: the empty message, `abc`, and a million times `a`.
    @Test(
        "SHA-256 gives the published digests",
        arguments: [
            ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func published(text: String, count: Int, expected: String) {
        let bytes = (0..<count).flatMap { _ in Array(text.utf8) }
        #expect(Digest(hashing: bytes).description == expected)
    }

    @Test("pieces give the digest of the whole, wherever they are cut and whatever kind of sequence they are")
    func pieces() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = Digest(hashing: bytes)
        for cut in [0, 1, 63, 64, 65, 128, 299, 300] {
            var builder = DigestBuilder()
            builder.append(bytes[..<cut])
            #expect(builder.digest == Digest(hashing: Array(bytes[..<cut])))
            builder.append(bytes[cut...].lazy.map { $0 })
            #expect(builder.digest == whole)
        }
    }
}
