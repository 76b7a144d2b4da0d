import Glibc

/// What a disk, a folder or the ledger refused.
package enum StorageError: Error, Hashable {
    /// There is no room; what was attempted has left no trace and may be tried again.
    case full(attempt: String)
    /// A system call failed.
    case system(attempt: String, code: Int32)
    /// A folder cannot be made.
    case noFolder(folder: String, code: Int32)
    /// Another process has the state folder open.
    case inUse(folder: String, processID: Int32?)
    case networkFileSystem(folder: String, kind: String)
    /// Written by a later version of the program.
    case newer(folder: String)
    /// Written by an earlier version, and not brought up to date by a coordinator yet.
    case older(folder: String)
    /// There is no ledger in it.
    case noState(folder: String)
    /// Something is in a folder that is to be made.
    case notEmpty(folder: String)
    /// A folder that is to be made is where a volume is mounted: none can be renamed to it.
    case mountPoint(folder: String)
    case damagedBackup(folder: String, detail: String)
    /// The folder's version cannot be read.
    case unreadableFormat(folder: String)
    /// Bytes that do not have the digest they are stored under.
    case damagedBlob(path: String)
    case damagedLedger(path: String, detail: String)
    /// The database refused for another reason.
    case ledger(path: String, detail: String)

    /// The failure of the system call made last on this thread.
    package static func lastSystemCall(_ attempt: String) -> StorageError {
        let code = errno
        return code == ENOSPC || code == EDQUOT ? .full(attempt: attempt) : .system(attempt: attempt, code: code)
    }

    /// A folder could not be made, for the reason that a system call gave.
    static func noFolder(_ folder: String, code: Int32) -> StorageError {
        code == ENOSPC || code == EDQUOT
            ? .full(attempt: "make the folder \(folder)") : .noFolder(folder: folder, code: code)
    }

    /// The same write may succeed later. Every other failure is final: what is on disk is then unknown, and opening
    /// the folder anew is the way back.
    package var isDiskFull: Bool {
        if case .full = self { true } else { false }
    }
}

extension StorageError: CustomStringConvertible {
    /// A sentence with place and mend.
    package var description: String {
        switch self {
        case .full(let attempt):
            "cannot \(attempt): the disk is full. Mend: free some space on it."
        case .system(let attempt, let code):
            "cannot \(attempt): \(String(cString: strerror(code)))"
        case .noFolder(let folder, let code):
            "the folder \(folder) cannot be made: \(String(cString: strerror(code))). "
                + "Mend: name a folder in a place where you may write."
        case .inUse(let folder, let processID):
            "the state folder \(folder) is in use by \(processID.map { "process \($0)" } ?? "another process"). "
                + "Mend: stop that process, or name another folder."
        case .networkFileSystem(let folder, let kind):
            "the state folder \(folder) lies on a network file system (\(kind)), which may lose what it has confirmed. "
                + "Mend: name a folder on a local disk."
        case .newer(let folder):
            "the state folder \(folder) was written by a later version of tutti. "
                + "Mend: run that version, or name another folder."
        case .older(let folder):
            "the state folder \(folder) was written by an earlier version of tutti. "
                + "Mend: start a coordinator of this version on it once."
        case .noState(let folder):
            "the folder \(folder) holds no ledger. Mend: name the state folder of a coordinator, or a backup of one."
        case .notEmpty(let folder):
            "the folder \(folder) is not empty. Mend: name one that is not there yet."
        case .mountPoint(let folder):
            "a volume is mounted at \(folder), which no folder can take the place of. Mend: name one below it."
        case .damagedBackup(let folder, let detail):
            "the backup \(folder) cannot be used: \(detail). Mend: name another backup."
        case .unreadableFormat(let folder):
            "the file \(folder)/format does not say which version wrote the state folder. "
                + "Mend: restore the folder from a backup, or name another folder."
        case .damagedBlob(let path):
            "the blob \(path) is damaged: its bytes do not have the digest in its name"
        case .damagedLedger(let path, let detail):
            "the ledger \(path) is damaged (\(detail)). "
                + "Mend: restore the folder from a backup, or name another folder."
        case .ledger(let path, let detail):
            "the ledger \(path) failed: \(detail)"
        }
    }
}
