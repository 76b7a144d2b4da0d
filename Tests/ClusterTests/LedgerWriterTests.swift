import Cluster
import Coordination
import Storage
import Synchronization
import Testing
import Wire

@Suite("the ledger's writer") struct LedgerWriterTests {
    private let folder: TemporaryFolder
    private let store: BlobStore
    private let ledger = MemoryLedger()

    init() throws {
        folder = try TemporaryFolder()
        store = try BlobStore(StateFolder(opening: folder.path + "/state"), rows: ledger)
    }

    private func blob(_ value: UInt8, count: Int) -> Blob {
        let bytes = [UInt8](repeating: value, count: count)
        return Blob(digest: Digest(hashing: bytes), bytes: bytes)
    }

    private func entry(_ number: Int) -> LedgerEntry {
        .taskFailed(TaskID(job: JobID(1), index: UInt32(number)), text: "\(number)")
    }

    @Test(
        "stores small blobs in rows and large ones in files, and neither when they are released",
        .timeLimit(.minutes(5)))
    func kinds() throws {
        let told = Mutex<[Ticket]>([])
        let writer = LedgerWriter(
            ledger: ledger, blobStore: store, onStored: { tickets in told.withLock { $0 += tickets } },
            onDamaged: { _, _ in }, onFull: { _ in }, onFailure: { Issue.record("\($0)") })
        let small = (0..<300).map { blob(UInt8($0 % 250), count: 1000 + $0) }
        let large = blob(1, count: BlobStore.rowByteCountMax + 1)
        let passing = [blob(2, count: 50), blob(2, count: BlobStore.rowByteCountMax + 2)]
        for (number, blob) in small.enumerated() {
            let blobs = number == 7 ? [blob, large] + passing : [blob]
            writer.append(.entry(entry(number), blobs: blobs, Ticket(UInt64(number + 1))))
        }
        for blob in passing { writer.append(.release(blob.digest)) }
        writer.stop()
        #expect(told.withLock { $0 } == (1...300).map { Ticket(UInt64($0)) })
        #expect(ledger.entries() == small.indices.map(entry))
        for blob in small { #expect(ledger.row(blob.digest, from: 0, count: .max) == blob.bytes) }
        #expect(ledger.rowByteCount(large.digest) == nil)
        #expect(try store.bytes(of: large.digest) == large.bytes)
        for blob in passing { #expect(!store.contains(blob.digest)) }
    }

    @Test("puts again what was released and has come once more", .timeLimit(.minutes(5)))
    func again() throws {
        let writer = LedgerWriter(
            ledger: ledger, blobStore: store, onStored: { _ in }, onDamaged: { _, _ in }, onFull: { _ in },
            onFailure: { Issue.record("\($0)") })
        let blobs = [blob(1, count: 10), blob(2, count: BlobStore.rowByteCountMax + 1)]
        writer.append(.entry(entry(1), blobs: blobs, Ticket(1)))
        for blob in blobs { writer.append(.release(blob.digest)) }
        writer.append(.entry(entry(2), blobs: blobs, Ticket(2)))
        writer.stop()
        for blob in blobs { #expect(try store.bytes(of: blob.digest) == blob.bytes) }
    }
}
