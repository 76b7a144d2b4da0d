import Foundation
import Glibc

/// A process of this program on the other side of the benchmark.
final class CoordinatorProcess {
    /// Where workers connect.
    let endpoint: String
    private let process = Process()
    private let orders = Pipe()
    private let answers: UnsafeMutablePointer<FILE>

    /// Returns when it is ready.
    init(_ arguments: [String], log: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = orders
        process.standardOutput = output
        let complaints = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        process.standardError = FileHandle(fileDescriptor: complaints, closeOnDealloc: true)
        try process.run()
        guard let answers = fdopen(dup(output.fileHandleForReading.fileDescriptor), "r") else {
            throw BenchmarkError(description: "the answers cannot be read")
        }
        self.answers = answers
        endpoint = try Self.line(of: answers, log: log)
    }

    deinit {
        kill()
        fclose(answers)
    }

    /// Gives an order and waits for its answer.
    func ask(_ order: String) throws -> String {
        try orders.fileHandleForWriting.write(contentsOf: Data("\(order)\n".utf8))
        return try Self.line(of: answers, log: "its log")
    }

    /// SIGKILL; returns when it is gone.
    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Seconds of processor time so far.
    var processorSeconds: Double {
        let text = contents("stat")
        // After the name, which may hold anything: state, then numbers; user and system time are the 12th and 13th.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Bytes of memory now.
    var memory: Double { bytes("VmRSS:") }

    /// The most bytes of memory that it had.
    var memoryMax: Double { bytes("VmHWM:") }

    private func bytes(_ field: String) -> Double {
        let line = contents("status").split(separator: "\n").first { $0.hasPrefix(field) } ?? ""
        return 1024 * (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0)
    }

    private func contents(_ name: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(name)", encoding: .utf8)) ?? ""
    }

    private static func line(of file: UnsafeMutablePointer<FILE>, log: String) throws -> String {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        guard getline(&buffer, &capacity, file) > 0, let buffer else {
            throw BenchmarkError(description: "the coordinator has ended; see \(log)")
        }
        return String(cString: buffer).trimmingCharacters(in: .newlines)
    }
}
