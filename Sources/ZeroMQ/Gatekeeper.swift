import Glibc

/// Answers, on a thread of its own, whether the holder of a key may connect to the encrypted sockets of a context
/// (ZAP, RFC 27). It is made before them.
///
/// Who is turned away is not told so: its connection ends, and it comes again after its reconnect interval. A key
/// that is allowed later therefore gets in by itself. Connections that are up stay so when their key is no longer
/// allowed; their messages carry it (`Socket.Message.key`), and who takes them asks again.
package final class Gatekeeper {
    /// A knock at the door.
    package struct Knock: Hashable, Sendable {
        package let domain: String
        /// Of the peer, as the system knows it; empty when it is no network address.
        package let address: String
        package let key: CurvePublicKey
    }

    private let thread: SocketThread

    /// - Parameter isAllowed: called on the thread of the gatekeeper, once for each try to connect.
    package init(_ context: Context, isAllowed: @escaping @Sendable (Knock) -> Bool) throws(ZeroMQError) {
        let socket = try Socket(.router, context: context)
        try socket.bind("inproc://zeromq.zap.01")
        thread = try SocketThread(socket) { frames, socket in
            guard let reply = Self.reply(to: frames, isAllowed: isAllowed) else { return }
            // A connection that has gone meanwhile needs no answer.
            _ = try? socket.send(reply, to: frames[0])
        }
    }

    /// The frames of an answer; nil when the question is not one of the protocol's.
    ///
    /// A question is: who asks, an empty frame, the version `1.0`, a number, domain, address, identity, mechanism,
    /// then the key as 32 bytes.
    private static func reply(to frames: [[UInt8]], isAllowed: (Knock) -> Bool) -> [[UInt8]]? {
        let version = Array("1.0".utf8)
        guard frames.count >= 8, frames[1].isEmpty, frames[2] == version else { return nil }
        var key: CurvePublicKey?
        if frames.count == 9, frames[7] == Array("CURVE".utf8) { key = CurvePublicKey(bytes: frames[8]) }
        let isLetIn = key.map { key in
            isAllowed(
                Knock(
                    domain: String(decoding: frames[4], as: UTF8.self),
                    address: String(decoding: frames[5], as: UTF8.self), key: key))
        }
        // 300 is "come again later": after 400 the library's clients would never come again.
        let (status, user) = isLetIn == true ? ("200", key?.description ?? "") : ("300", "")
        return [[], version, frames[3], Array(status.utf8), [], Array(user.utf8), []]
    }
}
