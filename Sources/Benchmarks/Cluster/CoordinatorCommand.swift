import ArgumentParser
import Cluster
import Coordination
import Fitting
import Foundation
import Logging
import ModelChecks
import ModelFile
import Wire
import ZeroMQ

/// The other side of the cluster benchmark: a coordinator that takes its orders from standard input, a line each, and
/// answers each with a line.
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster-coordinator", abstract: "The coordinator of the cluster benchmark.", shouldDisplay: false)

    @Option var state: String
    @Option var keys: String
    @Option var bind: String
    @Option var model: String

    func run() async throws {
        let logger = Logger(label: "coordinator") { StreamLogHandler.standardError(label: $0) }
        let service = try CoordinatorService(
            CoordinatorConfiguration(
                state: state, endpoint: bind, gate: try Gate(KeyFolder(keys), logger: logger)),
            logger: logger,
            // Draws that nobody has computed would be refused. Of a real block the look costs its SHA-256 once more.
            inspecting: { _ in { _, _ in nil } })
        Self.answer(service.endpoint)
        let bundle = try ModelFileReader.bundle(at: model)
        let read = try ModelFileReader.read(bundle).judged()
        var submissions: [[Int]: FitSubmission] = [:]
        while let line = readLine() {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch (words.first, numbers.count) {
            case ("submit", 2):
                var settings = FitSettings(read.specification)
                (settings.chains, settings.resamples) = (numbers[0], numbers[1])
                let submission =
                    try submissions[numbers] ?? FitSubmission(bundle: bundle, read: read, settings: settings)
                submissions[numbers] = submission
                Self.answer("\(try await service.submit(submission, again: true).job.number)")
            case ("cancel", 1):
                Self.answer(try await service.cancel(JobID(UInt64(numbers[0]))) ?? "cancelled")
            default:
                Self.answer("what is \(line)?")
            }
        }
        service.stop()
    }

    private static func answer(_ line: String) {
        print(line)
        fflush(nil)
    }
}

/// Sends every message back to where it came from: the sockets alone.
struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster-echo", abstract: "The sockets of the cluster benchmark alone.", shouldDisplay: false)

    @Option var keys: String
    @Option var bind: String

    func run() throws {
        var options = SocketOptions()
        options.security = .server(secretKey: try BenchmarkKeys(folder: keys).coordinator, domain: "tutti")
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { _ in true }
        let socket = try Socket(.router, context: context, options: options)
        try socket.bind(bind)
        print(try socket.lastEndpoint())
        fflush(nil)
        while true {
            _ = try Poller.wait(for: socket, timeout: .seconds(1))
            while let message = try socket.receiveMessage() {
                _ = try socket.send(Array(message.frames.dropFirst()), to: message.frames[0])
            }
        }
        withExtendedLifetime(gatekeeper) {}
    }
}
