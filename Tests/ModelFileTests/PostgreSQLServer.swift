import Foundation

/// A PostgreSQL server for one test, in a folder of its own, reached through a socket in it by a user with a password.
final class PostgreSQLServer {
    /// Where Debian's packages or the search path have a server's programs; nil without them.
    static let programs: String? = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        return (folders + path).first { folder in
            ["initdb", "postgres", "psql"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
            }
        }
    }()

    struct Failure: Error { var text: String }

    let folder: URL
    private let process: Process
    private var passwords: String { folder.appendingPathComponent("passwords").path }

    /// How to reach it, but for the password.
    var address: String { "host=\(folder.path) user=tutti dbname=postgres" }
    /// How to reach it.
    var connection: String { "\(address) passfile=\(passwords)" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = folder.appendingPathComponent("data").path
        let password = folder.appendingPathComponent("password").path
        try "a secret".write(toFile: password, atomically: true, encoding: .utf8)
        // The server refuses to run as root.
        if geteuid() == 0 {
            let chown = Process()
            chown.executableURL = URL(fileURLWithPath: "/usr/bin/chown")
            chown.arguments = ["-R", "postgres", folder.path]
            try chown.runToEnd()
        }
        try Self.process(
            "initdb", ["--no-sync", "-D", data, "-U", "tutti", "--auth=scram-sha-256", "--pwfile=\(password)"],
            asServer: true
        ).runToEnd()
        process = Self.process(
            "postgres", ["-D", data, "-k", folder.path, "-c", "listen_addresses=", "-c", "fsync=off"], asServer: true)
        let log = Pipe()
        process.standardError = log
        try process.run()
        var text = ""
        while !text.contains("ready to accept connections") {
            let piece = log.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw Failure(text: "the server ends: \(text)") }
            text += String(decoding: piece, as: UTF8.self)
        }
        log.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        try "*:*:*:tutti:a secret\n".write(toFile: passwords, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: passwords)
    }

    deinit {
        // Without waiting for those who are connected.
        process.interrupt()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    func execute(_ sql: String) throws {
        try Self.process("psql", ["-v", "ON_ERROR_STOP=1", "-d", connection, "-c", sql], asServer: false).runToEnd()
    }

    /// One of the server's programs, to be run; `asServer` by a user whom the server does not refuse.
    private static func process(_ program: String, _ arguments: [String], asServer: Bool) -> Process {
        var command = ["\(programs ?? "")/\(program)"] + arguments
        if asServer, geteuid() == 0 {
            command = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + command
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        return process
    }
}

extension Process {
    fileprivate func runToEnd() throws {
        try run()
        waitUntilExit()
        guard terminationStatus == 0 else {
            throw PostgreSQLServer.Failure(
                text: "\(executableURL?.path ?? "") \(arguments ?? []) ended with \(terminationStatus)")
        }
    }
}
