import Dispatch
import Foundation
import Synchronization
import ZeroMQ

/// Round trips of the sockets alone, encrypted.
enum EchoBenchmark {
    private static let depth = 16
    private static let byteCount = 256
    private static let warmUp = 0.5
    private static let seconds = 2.0

    static func rate(peers: Int, endpoint: String, security: SocketSecurity) throws -> Double {
        let counts = Mutex<[Int]>([])
        let threads = DispatchGroup()
        for _ in 0..<peers {
            threads.enter()
            let thread = Thread {
                let count = (try? roundTrips(endpoint: endpoint, security: security)) ?? 0
                counts.withLock { $0.append(count) }
                threads.leave()
            }
            thread.start()
        }
        threads.wait()
        return Double(counts.withLock { $0.reduce(0, +) }) / seconds
    }

    private static func roundTrips(endpoint: String, security: SocketSecurity) throws -> Int {
        var options = SocketOptions()
        options.security = security
        let socket = try Socket(.dealer, context: try Context(), options: options)
        try socket.connect(endpoint)
        let message = [[UInt8](repeating: 1, count: byteCount)]
        var underWay = 0
        var count = 0
        let begin = Moment.now()
        while Moment.now() < begin + warmUp + seconds {
            // Refused until there is a connection.
            while underWay < depth, try socket.send(message) { underWay += 1 }
            _ = try Poller.wait(for: socket, timeout: .milliseconds(10))
            while try socket.receive() != nil {
                underWay -= 1
                if Moment.now() > begin + warmUp { count += 1 }
            }
        }
        return count
    }
}
