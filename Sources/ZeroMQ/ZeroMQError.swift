import CZeroMQ

/// A call of the ZeroMQ library that failed.
package struct ZeroMQError: Error, Hashable, CustomStringConvertible {
    /// The library's error number: `errno`, or one of the library's own from `zmq.h`.
    package let code: Int32
    /// What was attempted, for example `bind tcp://127.0.0.1:5570`.
    package let attempt: String
    /// What the library says about the code.
    package let reason: String

    /// The error of the call that has just failed, on the thread that made it.
    init(_ attempt: String) {
        code = zmq_errno()
        self.attempt = attempt
        reason = String(cString: zmq_strerror(code))
    }

    init(code: Int32, attempt: String, reason: String) {
        self.code = code
        self.attempt = attempt
        self.reason = reason
    }

    package var description: String { "cannot \(attempt): \(reason)" }
}
