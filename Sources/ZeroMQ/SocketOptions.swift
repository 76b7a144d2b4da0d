import CZeroMQ

/// How a socket behaves. The defaults are the coordinator's and the workers', for a lease of 15 s; who shortens the
/// lease shortens the three heartbeat durations by the same factor.
package struct SocketOptions: Hashable, Sendable {
    /// Messages in the queue of one peer and direction. Far above what windows and capacities allow: reaching it is
    /// a defect that shows as a refused `send`.
    package var highWaterMark: Int32 = 1000
    /// A longer frame is dropped together with its connection.
    package var frameByteCountMax: Int64 = 1 << 20
    /// A message of more frames, counted without the peer's identity, is dropped and counted.
    package var frameCountMax = 32
    /// Between two pings of the transport.
    package var heartbeatInterval: Duration = .seconds(2)
    /// Without an answer for so long, this side closes the connection.
    package var heartbeatTimeout: Duration = .seconds(6)
    /// Without a sign of this side for so long, the other side closes the connection. The library counts in tenths
    /// of a second.
    package var heartbeatTimeToLive: Duration = .seconds(10)
    /// A connection that has not finished its greeting by then is closed.
    package var handshakeInterval: Duration = .seconds(5)
    /// Connections that wait to be accepted: all workers may come at once.
    package var backlog: Int32 = 1024
    /// Before the first try to connect again; it doubles with each try.
    package var reconnectInterval: Duration = .milliseconds(100)
    package var reconnectIntervalMax: Duration = .seconds(5)
    /// How long the context waits, at its end, for messages of a closed socket to leave. Zero: leaving in good
    /// order is a message of the protocol and its answer, never a wait for bytes in flight.
    package var linger: Duration = .zero
    package var security: SocketSecurity = .plain

    package init() {}

    /// Before the socket binds or connects.
    func apply(to socket: UnsafeMutableRawPointer, kind: Socket.Kind) throws(ZeroMQError) {
        func set(_ option: Int32, _ value: some BitwiseCopyable, _ name: String) throws(ZeroMQError) {
            let code = withUnsafeBytes(of: value) { zmq_setsockopt(socket, option, $0.baseAddress, $0.count) }
            guard code == 0 else { throw ZeroMQError("set the \(name) of a socket to \(value)") }
        }
        try set(ZMQ_LINGER, linger.milliseconds, "linger time")
        try set(ZMQ_SNDHWM, highWaterMark, "send high-water mark")
        try set(ZMQ_RCVHWM, highWaterMark, "receive high-water mark")
        try set(ZMQ_MAXMSGSIZE, frameByteCountMax, "frame size")
        try set(ZMQ_HEARTBEAT_IVL, heartbeatInterval.milliseconds, "heartbeat interval")
        try set(ZMQ_HEARTBEAT_TIMEOUT, heartbeatTimeout.milliseconds, "heartbeat timeout")
        try set(ZMQ_HEARTBEAT_TTL, heartbeatTimeToLive.milliseconds, "heartbeat time to live")
        try set(ZMQ_HANDSHAKE_IVL, handshakeInterval.milliseconds, "handshake interval")
        try set(ZMQ_BACKLOG, backlog, "backlog")
        try set(ZMQ_RECONNECT_IVL, reconnectInterval.milliseconds, "reconnect interval")
        try set(ZMQ_RECONNECT_IVL_MAX, reconnectIntervalMax.milliseconds, "longest reconnect interval")
        // Middleboxes forget connections that stay silent.
        try set(ZMQ_TCP_KEEPALIVE, Int32(1), "keep-alive")
        switch kind {
        case .router: try set(ZMQ_ROUTER_MANDATORY, Int32(1), "mandatory routing")
        case .dealer: try set(ZMQ_IMMEDIATE, Int32(1), "immediate")
        case .pair: break
        }
        try security.apply(to: socket)
    }
}
