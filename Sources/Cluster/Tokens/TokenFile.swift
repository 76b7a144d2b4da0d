import Storage
import Wire

/// Files of one token each.
enum TokenFile {
    static let suffix = ".token"
    private static let title = "tutti token"
    private static let mend = "remove it and make a token with `tutti tokens new`"

    static func write(_ token: NamedToken, to path: String) throws(KeyError) {
        try CredentialFile.write(
            """
            \(title)
            name: \(token.name)
            role: \(token.role.rawValue)
            project: \(token.project)
            sha256: \(token.digest)

            """, to: path, mode: 0o400)
    }

    static func read(_ path: String) throws(KeyError) -> NamedToken {
        let fields = try CredentialFile.fields(at: path, title: title, mend: mend)
        guard let name = fields["name"], CredentialFile.isName(name) else {
            throw KeyError(path: path, problem: "the line 'name: NAME' is missing or is no name", mend: mend)
        }
        guard let role = fields["role"].flatMap(TokenRole.init) else {
            let roles = TokenRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw KeyError(
                path: path, problem: "the line 'role: ROLE' is missing, or is none of \(roles)", mend: mend)
        }
        guard let project = fields["project"], CredentialFile.isName(project) else {
            throw KeyError(path: path, problem: "the line 'project: NAME' is missing or is no name", mend: mend)
        }
        guard let digest = fields["sha256"].flatMap({ Digest($0) }) else {
            throw KeyError(
                path: path, problem: "the line 'sha256: DIGEST' is missing, or is not 64 hexadecimal digits",
                mend: mend)
        }
        return NamedToken(name: name, role: role, project: project, digest: digest)
    }

    /// The text of a token in a file of its holder's: its first line, and nothing else.
    static func text(at path: String) throws(KeyError) -> String {
        try CredentialFile.checkReaders(of: path, kind: "token")
        let lines = try CredentialFile.contents(of: path).split(separator: "\n")
        guard lines.count == 1, isHeaderText(lines[0]) else {
            throw KeyError(
                path: path, problem: "does not hold a token, alone on its line",
                mend: "write into it what `tutti tokens new` printed")
        }
        return String(lines[0])
    }

    /// What may stand in a header field (RFC 6750, section 2.1).
    static func isHeaderText(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || Array("-._~+/=".utf8).contains(byte)
            }
    }
}
