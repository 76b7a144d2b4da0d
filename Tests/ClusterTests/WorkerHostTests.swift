import Cluster
import Foundation
import Glibc
import Testing
import Wire

@Suite("what a worker knows of its host")
struct WorkerHostTests {
    @Test("durations are read as people write them")
    func durations() {
        let seconds: [(String, Double)] = [
            ("90", 90), ("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("1.5h", 5400), ("0", 0),
        ]
        for (text, value) in seconds { #expect(TimeSpan(text)?.nanoseconds == UInt64(value * 1e9), "\(text)") }
        for text in ["", "h", "-1", "1w", "1 h", "1e9", "inf", "nan", "1001d", "9999999999999999999999", ".", "1h."] {
            #expect(TimeSpan(text) == nil, "\(text)")
        }
        #expect(
            ["86400", "90", "60", "7200", "0.5"].compactMap { TimeSpan($0)?.description } == [
                "1d", "90s", "1m", "2h", "0.5s",
            ])
    }

    @Test("amounts of memory are read as people write them")
    func sizes() {
        let sizes: [(String, Int)] = [
            ("1024", 1024), ("4G", 4 << 30), ("4GiB", 4 << 30), ("4gb", 4 << 30), ("1.5K", 1536), ("2T", 2 << 40),
            ("512M", 512 << 20), ("7B", 7),
        ]
        for (text, value) in sizes { #expect(MemorySize(text)?.byteCount == value, "\(text)") }
        for text in ["", "G", "-1G", "4iB", "4X", "4GG", "1e3", "nan", "2048T", "4 G"] {
            #expect(MemorySize(text) == nil, "\(text)")
        }
        #expect([1 << 20, 3 << 29, 1 << 40].map(MemorySize.words) == ["1 MiB", "1.5 GiB", "1 TiB"])
    }

    @Test("tags are words, and not too many")
    func tags() {
        #expect(WorkerTags.problem(in: ["zone=a", "gpu", "größe"]) == nil)
        let wrong: [[String]] = [
            [""], ["a b"], ["a,b"], ["a\n"], [String(repeating: "x", count: 129)], Array(repeating: "a", count: 33),
        ]
        for tags in wrong { #expect(WorkerTags.problem(in: tags)?.mend.isEmpty == false, "\(tags)") }
    }

    @Test("a batch system's word is taken, and no word is no end")
    func walltime() throws {
        func remaining(_ value: String?) throws -> UInt64? {
            try BatchWalltime.remaining(environment: value.map { ["SLURM_JOB_END_TIME": $0] } ?? [:], now: 1000)
        }
        #expect(try remaining("1090") == 90_000_000_000)
        #expect(try remaining("900") == 0)
        #expect(try remaining(nil) == nil && remaining("") == nil)
        #expect(throws: BatchWalltime.Problem.self) { try remaining("tomorrow") }
        #expect(throws: BatchWalltime.Problem.self) { try remaining("inf") }
    }

    /// A kernel's files in a folder.
    private func kernel(_ files: [String: String]) throws -> String {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("kernel-\(UUID().uuidString)")
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return root.path
    }

    @Test("memory is that of the host, or of the tightest group around the process")
    func memory() throws {
        var files = ["proc/meminfo": "MemTotal:       1000 kB\nMemFree: 5 kB\n", "proc/self/cgroup": "0::/a/b\n"]
        files["sys/fs/cgroup/a/memory.max"] = "600000\n"
        files["sys/fs/cgroup/a/b/memory.max"] = "max\n"
        files["sys/fs/cgroup/a/b/memory.events"] = "low 0\noom 4\noom_kill 3\n"
        var root = try kernel(files)
        #expect(ControlGroup(root: root).memory == 600_000)
        #expect(ControlGroup(root: root).outOfMemoryKills == 3)
        try FileManager.default.removeItem(atPath: root)

        files = ["proc/meminfo": "MemTotal:       1000 kB\n", "proc/self/cgroup": "9:name=x:/\n4:memory:/p/q\n0::/\n"]
        files["sys/fs/cgroup/memory/p/memory.limit_in_bytes"] = "9223372036854771712\n"
        files["sys/fs/cgroup/memory/p/q/memory.oom_control"] = "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n"
        root = try kernel(files)
        #expect(ControlGroup(root: root).memory == 1_024_000)
        #expect(ControlGroup(root: root).outOfMemoryKills == 7)
        try FileManager.default.removeItem(atPath: root)

        #expect(ControlGroup(root: "/nowhere").memory == nil)
        #expect(ControlGroup(root: "/nowhere").outOfMemoryKills == nil)
        #expect(try #require(ControlGroup().memory) > 1 << 20, "this machine's")
    }

    @Test("a kill is put down to want of memory as often as the kernel has counted one")
    func kernelKills() {
        var kills = KernelKills(counted: 5)
        let explained = [5, 7, 7, 7, 8].map { kills.explainsKill(counted: $0) }
        #expect(explained == [false, true, true, false, true])
        var unknown = KernelKills(counted: nil)
        let isExplained = unknown.explainsKill(counted: nil)
        #expect(!isExplained)
    }

    @Test("a signal that a program brings on itself is a crash, another is none")
    func exits() throws {
        func failure(_ script: String) throws -> Failure {
            try ChildProcess.start(path: "/bin/sh", arguments: ["-c", script], pipes: false).waitForExit().failure
        }
        #expect(try failure("exit 3") == .error)
        #expect(try failure("kill -KILL $$") == .signal)
        #expect(try failure("kill -TERM $$") == .signal)
        #expect(try failure("kill -BUS $$") == .crash)
        #expect(try failure("kill -ILL $$") == .crash)
    }

    @Test("a process's own memory is what it has filled, without the files it maps")
    func ownMemory() throws {
        let before = try #require(ProcessMemory.own(of: getpid()))
        let filled = [UInt8](repeating: 1, count: 64 << 20)
        let after = try #require(ProcessMemory.own(of: getpid()))
        #expect(filled[filled.count - 1] == 1)
        #expect(after > before + (32 << 20))
        let child = try ChildProcess.start(path: "/bin/true", arguments: [], pipes: false)
        _ = child.waitForExit()
        #expect(ProcessMemory.own(of: child.processID) == nil)
    }
}
