/// Where the HTTP API answers: `HOST:PORT`, of IPv6 `[ADDRESS]:PORT`.
package struct HTTPAddress: Sendable, Hashable {
    package let host: String
    package let port: Int

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// True where nobody but this machine's own users can ask.
    package var isLocal: Bool { Self.isLocal(host) }

    package static func isLocal(_ host: String) -> Bool { host == "::1" || LinkAddress.loopback.contains(host) }
}
