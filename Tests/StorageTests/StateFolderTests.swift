import Foundation
import Glibc
import Storage
import Testing

@Suite struct StateFolderTests {
    @Test("a folder is made with everything above it, for its owner alone")
    func creation() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder("a/b/state"))
        for name in ["blobs", "results"] {
            var isFolder: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: "\(state.path)/\(name)", isDirectory: &isFolder))
            #expect(isFolder.boolValue)
        }
        let permissions = try FileManager.default.attributesOfItem(atPath: state.path)[.posixPermissions] as? Int
        #expect(permissions == 0o700)
        #expect(try String(contentsOfFile: "\(state.path)/format", encoding: .utf8) == "tutti state 1\n")
    }

    @Test("who opens it second is told the folder and the holder's process id; afterwards it is free")
    func lock() throws {
        let folder = try TemporaryFolder()
        do {
            let state = try StateFolder(opening: folder.path)
            #expect(throws: StorageError.inUse(folder: folder.path, processID: getpid())) {
                _ = try StateFolder(opening: folder.path)
            }
            #expect(state.path == folder.path)
        }
        _ = try StateFolder(opening: folder.path)
    }

    @Test("the lock's descriptor is closed on exec, so that no child process holds the folder")
    func closeOnExec() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(opening: folder.path)
        let lock = URL(fileURLWithPath: "\(state.path)/lock").resolvingSymlinksInPath().path
        let descriptor = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == lock
            })
        // The line `flags:` is octal, with O_CLOEXEC among them (proc(5)).
        let flags = try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
            .split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
        let bits = try #require(flags.flatMap { Int32($0, radix: 8) })
        #expect(bits & O_CLOEXEC != 0)
    }

    /// Numbers of statfs(2): NFS_SUPER_MAGIC and so on.
    @Test(
        "network file systems are refused by name",
        arguments: [
            (0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB2"), (0x0BD0_0BD0, "Lustre"),
            (0x6573_5546, "FUSE"),
        ] as [(UInt32, String)])
    func networkFileSystems(kind: UInt32, name: String) throws {
        let folder = try TemporaryFolder()
        #expect(throws: StorageError.networkFileSystem(folder: folder.path, kind: name)) {
            _ = try StateFolder(opening: folder.path, fileSystemKind: { _ in kind })
        }
        #expect(!FileManager.default.fileExists(atPath: folder("lock")))
    }

    @Test(
        "local file systems are accepted: ext4, XFS, Btrfs, tmpfs, overlay",
        arguments: [
            0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630,
        ] as [UInt32])
    func localFileSystems(kind: UInt32) throws {
        let folder = try TemporaryFolder()
        _ = try StateFolder(opening: folder.path, fileSystemKind: { _ in kind })
    }

    @Test("the file system of /proc has the kernel's number for it; a path that is not there is an error")
    func fileSystemKind() throws {
        #expect(try StateFolder.fileSystemKind("/proc") == 0x9FA0)
        let folder = try TemporaryFolder()
        #expect(throws: StorageError.system(attempt: "ask for the file system of \(folder("none"))", code: ENOENT)) {
            _ = try StateFolder.fileSystemKind(folder("none"))
        }
    }

    @Test(
        "a folder of a later version is refused, and one that does not say its version",
        arguments: [
            ("tutti state 2\n", true), ("tutti state 1000\n", true), ("tutti state \n", false), ("", false),
            ("something else", false), ("tutti state 0\n", false),
        ])
    func format(text: String, isNewer: Bool) throws {
        let folder = try TemporaryFolder()
        try text.write(toFile: folder("format"), atomically: false, encoding: .utf8)
        let refusal: StorageError =
            isNewer ? .newer(folder: folder.path) : .unreadableFormat(folder: folder.path)
        #expect(throws: refusal) { _ = try StateFolder(opening: folder.path) }
        // The refusal has let go of the lock.
        try "tutti state 1\n".write(toFile: folder("format"), atomically: false, encoding: .utf8)
        _ = try StateFolder(opening: folder.path)
    }

    @Test("a path below a file is an error that names it")
    func belowFile() throws {
        let folder = try TemporaryFolder()
        try "".write(toFile: folder("file"), atomically: false, encoding: .utf8)
        let path = folder("file/state")
        let refused = #expect(throws: StorageError.self) { try StateFolder(opening: path) }
        #expect(refused.map { "\($0)".hasPrefix("the folder \(path) cannot be made: ") } == true)
        let refusal = StorageError.noFolder(folder: "/proc/state", code: ENOENT)
        #expect("\(refusal)".hasPrefix("the folder /proc/state cannot be made: No such file"))
    }

    @Test("errors are sentences with place and mend")
    func sentences() {
        #expect(
            "\(StorageError.inUse(folder: "/s", processID: 42))"
                == "the state folder /s is in use by process 42. Mend: stop that process, or name another folder.")
        #expect("\(StorageError.full(attempt: "write /s/x"))".contains("cannot write /s/x: the disk is full"))
        #expect("\(StorageError.damagedLedger(path: "/s/l", detail: "d"))".contains("/s/l is damaged (d). Mend: "))
        #expect("\(StorageError.system(attempt: "open /s", code: EACCES))" == "cannot open /s: Permission denied")
    }
}
