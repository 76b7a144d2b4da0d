import Foundation
import Glibc
import Synchronization

/// `tutti` as it is installed, with the lines of its log and when each came.
final class ProgramProcess: Sendable {
    private struct Log {
        var lines: [(text: String, at: Double)] = []
        var isOver = false
    }

    private let process = Process()
    private let log = Mutex(Log())
    private let changed = DispatchSemaphore(value: 0)

    /// Beside the benchmarks.
    static var path: String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("tutti").path
    }

    init(_ arguments: [String]) throws {
        let complaints = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = complaints
        do {
            try process.run()
        } catch {
            throw BenchmarkError(
                description: "\(Self.path) cannot be run: \(error). Mend: swift build -c release --product tutti")
        }
        guard let lines = fdopen(dup(complaints.fileHandleForReading.fileDescriptor), "r") else {
            throw BenchmarkError(description: "the log of \(arguments[0]) cannot be read")
        }
        nonisolated(unsafe) let stream = lines
        Thread { [self] in read(stream) }.start()
    }

    private func read(_ stream: UnsafeMutablePointer<FILE>) {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        while getline(&buffer, &capacity, stream) > 0, let buffer {
            let line = String(cString: buffer)
            log.withLock { $0.lines.append((line, Moment.now())) }
            changed.signal()
        }
        free(buffer)
        fclose(stream)
        log.withLock { $0.isOver = true }
        changed.signal()
    }

    var processID: pid_t { process.processIdentifier }

    /// Processes that it has started.
    var children: [pid_t] {
        let text = try? String(contentsOfFile: "/proc/\(processID)/task/\(processID)/children", encoding: .utf8)
        return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// When the first line with these words came that is no older than `moment`; nil when there is none yet.
    func moment(of words: [String], since moment: Double) -> Double? {
        log.withLock { $0.lines.first { line in line.at >= moment && words.allSatisfy(line.text.contains) }?.at }
    }

    /// Waits for a line with these words. Of one thread.
    func wait(for words: String..., since moment: Double = -.infinity) throws -> Double {
        while true {
            if let at = self.moment(of: words, since: moment) { return at }
            let isOver = log.withLock { $0.isOver }
            guard !isOver, changed.wait(timeout: .now() + .seconds(120)) == .success else {
                let text = log.withLock { $0.lines.suffix(5).map(\.text).joined() }
                throw BenchmarkError(description: "no line with \(words) has come; the last ones are\n\(text)")
            }
        }
    }

    /// What follows the words in the first line that has them, up to white space.
    func word(after words: String) throws -> String {
        _ = try wait(for: words)
        let line = log.withLock { $0.lines.first { $0.text.contains(words) }?.text } ?? ""
        let rest = line.components(separatedBy: words).last ?? ""
        return String(rest.trimmingCharacters(in: .whitespacesAndNewlines).prefix { !$0.isWhitespace })
    }

    func send(_ signal: Int32) { Glibc.kill(processID, signal) }

    /// Ends it, whatever it does; returns when it is gone.
    func end() {
        guard process.isRunning else { return }
        send(SIGKILL)
        process.waitUntilExit()
    }

    /// What became of a run.
    struct Run {
        /// From start to end.
        var seconds: Double
        /// Seconds of processor time, with those of all processes that it has started.
        var processorSeconds: Double
        /// What it printed.
        var output: String
    }

    /// Runs it to its end; one run at a time.
    @discardableResult
    static func run(_ arguments: [String], program: String = path) throws -> Run {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        let (begin, work) = (Moment.now(), processorSecondsOfChildren())
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let seconds = Moment.now() - begin
        // 3: the draws were too few for the gate.
        guard process.terminationReason == .exit, [0, 3].contains(process.terminationStatus) else {
            throw BenchmarkError(description: "\(arguments.joined(separator: " ")) ended with an error")
        }
        return Run(
            seconds: seconds, processorSeconds: processorSecondsOfChildren() - work,
            output: text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Of all that have ended.
    private static func processorSecondsOfChildren() -> Double {
        var usage = rusage()
        guard getrusage(RUSAGE_CHILDREN.rawValue, &usage) == 0 else { return 0 }
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + 1e-6 * Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }
}
