import Foundation
import Glibc

/// What a process holds of memory, and who goes first where memory is short.
package enum ProcessMemory {
    /// Bytes in memory that are the process's own, without what it shares with others by mapping files; nil when there is
    /// no such process.
    package static func own(of process: pid_t) -> Int? {
        // Of /proc/PID/statm: size, resident and shared, in pages.
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/statm") else { return nil }
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard numbers.count > 2 else { return nil }
        return (numbers[1] - numbers[2]) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Lets the kernel end this process before those that it would miss more.
    package static func offerFirst() {
        // Where it cannot be said, the kernel chooses by size alone.
        _ = try? Data("500".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))
    }
}
