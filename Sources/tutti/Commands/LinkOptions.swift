import ArgumentParser
import Foundation

/// Addresses between coordinator and workers.
enum LinkAddress {
    /// True where nobody but this machine's own users can listen in.
    static func isLocal(_ endpoint: String) -> Bool {
        endpoint.hasPrefix("ipc://") || ["127.0.0.1", "localhost"].contains { endpoint.hasPrefix("tcp://\($0):") }
    }
}

struct PlaintextOptions: ParsableArguments {
    @Flag(
        help: """
            Use an address off loopback without keys. Whoever reaches it can read the data and forge results: for \
            networks that something else protects.
            """)
    var allowPlaintextOffLoopback = false
}

/// The folder of keys, from an option or the environment.
enum KeyFolderPath {
    static let help: ArgumentHelp = "The folder of keys (default: TUTTI_KEYS)."

    static func path(_ option: String?) -> String? {
        guard let path = option ?? ProcessInfo.processInfo.environment["TUTTI_KEYS"], !path.isEmpty else { return nil }
        return path
    }
}
