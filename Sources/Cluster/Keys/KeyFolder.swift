import Foundation
import Glibc
import Storage
import ZeroMQ

/// A folder of keys: `NAME.secret` and `NAME.public` of the keys that were made here, and a file
/// `allowed/NAME.public` for each key that the coordinator of this folder lets in.
package struct KeyFolder: Hashable, Sendable {
    /// The name of the key by which workers know the coordinator.
    package static let coordinatorName = "coordinator"

    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    private var allowedFolder: String { path + "/allowed" }

    // MARK: What people do with it

    /// Makes a key pair, and the folder if there is none.
    ///
    /// - Returns: the paths of the two files. The public one may be shown to anybody.
    package func make(_ name: String) throws -> (publicKey: String, secretKey: String) {
        try check(name)
        try CredentialFile.makeFolder(path)
        let secretKey = try CurveSecretKey.random()
        let base = "\(path)/\(name)"
        // A pair of one half would be worse than none.
        guard access(base + KeyFile.publicSuffix, F_OK) != 0 else {
            throw KeyError(
                path: base + KeyFile.publicSuffix, problem: "exists already, and a key is never replaced in place",
                mend: "choose another name")
        }
        try KeyFile.write(secretKey, name: name, to: base + KeyFile.secretSuffix)
        let named = NamedKey(name: name, key: try secretKey.publicKey, role: nil)
        try KeyFile.write(named, to: base + KeyFile.publicSuffix)
        return (base + KeyFile.publicSuffix, base + KeyFile.secretSuffix)
    }

    /// Lets the holder of a key in.
    ///
    /// - Parameters:
    ///   - file: the key's public file.
    ///   - name: nil for the name that the file says.
    package func allow(_ file: String, name: String?, role: KeyRole) throws -> NamedKey {
        let handed = try KeyFile.publicKey(at: file, needsRole: false)
        let key = NamedKey(name: name ?? handed.name, key: handed.key, role: role)
        try check(key.name)
        try CredentialFile.makeFolder(path)
        try CredentialFile.makeFolder(allowedFolder)
        let (known, problems) = try allowed()
        if let problem = problems.first { throw problem }
        if known.contains(key) { return key }
        let target = "\(allowedFolder)/\(key.name)\(KeyFile.publicSuffix)"
        if let same = known.first(where: { $0.key == key.key || $0.name == key.name }) {
            let problem =
                same.key == key.key
                ? "this key is allowed already, as \(same.role?.rawValue ?? "") '\(same.name)'"
                : "another key is allowed under this name already"
            throw KeyError(
                path: target, problem: problem,
                mend: "tutti keys revoke \(same.name) --folder \(path), or choose another name for another key")
        }
        try KeyFile.write(key, to: target)
        return key
    }

    /// Lets the holder of a key in no longer.
    package func revoke(_ name: String) throws {
        try check(name)
        let file = "\(allowedFolder)/\(name)\(KeyFile.publicSuffix)"
        guard unlink(file) == 0 else {
            guard errno == ENOENT else { throw KeyError.lastSystemCall(file, "cannot be removed") }
            throw KeyError(
                path: file, problem: "no key is allowed under this name",
                mend: "tutti keys list --folder \(path) shows those that are")
        }
        try DurableFile.syncFolder(allowedFolder)
    }

    /// The keys that are let in, in the order of their names, and what is wrong with the other files. A file that is
    /// not sound lets nobody in, and neither do two files of one key.
    package func allowed() throws(KeyError) -> (keys: [NamedKey], problems: [KeyError]) {
        try CredentialFile.checkOwner(path)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: allowedFolder).sorted()
        } catch {
            // Nobody has been allowed yet.
            guard access(allowedFolder, F_OK) == 0 else { return ([], []) }
            throw KeyError(path: allowedFolder, problem: "cannot be read", mend: "run this as its owner")
        }
        try CredentialFile.checkOwner(allowedFolder)
        var keys: [NamedKey] = []
        var problems: [KeyError] = []
        // Hidden files are those of editors and of file systems.
        for name in names where !name.hasPrefix(".") {
            let path = "\(allowedFolder)/\(name)"
            do throws(KeyError) {
                let key = try KeyFile.publicKey(at: path, needsRole: true)
                guard key.name + KeyFile.publicSuffix == name else {
                    throw KeyError(
                        path: path, problem: "says that its name is '\(key.name)'",
                        mend: "remove this file and allow the key again with `tutti keys allow`")
                }
                keys.append(key)
            } catch {
                problems.append(error)
            }
        }
        for (_, twins) in Dictionary(grouping: keys, by: \.key) where twins.count > 1 {
            keys.removeAll { twins.contains($0) }
            problems.append(
                KeyError(
                    path: "\(allowedFolder)/\(twins[1].name)\(KeyFile.publicSuffix)",
                    problem: "holds the same key as '\(twins[0].name)'",
                    mend: "tutti keys revoke one of the two --folder \(path)"))
        }
        return (keys, problems.sorted { $0.path < $1.path })
    }

    /// The coordinator's own key.
    package func coordinatorKey() throws(KeyError) -> CurveSecretKey {
        let file = "\(path)/\(Self.coordinatorName)\(KeyFile.secretSuffix)"
        guard access(file, F_OK) == 0 || errno != ENOENT else {
            throw KeyError(
                path: file, problem: "this folder has no key of a coordinator",
                mend: "tutti keys new \(Self.coordinatorName) --folder \(path)")
        }
        return try KeyFile.secretKey(at: file).key
    }

    private func check(_ name: String) throws(KeyError) {
        try CredentialFile.check(name, in: path, example: "worker-1")
    }
}
