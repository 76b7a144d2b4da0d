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

    // MARK: Writing

    static func write(_ key: NamedKey, to path: String) throws(KeyError) {
        let role = key.role.map { "role: \($0.rawValue)\n" } ?? ""
        try CredentialFile.write("\(publicTitle)\nname: \(key.name)\nkey: \(key.key)\n\(role)", to: path, mode: 0o644)
    }

    static func write(_ secretKey: CurveSecretKey, name: String, to path: String) throws(KeyError) {
        try CredentialFile.write(
            "\(secretTitle)\nname: \(name)\nsecret-key: \(secretKey.text)\n", to: path, mode: 0o400)
    }

    // MARK: Reading

    /// - Parameter needsRole: true for a file that allows a key.
    static func publicKey(at path: String, needsRole: Bool) throws(KeyError) -> NamedKey {
        let mend =
            "put a file there that `tutti keys new` made" + (needsRole ? " and `tutti keys allow` took in" : "")
        let fields = try CredentialFile.fields(at: path, title: publicTitle, mend: mend)
        guard let name = fields["name"], CredentialFile.isName(name) else {
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
        try CredentialFile.checkReaders(of: path)
        let mend = "put a file there that `tutti keys new` made"
        let fields = try CredentialFile.fields(at: path, title: secretTitle, mend: mend)
        guard let name = fields["name"], CredentialFile.isName(name) else {
            throw KeyError(path: path, problem: "the line 'name: NAME' is missing or is no name", mend: mend)
        }
        guard let key = fields["secret-key"].flatMap(CurveSecretKey.init) else {
            throw KeyError(
                path: path, problem: "the line 'secret-key: KEY' is missing, or is not 40 characters of a key",
                mend: mend)
        }
        return (name, key)
    }
}
