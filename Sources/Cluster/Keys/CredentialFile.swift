import Foundation
import Glibc
import Storage

/// Files of one key or token each, and their folders: a first line that says what the file is, then `field: value` lines.
enum CredentialFile {
    /// Far more than such a file has.
    private static let byteCountMax = 4096
    private static let nameLengthMax = 64

    // MARK: Names

    /// What a name may be, for people.
    static let form = "letters, digits, '.', '_' and '-', \(nameLengthMax) at most"

    /// The name is a file's name and stands in logs: letters, digits, `.`, `_` and `-`, and no hidden file.
    static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || Array("._-".utf8).contains(byte)
        }
        return isPlain && (1...nameLengthMax).contains(name.utf8.count) && !name.hasPrefix(".")
            && !name.hasPrefix("-")
    }

    /// - Parameters:
    ///   - kind: what the name is one of.
    ///   - example: a name that would do.
    static func check(
        _ name: String, in path: String, kind: String = "a key", example: String
    ) throws(KeyError) {
        guard isName(name) else {
            throw KeyError(
                path: path, problem: "'\(name)' is no name of \(kind)",
                mend: "write \(form), such as \(example)")
        }
    }

    // MARK: Writing

    /// The file appears whole, and never in place of another.
    static func write(_ text: String, to path: String, mode: mode_t) throws(KeyError) {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let temporary = "\(folder)/.\(url.lastPathComponent).\(getpid())"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw KeyError.lastSystemCall(path, "cannot be written") }
        defer { unlink(temporary) }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let error = KeyError.lastSystemCall(path, "cannot be written")
        close(file)
        guard isWritten else { throw error }
        guard link(temporary, path) == 0 else {
            guard errno == EEXIST else { throw KeyError.lastSystemCall(path, "cannot be written") }
            throw KeyError(
                path: path, problem: "exists already, and a key is never replaced in place",
                mend: "choose another name, or revoke or remove that key first")
        }
        do {
            try DurableFile.syncFolder(folder)
        } catch {
            throw KeyError(path: path, problem: "\(error)", mend: "check the disk")
        }
    }

    static func makeFolder(_ path: String) throws(KeyError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw KeyError(path: path, problem: "the folder cannot be made", mend: "check the path and its owner")
        }
        try checkOwner(path)
    }

    // MARK: Reading

    static func contents(of path: String) throws(KeyError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw KeyError.lastSystemCall(path, "cannot be read") }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: byteCountMax)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw KeyError.lastSystemCall(path, "cannot be read") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// The fields of a file by their names.
    static func fields(at path: String, title: String, mend: String) throws(KeyError) -> [String: String] {
        let text = try contents(of: path)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map({ $0 == title }) == true else {
            // `tutti public key` is the title of a key file.
            let kind = title.split(separator: " ").last ?? ""
            throw KeyError(path: path, problem: "is no \(kind) file: its first line is not '\(title)'", mend: mend)
        }
        guard text.hasSuffix("\n") else {
            throw KeyError(path: path, problem: "ends in the middle of a line", mend: mend)
        }
        var fields: [String: String] = [:]
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            guard let colon = line.firstRange(of: ": ") else {
                throw KeyError(path: path, problem: "line \(index + 1) is not 'field: value'", mend: mend)
            }
            let name = String(line[..<colon.lowerBound])
            guard fields.updateValue(String(line[colon.upperBound...]), forKey: name) == nil else {
                throw KeyError(path: path, problem: "says '\(name)' twice", mend: mend)
            }
        }
        return fields
    }

    // MARK: Care

    /// Refuses a secret file that others than its owner can read: whoever has read it can pose as its owner.
    /// - Parameter kind: what is in the file.
    static func checkReaders(of path: String, kind: String = "key") throws(KeyError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw KeyError.lastSystemCall(path, "cannot be read") }
        guard status.st_mode & readers(of: path) == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw KeyError(
                path: path, problem: "has mode 0\(mode): others than its owner can use this secret \(kind)",
                mend: "chmod 0400 \(path), and make a new \(kind) if somebody may have read it")
        }
    }

    /// Who may not have a right to a secret file, as bits of its mode. In the credentials folder of a systemd service
    /// the bits of the group stand for an access list that names the service alone.
    private static func readers(of path: String) -> mode_t {
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"], !folder.isEmpty,
            URL(fileURLWithPath: path).standardizedFileURL.path.hasPrefix(folder + "/")
        else { return 0o077 }
        return 0o037
    }

    /// Whoever may write into the folder may let himself in.
    static func checkOwner(_ folder: String) throws(KeyError) {
        var status = stat()
        guard stat(folder, &status) == 0 else { throw KeyError.lastSystemCall(folder, "cannot be read") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw KeyError(path: folder, problem: "is no folder", mend: "name the folder that holds the keys")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw KeyError(
                path: folder, problem: "others than its owner can write into it, and so let anybody in",
                mend: "chmod go-w \(folder)")
        }
    }
}
