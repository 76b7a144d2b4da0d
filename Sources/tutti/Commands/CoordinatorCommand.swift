import ArgumentParser
import Cluster
import ControlAPI
import Coordination
import CoreMetrics
import Foundation
import Logging
import Storage
import Traces

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Keep the queue, hand tasks to workers, put results together.",
        usage: "tutti coordinator [<options>]",
        discussion: """
            Everything durable lies under --state; a coordinator that is killed goes on when it is started again.

              tutti coordinator --state /var/lib/tutti --http 127.0.0.1:8080

            With --keys, connections of workers are encrypted, and only keys that are allowed get in (`tutti keys \
            --help`). Without, workers come from this machine only.

              tutti coordinator --bind tcp://0.0.0.0:5570 --keys /etc/tutti/keys

            With --tokens, the HTTP API answers those who show one (`tutti tokens --help`); without, whoever reaches it, \
            which is this machine only.

            The same address has pages for people: what runs and what it comes to, live.

            Every setting may stand in a file or in the environment instead; an option goes before both.

              tutti coordinator --config /etc/tutti/cluster.yaml --check
            """)

    @OptionGroup
    var options: SettingOptions

    @Option(help: .setting("state", of: .coordinator))
    var state: String?

    @Option(help: .setting("bind", of: .coordinator))
    var bind: String?

    @Option(help: .setting("keys", of: .coordinator))
    var keys: String?

    @Option(help: .setting("http", of: .coordinator))
    var http: String?

    @Option(help: .setting("tokens", of: .coordinator))
    var tokens: String?

    @Flag(help: .setting("allow_plaintext_off_loopback", of: .coordinator))
    var allowPlaintextOffLoopback = false

    @Option(help: .setting("nights", of: .coordinator))
    var nights: String?

    @Option(help: .setting("keep_days", of: .coordinator))
    var keepDays: String?

    @Option(help: .setting("keep_bytes", of: .coordinator))
    var keepBytes: String?

    @Option(help: .setting("lease", of: .coordinator))
    var lease: String?

    @Option(help: .setting("checkpoint_interval", of: .coordinator))
    var checkpointInterval: String?

    @Flag(help: .setting("log_json", of: .coordinator))
    var logJson = false

    @Option(help: .setting("traces", of: .coordinator))
    var traces: String?

    private var given: [String: String?] {
        [
            "state": state, "bind": bind, "keys": keys, "http": http, "tokens": tokens,
            "allow_plaintext_off_loopback": allowPlaintextOffLoopback.given, "nights": nights,
            "keep_days": keepDays, "keep_bytes": keepBytes, "lease": lease, "checkpoint_interval": checkpointInterval,
            "log_json": logJson.given, "traces": traces,
        ]
    }

    func run() async throws {
        BrokenPipe.isAnError()
        let settings = try options.settings(of: .coordinator, given: given)
        let logger = Logger.standardError("coordinator", asJSON: settings.isOn("log_json"))
        guard let http = HTTPAddress(settings.known("http")) else {
            preconditionFailure("an address of HTTP was accepted that is none")
        }
        let gate: Gate?
        let book: TokenBook?
        do {
            gate = try settings.text("keys").map { try Gate(KeyFolder($0), logger: logger) }
            book = try settings.text("tokens").map { try TokenBook(TokenFolder($0), logger: logger) }
        } catch {
            throw UserError.unusable("\(error)")
        }
        if options.check {
            SettingOptions.show(settings)
            return
        }
        let metrics = CoordinatorMetrics.registry()
        MetricsSystem.bootstrap(metrics)
        let tracer = try settings.text("traces").map { path in
            try FileTracer(
                path: path, program: "coordinator", onTrouble: { logger.warning("\($0)") },
                onDrop: CoordinatorMetrics.countingDroppedSpans(in: metrics))
        }
        defer { tracer?.stop() }
        let supervisor = Supervisor(environment: ProcessInfo.processInfo.environment)
        let service: CoordinatorService
        do {
            service = try CoordinatorService(
                CoordinatorConfiguration(
                    state: settings.known("state"), endpoint: settings.known("bind"),
                    settings: CoordinatorSettings(
                        lease: Nanoseconds(settings.knownNumber("lease") * 1e9),
                        checkpoint: Nanoseconds(settings.knownNumber("checkpoint_interval") * 1e9),
                        shares: settings.projectShares),
                    gate: gate,
                    retention: RetentionRule(
                        days: settings.number("keep_days"), bytes: settings.byteCount("keep_bytes")),
                    supervisor: supervisor, metrics: metrics, tracer: tracer),
                logger: logger)
        } catch {
            throw UserError.failed("\(error)")
        }
        let api = ControlAPI(
            service: service, tokens: book, host: http.host, port: http.port, isLocal: http.isLocal,
            nightsFolder: settings.text("nights"), metrics: metrics, tracer: tracer, logger: logger,
            onAnswering: { supervisor?.noteReady() })
        if !http.isLocal {
            logger.warning("the HTTP API has no TLS of its own: tokens and results are for whoever listens on the way")
        }
        logger.info("workers connect to \(service.endpoint)")
        do {
            try await api.run()
        } catch {
            service.stop()
            throw UserError.failed(
                "the HTTP API cannot answer on \(settings.known("http")): \(error). Mend: stop what listens there, or "
                    + "name another address with --http.")
        }
        supervisor?.noteStopping()
        service.stop()
        if let failure = service.failureText { throw UserError.failed(failure) }
    }
}
