import Coordination
import Foundation
import Storage
import Testing
import Wire

@Suite("blobs that come in parts") struct ArrivingBlobsTests {
    private let folder: TemporaryFolder
    private let state: StateFolder
    private let attempt = AttemptID(task: TaskID(job: JobID(1), index: 2), epoch: 3)
    private let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    init() throws {
        folder = try TemporaryFolder()
        state = try StateFolder(opening: folder.path)
    }

    private func part(_ range: Range<Int>, of bytes: [UInt8], named digest: Digest) -> BlobPart {
        BlobPart(
            attempt: attempt, digest: digest, offset: range.lowerBound, total: bytes.count, bytes: Array(bytes[range]))
    }

    private func filesInArrival() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: state.blobs + "/arriving")) ?? []
    }

    @Test("have their name when the last part is there, and not before; a part may come twice")
    func whole() throws {
        let store = try BlobStore(state)
        var arriving = ArrivingBlobs(store)
        let digest = Digest(hashing: bytes)
        for range in [0..<400, 0..<400, 400..<900] {
            #expect(try arriving.keep(part(range, of: bytes, named: digest)))
            #expect(!store.contains(digest))
        }
        #expect(try arriving.keep(part(900..<1000, of: bytes, named: digest)))
        #expect(try store.bytes(of: digest) == bytes)
        #expect(filesInArrival().isEmpty)
        // A batch that found the disk full after this part is tried again as a whole.
        #expect(try arriving.keep(part(900..<1000, of: bytes, named: digest)))
    }

    @Test("may come in parts of other sizes the second time, and end as they are")
    func overlapping() throws {
        let store = try BlobStore(state)
        var arriving = ArrivingBlobs(store)
        let digest = Digest(hashing: bytes)
        for range in [0..<400, 0..<300, 300..<700, 0..<500, 500..<1000] {
            #expect(try arriving.keep(part(range, of: bytes, named: digest)))
        }
        #expect(try store.bytes(of: digest) == bytes)
        // One that does not continue what there is leaves nothing.
        let others = Array(bytes.reversed())
        let gap = Digest(hashing: others)
        #expect(try arriving.keep(part(0..<400, of: others, named: gap)))
        #expect(!(try arriving.keep(part(500..<1000, of: others, named: gap))))
        #expect(filesInArrival().isEmpty)
    }

    @Test("leave nothing when they are not what their digest says, when they are dropped, or another begins")
    func rubbish() throws {
        let store = try BlobStore(state)
        var arriving = ArrivingBlobs(store)
        let wrong = digest(7)
        #expect(try arriving.keep(part(0..<400, of: bytes, named: wrong)))
        #expect(!(try arriving.keep(part(400..<1000, of: bytes, named: wrong))))
        #expect(!store.contains(wrong) && filesInArrival().isEmpty)
        #expect(!(try arriving.keep(part(400..<1000, of: bytes, named: wrong))))

        #expect(try arriving.keep(part(0..<400, of: bytes, named: wrong)))
        #expect(filesInArrival().count == 1)
        try arriving.discard(attempt)
        #expect(filesInArrival().isEmpty)

        #expect(try arriving.keep(part(0..<400, of: bytes, named: wrong)))
        let others = Array(bytes.reversed())
        let digest = Digest(hashing: others)
        #expect(try arriving.keep(part(0..<1000, of: others, named: digest)))
        #expect(try store.bytes(of: digest) == others)
        #expect(filesInArrival().isEmpty)
    }

    @Test("that a crash cut short are removed at the next start")
    func crash() throws {
        do {
            var arriving = ArrivingBlobs(try BlobStore(state))
            #expect(try arriving.keep(part(0..<400, of: bytes, named: Digest(hashing: bytes))))
            #expect(filesInArrival().count == 1)
        }
        let store = try BlobStore(state)
        #expect(filesInArrival().isEmpty)
        #expect(!store.contains(Digest(hashing: bytes)))
    }

    @Test("that nothing needs are removed, and may be stored again")
    func removal() throws {
        let store = try BlobStore(state)
        let blob = Blob(digest: Digest(hashing: bytes), bytes: bytes)
        try store.put(blob)
        try store.removeFile(blob.digest)
        try store.removeFile(blob.digest)
        #expect(!store.contains(blob.digest))
        try store.put(blob)
        #expect(try store.bytes(of: blob.digest) == bytes)
    }
}
