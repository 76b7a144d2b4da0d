import Foundation
import Storage
import Testing
import Wire

/// A file system of its own of 2 MiB, which only root can mount.
enum SmallDisk {
    static let canBeMounted: Bool = {
        guard let folder = try? TemporaryFolder(), mount(at: folder.path) else { return false }
        return unmount(folder.path)
    }()

    static func mount(at path: String) -> Bool {
        run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", path])
    }

    static func unmount(_ path: String) -> Bool { run("/bin/umount", [path]) }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Suite(.enabled(if: SmallDisk.canBeMounted, "a small tmpfs cannot be mounted here")) struct DiskFullTests {
    private func withSmallDisk(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try #require(SmallDisk.mount(at: folder.path))
        defer { #expect(SmallDisk.unmount(folder.path)) }
        try body(folder.path)
    }

    @Test("a full disk refuses a batch whole, and takes the same batch once there is room")
    func ledger() throws {
        try withSmallDisk { path throws in
            let ledger = try Ledger(StateFolder(opening: path))
            let ballast = "\(path)/ballast"
            #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 1_000_000)))
            var stored = 0
            var refusal: StorageError?
            while refusal == nil, stored < 10_000 {
                do throws(StorageError) {
                    try ledger.append(everyEntry(UInt64(stored), digest: digest(stored)))
                    stored += 1
                } catch {
                    refusal = error
                }
            }
            #expect(refusal?.isDiskFull == true)
            #expect(try ledger.entries() == (0..<stored).flatMap { everyEntry(UInt64($0), digest: digest($0)) })
            try FileManager.default.removeItem(atPath: ballast)
            try ledger.append(everyEntry(UInt64(stored), digest: digest(stored)))
            #expect(try ledger.entries().count == (stored + 1) * everyEntry(0, digest: digest(0)).count)
            #expect(try ledger.durability().synchronous == 2)
        }
    }

    @Test("a full disk refuses a blob, leaves nothing of it, and takes it once there is room")
    func blobs() throws {
        try withSmallDisk { path throws in
            let store = try BlobStore(StateFolder(opening: path))
            let bytes = [UInt8](repeating: 1, count: 1_500_000)
            let blob = Blob(digest: Digest(hashing: bytes), bytes: bytes)
            let ballast = "\(path)/ballast"
            #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 1_000_000)))
            let refusal = #expect(throws: StorageError.self) { try store.put(blob) }
            #expect(refusal?.isDiskFull == true)
            #expect(!store.contains(blob.digest))
            let names = try FileManager.default.subpathsOfDirectory(atPath: "\(path)/blobs")
            #expect(!names.contains { $0.hasSuffix(DurableFile.temporarySuffix) })
            try FileManager.default.removeItem(atPath: ballast)
            try store.put(blob)
            #expect(try store.bytes(of: blob.digest) == bytes)
        }
    }
}
