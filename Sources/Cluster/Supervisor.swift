import CLinux
import Coordination
import Glibc

/// What keeps this process running, as systemd does, and is told by datagrams how it is: that it has begun, that it lives,
/// that it leaves. See sd_notify(3).
///
/// The signs of life are sent by the loop whose work they speak for: a loop that hangs sends none, and the supervisor
/// starts the process anew.
package struct Supervisor: Sendable {
    private let socket: String
    /// Between two signs of life; nil: none is waited for.
    package let interval: Nanoseconds?
    private var nextSign: Nanoseconds = 0

    /// Nil where nobody wants to be told.
    /// - Parameter environment: has NOTIFY_SOCKET, and WATCHDOG_USEC where signs of life are waited for.
    package init?(environment: [String: String], processID: pid_t = getpid()) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.hasPrefix("/") || socket.hasPrefix("@") else {
            return nil
        }
        self.socket = socket
        // What was meant for a process that has started this one is not for this one.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == String(processID) } ?? true
        // Twice as often as it must be, so that one that comes late is no alarm.
        let microseconds = isMeant ? environment["WATCHDOG_USEC"].flatMap { UInt32($0) } : nil
        interval = microseconds.flatMap { $0 > 0 ? Nanoseconds($0) * 500 : nil }
    }

    /// It does what it is for.
    package func noteReady() { say("READY=1") }

    /// It leaves by itself.
    package func noteStopping() { say("STOPPING=1") }

    /// The caller's loop goes round: a sign of life, if one is due.
    package mutating func noteTurn(at now: Nanoseconds) {
        guard let interval, now >= nextSign else { return }
        nextSign = now + interval
        say("WATCHDOG=1")
    }

    /// A supervisor that cannot be told has reasons of its own, and the next sign of life may reach it.
    private func say(_ text: String) {
        _ = tutti_notify(socket, text)
    }
}
