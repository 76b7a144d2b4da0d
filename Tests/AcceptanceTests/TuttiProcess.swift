import Foundation
import Glibc
import Synchronization
import Testing

/// The built program, run as a user runs it.
final class TuttiProcess: Sendable {
    struct Outcome {
        var code: Int32
        var output: String
        var complaints: String
    }

    /// Lines of standard output as they come, and what has come on standard error.
    private struct Streams {
        var lines: [String] = []
        var partial: [UInt8] = []
        var complaints: [UInt8] = []
        var openPipes = 2
    }

    private let process: Process
    private let streams = Mutex(Streams())
    private let changed = DispatchSemaphore(value: 0)

    /// The program beside the test bundle.
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("tutti").path
    }()

    /// What workers share lasts as long as this run of the tests: another has to fetch it again.
    private static let cacheFolder: String = {
        atexit { try? FileManager.default.removeItem(atPath: TuttiProcess.cachePath) }
        return cachePath
    }()

    private static var cachePath: String {
        FileManager.default.temporaryDirectory.appendingPathComponent("tutti-cache-\(getpid())").path
    }

    /// - Parameters:
    ///   - launcher: a command that becomes the program, such as `ip netns exec NAME`; empty for none.
    ///   - input: what the program reads; nil for nothing.
    init(
        _ arguments: [String], environment: [String: String] = [:], directory: URL? = nil, launcher: [String] = [],
        input: Pipe? = nil
    ) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: launcher.isEmpty ? Self.path : "/usr/bin/env")
        process.arguments = launcher.isEmpty ? arguments : launcher + [Self.path] + arguments
        // Nothing of a test stays in the folders of whoever runs it.
        let folder = FileManager.default.temporaryDirectory
        let own = [
            "XDG_STATE_HOME": folder.appendingPathComponent("tutti-state").path, "XDG_CACHE_HOME": Self.cacheFolder,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
        process.currentDirectoryURL = directory
        process.standardInput = input ?? FileHandle.nullDevice
        let output = Pipe()
        let complaints = Pipe()
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        read(output.fileHandleForReading) { streams, bytes in
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    streams.lines.append(String(decoding: streams.partial, as: UTF8.self))
                    streams.partial = []
                } else {
                    streams.partial.append(byte)
                }
            }
        }
        read(complaints.fileHandleForReading) { streams, bytes in streams.complaints += bytes }
    }

    private func read(_ handle: FileHandle, _ take: @escaping @Sendable (inout Streams, ArraySlice<UInt8>) -> Void) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(handle.fileDescriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                streams.withLock { take(&$0, buffer[..<count]) }
                changed.signal()
            }
            streams.withLock { $0.openPipes -= 1 }
            changed.signal()
        }
    }

    var processID: pid_t { process.processIdentifier }

    /// How long a line, or a connection, is waited for: longer than any takes on a slow machine.
    private static let patience = 600

    /// Says that what was waited for has not come, and what has come last instead.
    private func giveUp(on what: String, _ location: SourceLocation) {
        let (lines, complaints) = streams.withLock {
            ($0.lines.suffix(5), String(decoding: $0.complaints, as: UTF8.self).split(separator: "\n").suffix(5))
        }
        let words = (process.arguments ?? []).joined(separator: " ")
        Issue.record(
            """
            \(what) of `\(words)` has not come in \(Self.patience) s; the last lines of its output:
            \(lines.joined(separator: "\n"))
            and of its complaints:
            \(complaints.joined(separator: "\n"))
            """, sourceLocation: location)
    }

    /// Waits until a line of standard output satisfies `condition`; nil when the program ends first, or it takes too long.
    func waitForLine(
        location: SourceLocation = #_sourceLocation, where condition: (String) -> Bool
    ) -> String? {
        let deadline = DispatchTime.now() + .seconds(Self.patience)
        var seen = 0
        while true {
            let (new, isOpen) = streams.withLock { (Array($0.lines[seen...]), $0.openPipes > 0) }
            for line in new where condition(line) { return line }
            seen += new.count
            guard isOpen else { return nil }
            guard changed.wait(timeout: deadline) == .success else {
                giveUp(on: "a line", location)
                return nil
            }
        }
    }

    /// Waits until a line of standard error satisfies `condition`; false when the program ends first, or it takes too long.
    func waitForComplaint(
        location: SourceLocation = #_sourceLocation, where condition: (String) -> Bool
    ) -> Bool {
        let deadline = DispatchTime.now() + .seconds(Self.patience)
        var seen = 0
        while true {
            let (text, isOpen) = streams.withLock {
                (String(decoding: $0.complaints, as: UTF8.self), $0.openPipes > 0)
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            for line in lines.dropFirst(seen) where condition(String(line)) { return true }
            seen = lines.count
            guard isOpen else { return false }
            guard changed.wait(timeout: deadline) == .success else {
                giveUp(on: "a complaint", location)
                return false
            }
        }
    }

    /// Waits until so many connections to an address of this program's host have been seen, by their other ports.
    func waitForConnections(_ count: Int, to address: String, location: SourceLocation = #_sourceLocation) {
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        let port = address.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        let suffix = ":" + String(format: "%04X", port)
        var seen: Set<Substring> = []
        while seen.count < count, process.isRunning {
            let table = FileManager.default.contents(atPath: "/proc/\(processID)/net/tcp") ?? Data()
            for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 2 else { continue }
                if fields[1].hasSuffix(suffix) { seen.insert(fields[2]) }
                if fields[2].hasSuffix(suffix) { seen.insert(fields[1]) }
            }
            guard ContinuousClock.now < deadline else {
                giveUp(on: "connection \(seen.count + 1)", location)
                return
            }
            // One that is refused does not last.
            usleep(2_000)
        }
    }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end of the program and of its output.
    func wait() -> Outcome {
        process.waitUntilExit()
        while streams.withLock({ $0.openPipes > 0 }) { changed.wait() }
        return streams.withLock { streams in
            Outcome(
                code: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
                output: streams.lines.joined(separator: "\n"),
                complaints: String(decoding: streams.complaints, as: UTF8.self))
        }
    }

    static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: URL? = nil, launcher: [String] = []
    ) throws -> Outcome {
        try TuttiProcess(arguments, environment: environment, directory: directory, launcher: launcher).wait()
    }
}

/// Processes of the machine, read from /proc.
enum ProcessTable {
    struct Entry {
        var processID: pid_t
        var parent: pid_t
        /// `Z` for one that is dead and not yet reaped.
        var state: Character
        var arguments: [String]
    }

    static func entries() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(pid_t.init).sorted().compactMap { processID in
            guard let status = contents("/proc/\(processID)/stat"), let end = status.lastIndex(of: ")") else {
                return nil
            }
            let fields = status[status.index(end, offsetBy: 2)...].split(separator: " ")
            guard fields.count > 1, let state = fields[0].first, let parent = pid_t(fields[1]) else { return nil }
            let words = (contents("/proc/\(processID)/cmdline") ?? "").split(separator: "\0").map(String.init)
            return Entry(processID: processID, parent: parent, state: state, arguments: words)
        }
    }

    /// All living processes below `ancestor`, parents first.
    static func descendants(of ancestor: pid_t) -> [Entry] {
        let living = entries().filter { $0.state != "Z" }
        var found: [Entry] = []
        var parents: [pid_t] = [ancestor]
        while !parents.isEmpty {
            let children = living.filter { parents.contains($0.parent) }
            found += children
            parents = children.map(\.processID)
        }
        return found
    }

    /// A slot of a worker that has begun a task; on a busy machine it may bear its own arguments a little later.
    static func slot(of worker: pid_t) -> Entry? {
        let deadline = ContinuousClock.now + .seconds(20)
        repeat {
            let found = descendants(of: worker).first { $0.arguments.dropFirst().first == "slot" }
            if let found { return found }
            usleep(20_000)
        } while ContinuousClock.now < deadline
        return nil
    }

    private static func contents(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
