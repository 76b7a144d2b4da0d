import Foundation
import Glibc

/// Folders that come into being as a whole.
enum NewFolder {
    /// A path as it is without slashes at its end, which whoever completes it by a shell leaves there: a name beside the
    /// folder would else be one in it.
    static func path(_ path: String) -> String {
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        return String(path[...end])
    }

    /// Throws unless there is no such folder, or nothing in it and another can be renamed to it.
    static func check(_ path: String) throws(StorageError) {
        guard access(path, F_OK) == 0 else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path), names.isEmpty else {
            throw .notEmpty(folder: path)
        }
        // What lies on another device than the folder that it lies in is the root of a volume.
        var own = stat()
        var outer = stat()
        guard stat(path, &own) == 0, stat(DurableFile.parent(of: path), &outer) == 0, own.st_dev == outer.st_dev else {
            throw .mountPoint(folder: path)
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
