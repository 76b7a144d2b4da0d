import Cluster
import Foundation
import ZeroMQ

/// The keys of one coordinator and of its workers, which share one.
struct BenchmarkKeys {
    let folder: String
    let coordinator: CurveSecretKey
    let worker: CurveSecretKey

    /// Makes the folder and the keys in it.
    init(making folder: String) throws {
        let keys = KeyFolder(folder)
        _ = try keys.make(KeyFolder.coordinatorName)
        _ = try keys.allow(try keys.make(Self.workerName).publicKey, name: nil, role: .worker)
        try self.init(folder: folder)
    }

    /// Reads the keys of a folder that was made before.
    init(folder: String) throws {
        self.folder = folder
        coordinator = try Self.secretKey(KeyFolder.coordinatorName, in: folder)
        worker = try Self.secretKey(Self.workerName, in: folder)
    }

    /// How a worker speaks to the coordinator.
    var security: SocketSecurity {
        get throws { .client(secretKey: worker, server: try coordinator.publicKey) }
    }

    private static let workerName = "worker"

    private static func secretKey(_ name: String, in folder: String) throws -> CurveSecretKey {
        try KeyFile.secretKey(at: "\(folder)/\(name)\(KeyFile.secretSuffix)").key
    }
}
