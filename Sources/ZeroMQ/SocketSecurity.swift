import CZeroMQ

/// What protects the connections of a socket.
package enum SocketSecurity: Hashable, Sendable {
    /// Nothing: whoever reaches the address reads and writes.
    case plain
    /// Encrypted, for those whom the context's `Gatekeeper` lets in; without one, nobody's messages are taken. Clients
    /// know the public key that belongs to `secretKey`.
    case server(secretKey: CurveSecretKey, domain: String)
    /// Encrypted, to nobody but the holder of the secret key beside `server`.
    case client(secretKey: CurveSecretKey, server: CurvePublicKey)

    func apply(to socket: UnsafeMutableRawPointer) throws(ZeroMQError) {
        func set(_ option: Int32, _ text: String, _ name: String) throws(ZeroMQError) {
            // What is set may be secret, and is no part of the error. A key of Z85 counts its terminating zero.
            let length = text.utf8.count + (option == ZMQ_ZAP_DOMAIN ? 0 : 1)
            guard zmq_setsockopt(socket, option, text, length) == 0 else {
                throw ZeroMQError("set the \(name) of a socket")
            }
        }
        switch self {
        case .plain: return
        case .server(let secretKey, let domain):
            try CurveText.requireCurve()
            var one: Int32 = 1
            guard zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, MemoryLayout<Int32>.size) == 0 else {
                throw ZeroMQError("switch on the encryption of a socket")
            }
            try set(ZMQ_CURVE_SECRETKEY, secretKey.text, "secret key")
            try set(ZMQ_ZAP_DOMAIN, domain, "domain")
        case .client(let secretKey, let server):
            try CurveText.requireCurve()
            try set(ZMQ_CURVE_SERVERKEY, server.description, "server's key")
            try set(ZMQ_CURVE_PUBLICKEY, try secretKey.publicKey.description, "public key")
            try set(ZMQ_CURVE_SECRETKEY, secretKey.text, "secret key")
        }
    }
}
