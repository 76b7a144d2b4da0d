import Foundation

/// The token of a client, from where people keep secrets: never a command line, which others on the machine can read.
package enum HeldToken {
    /// The file's name in systemd's credentials folder.
    private static let credentialName = "tutti-token"

    /// - Parameter file: from an option; it goes before `TUTTI_TOKEN_FILE`, then `TUTTI_TOKEN`, then the credentials of a
    ///   systemd service.
    /// - Returns: nil where there is none.
    package static func text(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(KeyError) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let file = file ?? value("TUTTI_TOKEN_FILE") { return try TokenFile.text(at: file) }
        if let text = value("TUTTI_TOKEN") {
            guard TokenFile.isHeaderText(text) else {
                throw KeyError(
                    path: "TUTTI_TOKEN", problem: "does not hold a token",
                    mend: "set it to what `tutti tokens new` printed")
            }
            return text
        }
        guard let folder = value("CREDENTIALS_DIRECTORY") else { return nil }
        let file = "\(folder)/\(credentialName)"
        return FileManager.default.fileExists(atPath: file) ? try TokenFile.text(at: file) : nil
    }
}
