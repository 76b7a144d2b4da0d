/// Addresses between coordinator and workers.
package enum LinkAddress {
    /// True where nobody but this machine's own users can listen in.
    package static func isLocal(_ endpoint: String) -> Bool {
        endpoint.hasPrefix("ipc://") || loopback.contains { endpoint.hasPrefix("tcp://\($0):") }
    }

    static let loopback = ["127.0.0.1", "localhost"]

    static func isEndpoint(_ text: String) -> Bool { ["tcp://", "ipc://"].contains(where: text.hasPrefix) }
}
