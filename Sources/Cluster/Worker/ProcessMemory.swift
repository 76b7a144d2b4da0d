import Foundation
import Glibc

/// What a process holds of memory, and who goes first where memory is short.
package enum ProcessMemory {
    /// Bytes in memory that are the process's own, without what it shares with others by mapping files; nil when there is
    /// no such process.
    package static func own(of process: pid_t) -> Int? { pages(of: process).map { $0.resident - $0.shared } }

    /// The same with what it shares.
    static func resident(of process: pid_t) -> Int? { pages(of: process).map(\.resident) }

    /// In bytes.
    private static func pages(of process: pid_t) -> (resident: Int, shared: Int)? {
        // Of /proc/PID/statm: size, resident and shared, in pages.
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/statm") else { return nil }
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard numbers.count > 2 else { return nil }
        let size = sysconf(Int32(_SC_PAGESIZE))
        return (numbers[1] * size, numbers[2] * size)
    }

    /// Processes that any thread of this one has started and that have not been reaped; empty where the kernel does not say.
    static func children(of process: pid_t) -> [pid_t] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread -> [pid_t] in
            let bytes = FileManager.default.contents(atPath: "/proc/\(process)/task/\(thread)/children") ?? Data()
            return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Lets the kernel end this process before those that it would miss more.
    package static func offerFirst() {
        // Where it cannot be said, the kernel chooses by size alone.
        _ = try? Data("500".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))
    }
}
