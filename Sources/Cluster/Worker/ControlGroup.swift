import Foundation

/// What the kernel lets this process have of the host's memory, and what it does when that is not enough.
package struct ControlGroup: Sendable {
    private let root: String
    /// The folders of this process's group and those above it, from the inside out.
    private let folders: [String]
    private let isUnified: Bool

    /// - Parameter root: stands for `/`.
    package init(root: String = "") {
        self.root = root
        let lines = Self.text(root + "/proc/self/cgroup").split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        }
        let memory = lines.first { $0.count == 3 && $0[1].split(separator: ",").contains("memory") }
        let unified = lines.first { $0.count == 3 && $0[0] == "0" && $0[1].isEmpty }
        isUnified = memory == nil
        let top = root + (isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory")
        var folders: [String] = []
        var path = (memory ?? unified)?[2] ?? "/"
        while path.hasPrefix("/"), path != "/" {
            folders.append(top + path)
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        self.folders = folders + [top]
    }

    /// Bytes of memory of the host, or of the tightest group that holds this process; nil where the kernel does not say.
    package var memory: Int? {
        let host = Self.text(root + "/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
            .flatMap { line in Int(line.split(separator: " ").dropFirst().first ?? "") }.map { $0 * 1024 }
        let limits = folders.compactMap { folder in
            Int(Self.text(folder + (isUnified ? "/memory.max" : "/memory.limit_in_bytes")).prefix { $0 != "\n" })
        }
        return (limits + (host.map { [$0] } ?? [])).min()
    }

    /// Processes of this group that the kernel has killed for want of memory; nil where it does not count them.
    package var outOfMemoryKills: Int? {
        let counters = Self.text((folders.first ?? root) + (isUnified ? "/memory.events" : "/memory.oom_control"))
        return counters.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
            .flatMap { Int($0.split(separator: " ").last ?? "") }
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
