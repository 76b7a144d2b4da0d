import Glibc

/// What a disk, a folder or the ledger refused.
package enum StorageError: Error, CustomStringConvertible {
    /// A system call failed.
    case system(attempt: String, code: Int32)
    /// There is no room; the same write may be tried again.
    case full
    case inUse(folder: String, processID: String)
    case networkFileSystem(folder: String, kind: String)
    /// Written by a later version.
    case newer(folder: String)
    /// Bytes that do not have the digest they are stored under.
    case damagedBlob(String)
    case damagedLedger(path: String, detail: String)
    case ledger(String)

    package var isDiskFull: Bool {
        switch self {
        case .full: true
        case .system(_, let code): code == ENOSPC || code == EDQUOT
        default: false
        }
    }

    package var description: String {
        switch self {
        case .system(let attempt, let code): "cannot \(attempt): \(String(cString: strerror(code)))"
        case .full: "the disk is full"
        case .inUse(let folder, let processID):
            "the state folder \(folder) is in use by process \(processID). Mend: stop it, or name another folder."
        case .networkFileSystem(let folder, let kind):
            "the state folder \(folder) lies on \(kind), where a write may be lost. Mend: name a folder on a local disk."
        case .newer(let folder):
            "the state folder \(folder) was written by a later version. Mend: run that version, or name another folder."
        case .damagedBlob(let digest): "the blob \(digest) is damaged"
        case .damagedLedger(let path, let detail):
            "the ledger \(path) is damaged (\(detail)). Mend: restore it from a backup, or name another state folder."
        case .ledger(let text): "the ledger failed: \(text)"
        }
    }
}
