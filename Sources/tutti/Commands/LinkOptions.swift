import ArgumentParser
import Foundation

/// Addresses between coordinator and workers.
enum LinkAddress {
    /// True where nobody but this machine's own users can listen in.
    static func isLocal(_ endpoint: String) -> Bool {
        endpoint.hasPrefix("ipc://") || ["127.0.0.1", "localhost"].contains { endpoint.hasPrefix("tcp://\($0):") }
    }
}

/// Where the HTTP API answers: `HOST:PORT`, of IPv6 `[ADDRESS]:PORT`.
struct HTTPAddress: ExpressibleByArgument {
    let host: String
    let port: Int

    static let standard = HTTPAddress(host: "127.0.0.1", port: 8080)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    var defaultValueDescription: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// True where nobody but this machine's own users can ask.
    var isLocal: Bool { Self.isLocal(host) }

    static func isLocal(_ host: String) -> Bool { ["127.0.0.1", "localhost", "::1"].contains(host) }
}

struct PlaintextOptions: ParsableArguments {
    @Flag(
        help: """
            Use an address off loopback without protection: for workers without keys, for HTTP without tokens or, with \
            them, without TLS. Whoever reaches it can read the data and forge results: for networks that something else \
            protects.
            """)
    var allowPlaintextOffLoopback = false
}

/// The folder of keys, from an option or the environment.
enum KeyFolderPath {
    static let help: ArgumentHelp = "The folder of keys (default: TUTTI_KEYS)."

    static func path(_ option: String?) -> String? { FolderPath.path(option, variable: "TUTTI_KEYS") }
}

/// The folder of tokens, from an option or the environment.
enum TokenFolderPath {
    static func path(_ option: String?) -> String? { FolderPath.path(option, variable: "TUTTI_TOKENS") }
}

private enum FolderPath {
    static func path(_ option: String?, variable: String) -> String? {
        guard let path = option ?? ProcessInfo.processInfo.environment[variable], !path.isEmpty else { return nil }
        return path
    }
}
