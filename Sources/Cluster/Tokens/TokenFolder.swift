import Foundation
import Glibc
import Storage

/// A folder of tokens: a file `NAME.token` for each that the coordinator takes, with its digest.
package struct TokenFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// Makes a token, and the folder if there is none.
    ///
    /// - Parameter file: where its text is put, with mode 0400; nil for nowhere.
    /// - Returns: its text, which is kept nowhere here.
    package func make(
        _ name: String, role: TokenRole, project: String, into file: String? = nil
    ) throws(KeyError) -> String {
        try CredentialFile.check(name, in: path, kind: "a token", example: "notebook")
        try CredentialFile.check(project, in: path, kind: "a project", example: "brand-a")
        try CredentialFile.makeFolder(path)
        let target = "\(path)/\(name)\(TokenFile.suffix)"
        guard access(target, F_OK) != 0 else {
            throw KeyError(
                path: target, problem: "exists already, and a token is never replaced in place",
                mend: "choose another name, or `tutti tokens revoke \(name)` first")
        }
        let text = TokenText.random()
        if let file { try CredentialFile.write(text + "\n", to: file, mode: 0o400) }
        try TokenFile.write(NamedToken(name: name, role: role, project: project, text: text), to: target)
        return text
    }

    /// Takes a token no longer.
    package func revoke(_ name: String) throws {
        try CredentialFile.check(name, in: path, kind: "a token", example: "notebook")
        let file = "\(path)/\(name)\(TokenFile.suffix)"
        guard unlink(file) == 0 else {
            guard errno == ENOENT else { throw KeyError.lastSystemCall(file, "cannot be removed") }
            throw KeyError(
                path: file, problem: "there is no token of this name",
                mend: "tutti tokens list --folder \(path) shows those that there are")
        }
        try DurableFile.syncFolder(path)
    }

    /// The tokens in the order of their names, and what is wrong with the other files, whose tokens are not taken.
    package func tokens() throws(KeyError) -> (tokens: [NamedToken], problems: [KeyError]) {
        try CredentialFile.checkOwner(path)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw KeyError(path: path, problem: "cannot be read", mend: "run this as its owner")
        }
        var tokens: [NamedToken] = []
        var problems: [KeyError] = []
        // Hidden files are those of editors and of file systems.
        for name in names where !name.hasPrefix(".") {
            let path = "\(path)/\(name)"
            do throws(KeyError) {
                let token = try TokenFile.read(path)
                guard token.name + TokenFile.suffix == name else {
                    throw KeyError(
                        path: path, problem: "says that its name is '\(token.name)'",
                        mend: "remove this file and make a token with `tutti tokens new`")
                }
                tokens.append(token)
            } catch {
                problems.append(error)
            }
        }
        return (tokens, problems)
    }
}
