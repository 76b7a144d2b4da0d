import Storage
import Testing
import Wire

@Suite struct DigestTests {
    /// FIPS 180-4 examples by NIST: the empty message, `abc`, one of 448 bits, one of 896, and a million times `a`.
    private static let examples: [(text: String, count: Int, expected: String)] = [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test("SHA-256 gives the published digests, of the whole and in pieces", arguments: examples)
    func published(text: String, count: Int, expected: String) {
        let bytes = (0..<count).flatMap { _ in Array(text.utf8) }
        #expect(Digest(hashing: bytes).description == expected)
        for size in [1, 63, 64, 65, 1000] {
            var builder = DigestBuilder()
            for start in stride(from: 0, to: bytes.count, by: size) {
                builder.append(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(builder.digest.description == expected)
        }
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

    @Test("after it has been finished a builder begins anew")
    func finishing() {
        var builder = DigestBuilder()
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        for record: [UInt8] in [[1], [], [2, 3]] {
            let expected = Digest(hashing: bytes + record)
            builder.append(bytes)
            builder.append(record)
            builder.finish(into: &bytes)
            #expect(bytes == expected.bytes)
        }
        #expect(builder.digest == Digest(hashing: []))
    }

    @Test("a copy of a builder and the builder go on apart")
    func copies() {
        var first = DigestBuilder()
        first.append([1])
        var second = first
        var third = first
        first.append([2])
        second.append([3])
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        third.finish(into: &bytes)
        #expect(first.digest == Digest(hashing: [1, 2]))
        #expect(second.digest == Digest(hashing: [1, 3]))
        #expect(bytes == Digest(hashing: [1]).bytes)
    }

    @Test("threads may hash at the same time")
    func threads() async {
        let expected = (0..<64).map { Digest(hashing: [UInt8($0)]) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<64).allSatisfy { Digest(hashing: [UInt8($0)]) == expected[$0] } }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
