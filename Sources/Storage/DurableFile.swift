import Glibc
import Synchronization

/// Files that survive a power loss once a call has returned.
package enum DurableFile {
    /// Ends the name of a file that is being written; after a crash such files are rubbish.
    package static let temporarySuffix = ".part"

    private static let writes = Atomic<UInt64>(0)

    /// Writes `bytes` under a temporary name in the same folder, makes them durable, renames, and makes the name
    /// durable. A crash leaves the old file or the new one. Concurrent writers of one path do not disturb each other.
    package static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        _ = try write([(bytes, path)])
    }

    /// The same for many files, with their flushes behind one another, since the second finds done most of what the
    /// first has waited for, and one for each folder. Each file is old or new after a crash; of several, some may be
    /// old and some new.
    /// - Returns: the folders whose names are durable now.
    static func write(_ files: [(bytes: [UInt8], path: String)]) throws(StorageError) -> Set<String> {
        var open: [(file: Int32, temporary: String, path: String)] = []
        do throws(StorageError) {
            defer { for file in open { close(file.file) } }
            for (bytes, path) in files {
                let temporary = temporaryPath(path)
                let file = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
                guard file >= 0 else { throw .lastSystemCall("create \(temporary)") }
                open.append((file, temporary, path))
                try writeAll(bytes, to: file, path: temporary)
            }
            for file in open { try sync(file.file, path: file.temporary) }
            for file in open {
                guard rename(file.temporary, file.path) == 0 else {
                    throw .lastSystemCall("rename \(file.temporary) to \(file.path)")
                }
            }
        } catch {
            // Those that have their names already stay: they are whole.
            for file in open { unlink(file.temporary) }
            throw error
        }
        let folders = Set(files.map { parent(of: $0.path) })
        for folder in folders.sorted() { try syncFolder(folder) }
        return folders
    }

    private static func temporaryPath(_ path: String) -> String {
        "\(path).\(getpid())-\(writes.add(1, ordering: .relaxed).newValue)\(temporarySuffix)"
    }

    /// Makes the names in a folder durable.
    package static func syncFolder(_ path: String) throws(StorageError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .lastSystemCall("open \(path)") }
        defer { close(folder) }
        try sync(folder, path: path)
    }

    /// The folder that holds `path`.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Writes from `place` of the file on.
    static func writeAll(_ bytes: [UInt8], to file: Int32, at place: Int = 0, path: String) throws(StorageError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                pwrite(file, $0.baseAddress, $0.count, off_t(place + offset))
            }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw .lastSystemCall("write \(path)")
            }
        }
    }

    /// A failed fsync is final whatever its code: the kernel may have dropped the pages and would call the next one
    /// a success.
    static func sync(_ file: Int32, path: String) throws(StorageError) {
        guard fsync(file) == 0 else { throw .system(attempt: "make \(path) durable", code: errno) }
    }
}
