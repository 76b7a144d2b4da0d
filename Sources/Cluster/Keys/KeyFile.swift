import Foundation
import Glibc
import Storage
import ZeroMQ

/// What the holder of a key may do.
package enum KeyRole: String, CaseIterable, Hashable, Sendable {
    /// May run tasks.
    case worker
    /// May watch.
    case observer
}

/// A public key with the name that people know it by.
package struct NamedKey: Hashable, Sendable {
    package let name: String
    package let key: CurvePublicKey
    /// Nil in a file that is handed around; what its holder may do is said where it is allowed.
    package let role: KeyRole?
}

/// Files of one key each: a first line that says what it is, then `field: value` lines.
package enum KeyFile {
    static let publicSuffix = ".public"
    package static let secretSuffix = ".secret"
    private static let publicTitle = "tutti public key"
    private static let secretTitle = "tutti secret key"
    /// Far more than a key file has.
    private static let byteCountMax = 4096
    private static let nameLengthMax = 64

    /// The name is a file's name and stands in logs: letters, digits, `.`, `_` and `-`, and no hidden file.
    static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || Array("._-".utf8).contains(byte)
        }
        return isPlain && (1...nameLengthMax).contains(name.utf8.count) && !name.hasPrefix(".")
            && !name.hasPrefix("-")
    }

    // MARK: Writing

    static func write(_ key: NamedKey, to path: String) throws(KeyError) {
        let role = key.role.map { "role: \($0.rawValue)\n" } ?? ""
        try write("\(publicTitle)\nname: \(key.name)\nkey: \(key.key)\n\(role)", to: path, mode: 0o644)
    }

    static func write(_ secretKey: CurveSecretKey, name: String, to path: String) throws(KeyError) {
        try write("\(secretTitle)\nname: \(name)\nsecret-key: \(secretKey.text)\n", to: path, mode: 0o400)
    }

    /// The file appears whole, and never in place of another.
    private static func write(_ text: String, to path: String, mode: mode_t) throws(KeyError) {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let temporary = "\(folder)/.\(url.lastPathComponent).\(getpid())"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw lastSystemCall(path, "cannot be written") }
        defer { unlink(temporary) }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let error = lastSystemCall(path, "cannot be written")
        close(file)
        guard isWritten else { throw error }
        guard link(temporary, path) == 0 else {
            guard errno == EEXIST else { throw lastSystemCall(path, "cannot be written") }
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

    // MARK: Reading

    /// - Parameter needsRole: true for a file that allows a key.
    static func publicKey(at path: String, needsRole: Bool) throws(KeyError) -> NamedKey {
        let mend =
            "put a file there that `tutti keys new` made" + (needsRole ? " and `tutti keys allow` took in" : "")
        let fields = try Self.fields(of: try contents(of: path), title: publicTitle, path: path, mend: mend)
        guard let name = fields["name"], isName(name) else {
            throw KeyError(path: path, problem: "the line 'name: NAME' is missing or is no name", mend: mend)
        }
        guard let key = fields["key"].flatMap(CurvePublicKey.init) else {
            throw KeyError(
                path: path, problem: "the line 'key: KEY' is missing, or is not 40 characters of a key", mend: mend)
        }
        let role = fields["role"].flatMap(KeyRole.init(rawValue:))
        guard role != nil || !(needsRole || fields["role"] != nil) else {
            throw KeyError(
                path: path, problem: "the line 'role: worker' or 'role: observer' is missing", mend: mend)
        }
        return NamedKey(name: name, key: key, role: role)
    }

    /// Refuses a file that others than its owner can read: whoever has read it can pose as its owner.
    package static func secretKey(at path: String) throws(KeyError) -> (name: String, key: CurveSecretKey) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw lastSystemCall(path, "cannot be read") }
        guard status.st_mode & readers(of: path) == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw KeyError(
                path: path, problem: "has mode 0\(mode): others than its owner can use this secret key",
                mend: "chmod 0400 \(path), and make a new key if somebody may have read it")
        }
        let mend = "put a file there that `tutti keys new` made"
        let fields = try Self.fields(of: try contents(of: path), title: secretTitle, path: path, mend: mend)
        guard let name = fields["name"], isName(name) else {
            throw KeyError(path: path, problem: "the line 'name: NAME' is missing or is no name", mend: mend)
        }
        guard let key = fields["secret-key"].flatMap(CurveSecretKey.init) else {
            throw KeyError(
                path: path, problem: "the line 'secret-key: KEY' is missing, or is not 40 characters of a key",
                mend: mend)
        }
        return (name, key)
    }

    /// Who may not have a right to a secret file, as bits of its mode. In the credentials folder of a systemd service
    /// the bits of the group stand for an access list that names the service alone.
    private static func readers(of path: String) -> mode_t {
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"], !folder.isEmpty,
            URL(fileURLWithPath: path).standardizedFileURL.path.hasPrefix(folder + "/")
        else { return 0o077 }
        return 0o037
    }

    private static func contents(of path: String) throws(KeyError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw lastSystemCall(path, "cannot be read") }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: byteCountMax)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw lastSystemCall(path, "cannot be read") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func fields(
        of text: String, title: String, path: String, mend: String
    ) throws(KeyError) -> [String: String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map({ $0 == title }) == true else {
            throw KeyError(
                path: path, problem: "is no key file: its first line is not '\(title)'", mend: mend)
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
