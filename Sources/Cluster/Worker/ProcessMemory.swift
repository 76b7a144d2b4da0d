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

    /// Living processes whose parent is one of these.
    static func children(of parents: Set<pid_t>) -> Set<pid_t> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Set(
            names.compactMap { pid_t($0) }.filter { process in
                guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return false }
                // The name, in parentheses, may hold anything; state and parent come behind it.
                let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
                return fields.flatMap { $0.count > 1 ? pid_t($0[1]) : nil }.map(parents.contains) ?? false
            })
    }

    /// Lets the kernel end this process before those that it would miss more.
    package static func offerFirst() {
        // Where it cannot be said, the kernel chooses by size alone.
        _ = try? Data("500".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))
    }
}
