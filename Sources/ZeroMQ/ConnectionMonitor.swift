import CZeroMQ
import Glibc

/// Tells, on a thread of its own, of connections to an encrypted socket that ended before their peer had shown a key.
/// Of these the `Gatekeeper` never hears: they fail before anybody is asked. Who has shown a key that is not let in is
/// the gatekeeper's to tell.
///
/// What the library reports of connections is a hint for logs: nothing is decided by it.
package final class ConnectionMonitor {
    /// A connection that came to nothing.
    package struct Refusal: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            /// It speaks without keys, speaks something else, or hung up.
            case noKey
            /// It proves its key to a server of another key.
            case otherServer
            /// The time for its greeting was over.
            case unfinished
        }

        /// The peer's, without its port; nil when the connection was gone before it could be asked for.
        package let address: String?
        package let reason: Reason

        package init(address: String?, reason: Reason) {
            self.address = address
            self.reason = reason
        }
    }

    /// What is known of the connections, on the thread.
    private final class Connections {
        let onRefusal: @Sendable (Refusal) -> Void
        /// The addresses of open connections by their descriptors.
        var addresses: [Int32: String] = [:]
        /// Why the connection that ends next has failed.
        var reason: Refusal.Reason?

        init(onRefusal: @escaping @Sendable (Refusal) -> Void) {
            self.onRefusal = onRefusal
        }
    }

    private let thread: SocketThread

    /// - Parameters:
    ///   - socket: not bound yet, and of this thread.
    ///   - context: the socket's; it must have one I/O thread, as contexts have unless told otherwise: its reports of one
    ///     connection then follow one another.
    ///   - onRefusal: called on the monitor's thread.
    package init(
        _ socket: borrowing Socket, context: Context, onRefusal: @escaping @Sendable (Refusal) -> Void
    ) throws(ZeroMQError) {
        let name = "inproc://monitor-\(UInt64.random(in: .min ... .max))"
        let events =
            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
            | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        guard zmq_socket_monitor(socket.pointer, name, events) == 0 else { throw ZeroMQError("monitor a socket") }
        let listener = try Socket(.pair, context: context)
        try listener.connect(name)
        let connections = Connections(onRefusal: onRefusal)
        thread = try SocketThread(listener) { frames, _ in Self.take(frames, connections) }
    }

    /// A report is a number of 16 bits and a value of 32, in the machine's byte order, then the socket's own address.
    private static func take(_ frames: [[UInt8]], _ connections: Connections) {
        guard let first = frames.first, first.count == 6 else { return }
        let event = first.withUnsafeBytes { Int32($0.loadUnaligned(as: UInt16.self)) }
        let value = first.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 2, as: Int32.self) }
        switch event {
        case ZMQ_EVENT_ACCEPTED:
            // The value is the descriptor, which the library may have closed by now, and even used again.
            connections.addresses[value] = peerAddress(of: value)
            connections.reason = nil
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            connections.reason = value == EAGAIN || value == ETIMEDOUT ? .unfinished : .noKey
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            connections.reason = value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC ? .otherServer : .noKey
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
            connections.reason = nil
        case ZMQ_EVENT_DISCONNECTED:
            let address = connections.addresses.removeValue(forKey: value)
            if let reason = connections.reason { connections.onRefusal(Refusal(address: address, reason: reason)) }
            connections.reason = nil
        default:
            break
        }
    }

    /// Nil for what is no connection of the internet any more.
    private static func peerAddress(of descriptor: Int32) -> String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getpeername(descriptor, address, &length) == 0
                    && getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
            }
        }
        return isKnown ? CurveText.string(host) : nil
    }
}
