import ZeroMQ

/// By what a worker is known, and by what it knows its coordinator.
package struct WorkerKeys: Hashable, Sendable {
    package let name: String
    let secretKey: CurveSecretKey
    let coordinator: CurvePublicKey

    /// - Parameters:
    ///   - key: the file of the worker's own secret key.
    ///   - coordinatorKey: the file of the coordinator's public key.
    package init(key: String, coordinatorKey: String) throws(KeyError) {
        (name, secretKey) = try KeyFile.secretKey(at: key)
        coordinator = try KeyFile.publicKey(at: coordinatorKey, needsRole: false).key
    }

    var security: SocketSecurity { .client(secretKey: secretKey, server: coordinator) }
}
