import CZeroMQ
import Glibc

/// A socket of one thread: the thread that makes it is the only one that may use it, until it is gone or handed to a
/// thread that starts.
///
/// Nothing here blocks; waiting is `Poller`'s. Messages may be lost with their connection and are never delivered in
/// part.
package struct Socket: ~Copyable {
    package enum Kind: Hashable, Sendable {
        /// Talks to many peers; every message begins with the identity of its peer. Sending to a peer that is gone
        /// is refused instead of silently dropped.
        case router
        /// Talks to one router. Nothing is queued for a connection that is not up.
        case dealer
        /// Hears what the library reports of another socket of this process.
        case pair

        fileprivate var libraryType: Int32 {
            switch self {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .pair: ZMQ_PAIR
            }
        }
    }

    /// What has come.
    package struct Message: Hashable, Sendable {
        /// On a router the first one is the peer's identity.
        package let frames: [[UInt8]]
        /// The key that the peer has shown to the `Gatekeeper`; nil where there is none.
        package let key: CurvePublicKey?
    }

    private let context: Context
    private let kind: Kind
    private let frameCountMax: Int
    private let needsKey: Bool
    private let dropped = Counter()
    let pointer: UnsafeMutableRawPointer

    package init(
        _ kind: Kind, context: Context, options: SocketOptions = SocketOptions()
    ) throws(ZeroMQError) {
        guard let pointer = zmq_socket(context.pointer, kind.libraryType) else {
            throw ZeroMQError("open a socket")
        }
        do {
            try options.apply(to: pointer, kind: kind)
        } catch {
            zmq_close(pointer)
            throw error
        }
        self.context = context
        self.kind = kind
        self.pointer = pointer
        // The peer's identity is a frame of its own.
        frameCountMax = options.frameCountMax + (kind == .router ? 1 : 0)
        if case .server = options.security { needsKey = true } else { needsKey = false }
    }

    deinit {
        zmq_close(pointer)
    }

    /// Messages that had more frames than `SocketOptions.frameCountMax`, or no key where one is needed.
    package var droppedMessageCount: Int { dropped.count }

    /// - Parameter endpoint: `tcp://127.0.0.1:*`, `ipc://PATH` or `inproc://NAME`.
    package borrowing func bind(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_bind(pointer, endpoint) == 0 else { throw ZeroMQError("bind \(endpoint)") }
    }

    /// Returns before there is a connection; the library goes on trying.
    package borrowing func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(pointer, endpoint) == 0 else { throw ZeroMQError("connect to \(endpoint)") }
    }

    /// The address bound last, with its port in place of `*`.
    package borrowing func lastEndpoint() throws(ZeroMQError) -> String {
        var bytes = [UInt8](repeating: 0, count: 1024)
        var count = bytes.count
        guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &bytes, &count) == 0 else {
            throw ZeroMQError("read the bound address")
        }
        return String(decoding: bytes[..<max(0, count - 1)], as: UTF8.self)
    }

    /// Sends a whole message, or nothing.
    ///
    /// - Parameter peer: on a router the identity that came with the peer's messages, else nil.
    /// - Returns: false when the peer is gone or its queue is full. True promises nothing about arrival.
    package borrowing func send(_ frames: [[UInt8]], to peer: [UInt8]? = nil) throws(ZeroMQError) -> Bool {
        precondition(!frames.isEmpty, "a message has at least one frame")
        precondition((peer != nil) == (kind == .router), "a router names its peer, a dealer has one")
        let all = (peer.map { [$0] } ?? []) + frames
        var isAccepted = true
        for (index, frame) in all.enumerated() {
            let more = index < all.count - 1 ? ZMQ_SNDMORE : 0
            let sent = frame.withUnsafeBytes { buffer in
                retryingInterrupts { zmq_send(pointer, buffer.baseAddress, buffer.count, ZMQ_DONTWAIT | more) }
            }
            guard sent < 0 else { continue }
            let code = zmq_errno()
            guard code == EAGAIN || code == EHOSTUNREACH else { throw ZeroMQError("send a message") }
            // On the first frame nothing has begun. On a later one the connection was lost in between: the library
            // has taken back what it had, and swallows the message's remaining frames, which it must be given.
            if index == 0 { return false }
            isAccepted = false
        }
        return isAccepted
    }

    /// The frames of the next whole message, or nil when none is waiting. On a router the first frame is the peer's
    /// identity.
    package borrowing func receive() throws(ZeroMQError) -> [[UInt8]]? { try receiveMessage()?.frames }

    /// The next whole message, with the key of its peer, or nil when none is waiting.
    package borrowing func receiveMessage() throws(ZeroMQError) -> Message? {
        while true {
            guard let (message, isWhole) = try nextMessage() else { return nil }
            // The library lets everybody connect while there is no gatekeeper.
            if isWhole, !needsKey || message.key != nil { return message }
            dropped.count += 1
        }
    }

    private borrowing func nextMessage() throws(ZeroMQError) -> (message: Message, isWhole: Bool)? {
        var frames: [[UInt8]] = []
        var key: CurvePublicKey?
        var isWhole = true
        var hasMore = true
        while hasMore {
            var message = zmq_msg_t()
            zmq_msg_init(&message)
            defer { zmq_msg_close(&message) }
            guard retryingInterrupts({ zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) }) >= 0 else {
                if zmq_errno() == EAGAIN { return nil }
                throw ZeroMQError("receive a message")
            }
            hasMore = zmq_msg_more(&message) != 0
            if frames.count < frameCountMax {
                let bytes = UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))
                frames.append(Array(bytes))
            } else {
                isWhole = false
            }
            // Every frame of a message comes from one connection.
            if !hasMore, let user = zmq_msg_gets(&message, "User-Id") { key = CurvePublicKey(String(cString: user)) }
        }
        return (Message(frames: frames, key: key), isWhole)
    }

    private borrowing func retryingInterrupts(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result < 0, zmq_errno() == EINTR { continue }
            return result
        }
    }
}

/// Counts behind a socket that is borrowed.
private final class Counter {
    var count = 0
}
