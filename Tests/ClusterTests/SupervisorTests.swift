import Cluster
import Foundation
import Glibc
import Testing

/// The socket of a supervisor that this test plays.
private final class NoticeSocket {
    private let descriptor: Int32

    init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        if path.hasPrefix("@") { address.sun_path.0 = 0 }
        // A name without a file ends where its length says.
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + path.utf8.count)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(code == 0)
    }

    deinit {
        close(descriptor)
    }

    /// What has come since the last look.
    func takeAll() -> [String] {
        var all: [String] = []
        var bytes = [UInt8](repeating: 0, count: 100)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count >= 0 else { return all }
            all.append(String(decoding: bytes.prefix(count), as: UTF8.self))
        }
    }
}

@Suite("what a supervisor is told")
struct SupervisorTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("is that the process has begun, that its loop goes round, twice as often as is asked for, and that it leaves")
    func notices() throws {
        let path = "\(folder.path)/notify"
        let socket = try NoticeSocket(at: path)
        var supervisor = try #require(
            Supervisor(
                environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], processID: 7))
        supervisor.noteReady()
        #expect(socket.takeAll() == ["READY=1"])
        for tenth in 0...40 { supervisor.noteTurn(at: 5_000_000_000 + UInt64(tenth) * 100_000_000) }
        #expect(socket.takeAll() == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
        supervisor.noteStopping()
        #expect(socket.takeAll() == ["STOPPING=1"])
    }

    @Test("reaches a socket without a file")
    func abstract() throws {
        let name = "@tutti-\(UUID().uuidString)"
        let socket = try NoticeSocket(at: name)
        try #require(Supervisor(environment: ["NOTIFY_SOCKET": name])).noteReady()
        #expect(socket.takeAll() == ["READY=1"])
    }

    @Test("is nothing where nobody asks, and no sign of life where they are another process's")
    func unasked() throws {
        #expect(Supervisor(environment: [:]) == nil)
        #expect(Supervisor(environment: ["NOTIFY_SOCKET": "vsock:2:1"]) == nil)
        for watchdog in [[:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"]] {
            let environment = watchdog.merging(["NOTIFY_SOCKET": "/nowhere"]) { $1 }
            #expect(try #require(Supervisor(environment: environment, processID: 7)).interval == nil, "\(watchdog)")
        }
    }

    @Test("goes on where nobody listens any more")
    func nobody() throws {
        var supervisor = try #require(
            Supervisor(environment: ["NOTIFY_SOCKET": "\(folder.path)/gone", "WATCHDOG_USEC": "1000000"]))
        supervisor.noteReady()
        supervisor.noteTurn(at: 0)
        supervisor.noteStopping()
    }
}
