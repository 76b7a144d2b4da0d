import Glibc

/// The write end of a pipe, and the bytes that the pipe has no room for yet.
///
/// Whoever reads slowly, or not at all, never holds up the writer: what waits is written when a poll finds the pipe
/// writable. Expects `BrokenPipe.isAnError`.
package struct PipeWriter {
    package let descriptor: Int32
    private let waitingByteCountMax: Int
    private var waiting: [[UInt8]] = []
    /// Bytes of the first message that are written.
    private var offset = 0
    package private(set) var waitingByteCount = 0
    /// True once nobody can read any more; what waited is dropped, and what follows too.
    package private(set) var isBroken = false

    /// - Parameters:
    ///   - descriptor: is made non-blocking; the caller closes it.
    ///   - waitingByteCountMax: behind a first message of any size, no more than this waits.
    package init(_ descriptor: Int32, waitingByteCountMax: Int) {
        self.descriptor = descriptor
        self.waitingByteCountMax = waitingByteCountMax
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Writes a message behind those that wait; false when it is not taken, because too much waits already.
    package mutating func write(_ message: [UInt8]) -> Bool {
        guard !isBroken, !message.isEmpty else { return true }
        let behindFirst = waitingByteCount - (waiting.first.map { $0.count - offset } ?? 0)
        guard waiting.isEmpty || behindFirst + message.count <= waitingByteCountMax else { return false }
        waiting.append(message)
        waitingByteCount += message.count
        flush()
        return true
    }

    /// Writes what the pipe has room for now.
    package mutating func flush() {
        while let message = waiting.first {
            let count = message.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN { breakOff() }
                return
            }
            offset += count
            waitingByteCount -= count
            guard offset == message.count else { continue }
            waiting.removeFirst()
            offset = 0
        }
    }

    private mutating func breakOff() {
        isBroken = true
        waiting = []
        waitingByteCount = 0
    }
}
