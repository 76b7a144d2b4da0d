import Foundation
import Storage
import Synchronization
import Testing
import Wire

@Suite struct BlobStoreTests {
    private func blob(_ bytes: [UInt8]) -> Blob { Blob(digest: Digest(hashing: bytes), bytes: bytes) }

    private func file(of blob: Blob, in state: StateFolder) -> String {
        let name = blob.digest.description
        return "\(state.blobs)/\(name.prefix(2))/\(name)"
    }

    @Test("bytes come back under their digest, also from a store opened anew", arguments: [0, 1, 1000, 3_000_000])
    func roundTrip(byteCount: Int) throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let blob = blob((0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let store = try BlobStore(state)
        #expect(!store.contains(blob.digest))
        #expect(try store.bytes(of: blob.digest) == nil)
        #expect(store.byteCount(of: blob.digest) == nil)
        try store.put(blob)
        try store.put(blob)
        for store in [store, try BlobStore(state)] {
            #expect(store.contains(blob.digest))
            #expect(store.byteCount(of: blob.digest) == byteCount)
            #expect(try store.bytes(of: blob.digest) == blob.bytes)
        }
    }

    @Test("a part is what lies at its place, shorter at the end, empty behind it")
    func parts() throws {
        let folder = try TemporaryFolder()
        let store = try BlobStore(StateFolder(opening: folder.path))
        let blob = blob((0..<100).map { UInt8($0) })
        try store.put(blob)
        #expect(try store.bytes(of: blob.digest, from: 10, count: 5) == [10, 11, 12, 13, 14])
        #expect(try store.bytes(of: blob.digest, from: 98, count: 5) == [98, 99])
        #expect(try store.bytes(of: blob.digest, from: 100, count: 5) == [])
        #expect(try store.bytes(of: blob.digest, from: 1000, count: 5) == [])
        #expect(try store.bytes(of: digest(0), from: 0, count: 5) == nil)
    }

    @Test("a flipped bit and a cut are errors that name the file", arguments: [true, false])
    func damage(flips: Bool) throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let store = try BlobStore(state)
        let blob = blob([UInt8](repeating: 7, count: 1000))
        try store.put(blob)
        let path = file(of: blob, in: state)
        var bytes = blob.bytes
        if flips { bytes[500] ^= 1 } else { bytes.removeLast() }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(throws: StorageError.damagedBlob(path: path)) { try store.bytes(of: blob.digest) }
        // The same content sent again mends it.
        try store.put(blob)
        #expect(try store.bytes(of: blob.digest) == blob.bytes)
    }

    @Test("what a crash left half-written is never read and is removed at open; whole blobs stay")
    func halfWritten() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let whole = blob([1, 2, 3])
        let torn = blob([4, 5, 6])
        let store = try BlobStore(state)
        try store.put(whole)
        let path = file(of: torn, in: state)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let temporary = "\(path).12345-1\(DurableFile.temporarySuffix)"
        try Data([4]).write(to: URL(fileURLWithPath: temporary))
        #expect(try store.bytes(of: torn.digest) == nil)
        let reopened = try BlobStore(state)
        #expect(!FileManager.default.fileExists(atPath: temporary))
        #expect(try reopened.bytes(of: torn.digest) == nil)
        #expect(try reopened.bytes(of: whole.digest) == whole.bytes)
        try reopened.put(torn)
        #expect(try reopened.bytes(of: torn.digest) == torn.bytes)
    }

    @Test("writing leaves no temporary file, also when it cannot end")
    func noRubbish() throws {
        let folder = try TemporaryFolder()
        // A folder that is not empty cannot be replaced by a file.
        try FileManager.default.createDirectory(atPath: folder("taken/x"), withIntermediateDirectories: true)
        #expect(throws: StorageError.self) { try DurableFile.write([1], to: folder("taken")) }
        try DurableFile.write([1], to: folder("file"))
        try DurableFile.write([2, 3], to: folder("file"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["file", "taken"])
        #expect(FileManager.default.contents(atPath: folder("file")) == Data([2, 3]))
    }

    @Test("several threads may put the same blob at once")
    func concurrentWriters() throws {
        let folder = try TemporaryFolder()
        let store = try BlobStore(StateFolder(opening: folder.path))
        let blobs = (0..<5).map { blob([UInt8](repeating: $0, count: 100_000)) }
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 40) { turn in
            do {
                try store.put(blobs[turn % 5])
                if try store.bytes(of: blobs[turn % 5].digest) != blobs[turn % 5].bytes {
                    failures.withLock { $0.append("turn \(turn) reads something else") }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder("blobs")).filter { $0.contains("/") }
        #expect(names.count == 5)
    }

    @Test("many at once are all there, those of before and damaged ones too, and leave no temporary file")
    func many() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let store = try BlobStore(state)
        let blobs = (0..<150).map { blob([UInt8](repeating: UInt8($0), count: 1000 + $0)) }
        try store.put(blobs[3])
        try Data([1]).write(to: URL(fileURLWithPath: file(of: blobs[3], in: state)))
        try store.put(blobs[4])
        try store.put(blobs)
        for blob in blobs { #expect(try store.bytes(of: blob.digest) == blob.bytes) }
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder("blobs")).filter { $0.contains("/") }
        #expect(names.count == 150)
    }

    @Test("only what nobody refers to is removed")
    func removal() throws {
        let folder = try TemporaryFolder()
        let store = try BlobStore(StateFolder(opening: folder.path))
        let blobs = (0..<10).map { blob([$0]) }
        for blob in blobs { try store.put(blob) }
        let kept = Set(blobs.prefix(4).map(\.digest))
        #expect(try store.removeAll(except: kept) == 6)
        for (index, blob) in blobs.enumerated() { #expect(store.contains(blob.digest) == (index < 4)) }
        #expect(try store.removeAll(except: kept) == 0)
        try store.put(blobs[9])
        #expect(try store.bytes(of: blobs[9].digest) == blobs[9].bytes)
    }
}
