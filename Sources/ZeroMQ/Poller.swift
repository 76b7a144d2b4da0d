import CZeroMQ
import Glibc

/// Waits until a socket or a descriptor (a pipe, an eventfd) has something to read, or a descriptor has room.
package enum Poller {
    /// What is ready. A descriptor whose other side has closed is ready: reading or writing then says so.
    package struct Ready: Hashable, Sendable {
        package let socket: Bool
        /// Which can be read, in the order of the descriptors that were asked for.
        package let descriptors: [Bool]
        /// Which can be written, in the order of those that were asked for.
        package let writable: [Bool]
    }

    /// What is ready to be read, of two sockets of one thread.
    package struct ReadyPair: Hashable, Sendable {
        package let first: Bool
        package let second: Bool
        /// In the order of the descriptors that were asked for.
        package let descriptors: [Bool]
    }

    /// - Parameters:
    ///   - descriptors: are to be read.
    ///   - writable: are to be written.
    ///   - timeout: zero looks without waiting, nil waits without end.
    /// - Returns: all false after the timeout and after a signal: the caller looks around and waits again.
    package static func wait(
        for socket: borrowing Socket, descriptors: [Int32] = [], writable: [Int32] = [], timeout: Duration?
    ) throws(ZeroMQError) -> Ready {
        let ready = try wait(for: [socket.pointer], descriptors: descriptors, writable: writable, timeout: timeout)
        let end = 1 + descriptors.count
        return Ready(socket: ready[0], descriptors: Array(ready[1..<end]), writable: Array(ready[end...]))
    }

    /// The same for two sockets.
    package static func wait(
        for first: borrowing Socket, _ second: borrowing Socket, descriptors: [Int32] = [], timeout: Duration?
    ) throws(ZeroMQError) -> ReadyPair {
        let ready = try wait(
            for: [first.pointer, second.pointer], descriptors: descriptors, writable: [], timeout: timeout)
        return ReadyPair(first: ready[0], second: ready[1], descriptors: Array(ready[2...]))
    }

    private static func wait(
        for sockets: [UnsafeMutableRawPointer], descriptors: [Int32], writable: [Int32], timeout: Duration?
    ) throws(ZeroMQError) -> [Bool] {
        let readable = Int16(ZMQ_POLLIN)
        var items = sockets.map { zmq_pollitem_t(socket: $0, fd: 0, events: readable, revents: 0) }
        items += descriptors.map { zmq_pollitem_t(socket: nil, fd: $0, events: readable, revents: 0) }
        items += writable.map { zmq_pollitem_t(socket: nil, fd: $0, events: Int16(ZMQ_POLLOUT), revents: 0) }
        let milliseconds = timeout.map { Int($0.milliseconds) } ?? -1
        guard zmq_poll(&items, Int32(items.count), milliseconds) >= 0 else {
            if zmq_errno() == EINTR { return items.map { _ in false } }
            throw ZeroMQError("wait for messages")
        }
        return items.map { $0.revents != 0 }
    }
}
