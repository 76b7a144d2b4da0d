import ArgumentParser
import Foundation

/// The folder of keys, from an option or the environment.
enum KeyFolderPath {
    static let help: ArgumentHelp = "The folder of keys (default: TUTTI_KEYS)."

    static func path(_ option: String?) -> String? {
        guard let path = option ?? ProcessInfo.processInfo.environment["TUTTI_KEYS"], !path.isEmpty else { return nil }
        return path
    }
}
