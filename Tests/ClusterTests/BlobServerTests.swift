import Cluster
import Storage
import Testing
import Wire

@Suite("blobs that workers ask for")
struct BlobServerTests {
    private let folder: TemporaryFolder
    private let blob: Blob
    private let server: BlobServer

    init() throws {
        folder = try TemporaryFolder()
        let store = try BlobStore(StateFolder(opening: folder.path))
        let bytes = (0..<100).map { UInt8($0) }
        blob = Blob(digest: Digest(hashing: bytes), bytes: bytes)
        try store.put(blob)
        server = BlobServer(store)
    }

    @Test("a part is what lies at its place, with the length of the whole")
    func parts() {
        for (offset, length, expected) in [(0, 40, 0..<40), (90, 40, 90..<100), (100, 40, 100..<100)] {
            let envelope = server.chunk(blob.digest, offset: offset, length: length, session: 7, sequence: 8)
            #expect(envelope.message == .chunk(digest: blob.digest, offset: offset, total: 100))
            #expect(envelope.blobs == [Array(blob.bytes[expected])])
            #expect(envelope.session == 7 && envelope.sequence == 8)
        }
    }

    @Test("what is not there is said to be missing")
    func missing() {
        let other = Digest(hashing: [1])
        #expect(server.chunk(other, offset: 0, length: 10, session: 1, sequence: 2).message == .missing(digest: other))
        #expect(
            server.chunk(blob.digest, offset: 101, length: 10, session: 1, sequence: 2).message
                == .missing(digest: blob.digest))
    }
}
