import Glibc

/// A key or a token, its file or its folder, that cannot be used.
package struct KeyError: Error, Hashable, CustomStringConvertible {
    /// The file or folder.
    package let path: String
    package let problem: String
    package let mend: String

    package var description: String { "\(path): \(problem). Mend: \(mend)." }

    /// The error of the call that has just failed.
    static func lastSystemCall(_ path: String, _ problem: String) -> KeyError {
        let code = errno
        let mend =
            switch code {
            case ENOENT: "check the path"
            case EACCES, EPERM: "run this as the owner of the file and its folder"
            default: "check the disk and the path"
            }
        return KeyError(path: path, problem: "\(problem): \(String(cString: strerror(code)))", mend: mend)
    }
}
