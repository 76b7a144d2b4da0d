import Foundation
import Glibc

/// Folders that come into being as a whole.
enum NewFolder {
    /// Throws unless there is no such folder, or nothing in it.
    static func check(_ path: String) throws(StorageError) {
        guard access(path, F_OK) == 0 else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path), names.isEmpty else {
            throw .notEmpty(folder: path)
        }
    }

    /// Makes an empty folder; what an earlier, interrupted turn left under the name goes.
    static func make(_ path: String) throws(StorageError) {
        try remove(path)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .noFolder(path, code: errno)
        }
    }

    static func remove(_ path: String) throws(StorageError) {
        guard access(path, F_OK) == 0 else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .lastSystemCall("remove \(path)")
        }
    }

    /// Gives the folder its name, durably; an empty folder of that name is replaced.
    static func rename(_ path: String, to target: String) throws(StorageError) {
        guard Glibc.rename(path, target) == 0 else { throw .lastSystemCall("rename \(path) to \(target)") }
        try DurableFile.syncFolder(DurableFile.parent(of: target))
    }
}
