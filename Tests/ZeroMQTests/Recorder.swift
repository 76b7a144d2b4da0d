import Foundation
import Glibc
import Synchronization

/// Stands between a client and a port of loopback, passes bytes on both ways and keeps what the client sent. It takes
/// one connection.
final class Recorder: Sendable {
    let port: UInt16
    private let seen = Mutex<[UInt8]>([])

    init(to target: UInt16) throws {
        let listener = try Self.socket()
        var address = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        let server = try Self.socket()
        Thread { [self] in
            let client = accept(listener, nil, nil)
            close(listener)
            var address = Self.address(target)
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard client >= 0, isConnected else { return }
            Thread { Self.pass(from: server, to: client) { _ in } }.start()
            Self.pass(from: client, to: server) { bytes in seen.withLock { $0 += bytes } }
        }.start()
    }

    func hasSeen(_ bytes: [UInt8]) -> Bool {
        seen.withLock { Data($0).range(of: Data(bytes)) != nil }
    }

    private static func socket() throws -> Int32 {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return descriptor
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    /// Ends with either connection, and ends both.
    private static func pass(from source: Int32, to sink: Int32, _ note: ([UInt8]) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            note(Array(buffer[..<count]))
            guard send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(sink, Int32(SHUT_RDWR))
        shutdown(source, Int32(SHUT_RDWR))
    }
}
