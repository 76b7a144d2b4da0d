import Foundation
import Glibc
import Wire

/// Copies of files that are durable and whose bytes are known.
enum FileCopy {
    private static let pieceByteCount = 1 << 20

    /// Makes the folders on the way. Durable when it returns, but for its name.
    /// - Returns: nil when there is no such file.
    static func copy(_ path: String, to target: String) throws(StorageError) -> (digest: Digest, byteCount: Int)? {
        guard let source = FileHandle(forReadingAtPath: path) else {
            guard errno == ENOENT else { throw .lastSystemCall("open \(path)") }
            return nil
        }
        defer { try? source.close() }
        try makeFolder(DurableFile.parent(of: target))
        let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .lastSystemCall("create \(target)") }
        defer { close(file) }
        var builder = DigestBuilder()
        var count = 0
        while true {
            let piece: Data
            do {
                piece = try source.read(upToCount: pieceByteCount) ?? Data()
            } catch {
                throw .lastSystemCall("read \(path)")
            }
            if piece.isEmpty { break }
            builder.append(piece)
            try DurableFile.writeAll(Array(piece), to: file, at: count, path: target)
            count += piece.count
        }
        try DurableFile.sync(file, path: target)
        return (builder.digest, count)
    }

    static func byteCount(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    static func sync(_ path: String) throws(StorageError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .lastSystemCall("open \(path)") }
        defer { close(file) }
        try DurableFile.sync(file, path: path)
    }

    /// Makes the names of files and of the folders between them and `root` durable.
    static func syncFolders(of files: [String], upTo root: String) throws(StorageError) {
        var folders: Set<String> = [root]
        for file in files {
            var folder = DurableFile.parent(of: file)
            while folder.count > root.count, folders.insert(folder).inserted { folder = DurableFile.parent(of: folder) }
        }
        for folder in folders.sorted(by: >) { try DurableFile.syncFolder(folder) }
    }

    private static func makeFolder(_ path: String) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .noFolder(path, code: errno)
        }
    }
}
