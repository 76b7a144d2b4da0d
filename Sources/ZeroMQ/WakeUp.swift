import CLinux
import Glibc

/// Lets any thread end another's wait in `Poller`. Signals between two looks are one signal. See eventfd(2).
package final class WakeUp: Sendable {
    /// Readable after `signal`, until `drain`.
    package let descriptor: Int32

    package init() throws(ZeroMQError) {
        descriptor = tutti_eventfd()
        guard descriptor >= 0 else { throw ZeroMQError("make an eventfd") }
    }

    deinit {
        close(descriptor)
    }

    /// Never blocks. The write can fail only when 2^64 − 2 signals are pending, and then the descriptor is readable.
    package func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Makes the descriptor unreadable again. Called before looking at what the signal was about: a signal that
    /// comes while looking then ends the next wait.
    package func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
