import CZeroMQ
import Glibc

/// A ZeroMQ context: the library's I/O threads. Safe to share between threads.
///
/// It ends when the last of its sockets has: every `Socket` holds its context.
package final class Context: Sendable {
    /// The library's contexts are thread-safe (zmq_ctx_new(3)).
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// Refuses libzmq older than 4.3.3, which a stranger on the network can crash (CVE-2020-15166).
    package init() throws(ZeroMQError) {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&major, &minor, &patch)
        guard Self.isSupported(major, minor, patch) else {
            throw ZeroMQError(
                code: ENOTSUP, attempt: "use libzmq \(major).\(minor).\(patch)", reason: "4.3.3 or later is needed")
        }
        guard let pointer = zmq_ctx_new() else { throw ZeroMQError("make a context") }
        self.pointer = pointer
    }

    deinit {
        while zmq_ctx_term(pointer) != 0, zmq_errno() == EINTR {}
    }

    package static func isSupported(_ major: Int32, _ minor: Int32, _ patch: Int32) -> Bool {
        (major, minor, patch) >= (4, 3, 3)
    }
}
