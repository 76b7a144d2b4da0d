import ArgumentParser
import Cluster
import ControlAPI
import Logging

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Keep the queue, hand tasks to workers, put results together.",
        discussion: """
            Everything durable lies under --state; a coordinator that is killed goes on when it is started again.

              tutti coordinator --state /var/lib/tutti --bind tcp://127.0.0.1:5570 --http 127.0.0.1:8080

            With --keys, connections of workers are encrypted, and only keys that are allowed get in (`tutti keys \
            --help`). Without, workers come from this machine only.

              tutti coordinator --state /var/lib/tutti --bind tcp://0.0.0.0:5570 --keys /etc/tutti/keys

            With --tokens, the HTTP API answers those who show one (`tutti tokens --help`); without, whoever reaches it, \
            which is this machine only.
            """)

    @Option(help: "The folder of everything durable, on a local disk.")
    var state: String

    @Option(help: "Where workers connect, tcp://HOST:PORT.")
    var bind: String = "tcp://127.0.0.1:5570"

    @Option(help: "The folder of keys: this coordinator's own and those that it allows (default: TUTTI_KEYS).")
    var keys: String?

    @OptionGroup
    var plaintext: PlaintextOptions

    @Option(help: "Where the HTTP API answers, HOST:PORT.")
    var http = HTTPAddress.standard

    @Option(help: "The folder of tokens, one of which the HTTP API is to be shown (default: TUTTI_TOKENS).")
    var tokens: String?

    @OptionGroup(title: "Patience")
    var patience: PatienceOptions

    func validate() throws {
        let isProtected = KeyFolderPath.path(keys) != nil || LinkAddress.isLocal(bind)
        guard isProtected || plaintext.allowPlaintextOffLoopback else {
            throw ValidationError(
                """
                --bind \(bind): without keys, whoever reaches this address could read the data and forge results. \
                Mend: `tutti keys new coordinator --folder FOLDER`, then give --keys FOLDER; or bind a loopback or ipc \
                address; or say --allow-plaintext-off-loopback on a network that something else protects.
                """)
        }
        let hasTokens = TokenFolderPath.path(tokens) != nil
        guard hasTokens || http.isLocal || plaintext.allowPlaintextOffLoopback else {
            throw ValidationError(
                """
                --http \(http.defaultValueDescription): without tokens, whoever reaches this address could read all \
                results and submit work. Mend: `tutti tokens new NAME --role operator --folder FOLDER`, then give \
                --tokens FOLDER; or answer on loopback; or say --allow-plaintext-off-loopback on a network that \
                something else protects.
                """)
        }
    }

    func run() async throws {
        BrokenPipe.isAnError()
        let logger = Logger(label: "coordinator") { StreamLogHandler.standardError(label: $0) }
        let gate: Gate?
        let book: TokenBook?
        do {
            gate = try KeyFolderPath.path(keys).map { try Gate(KeyFolder($0), logger: logger) }
            book = try TokenFolderPath.path(tokens).map { try TokenBook(TokenFolder($0), logger: logger) }
        } catch {
            throw UserError.unusable("\(error)")
        }
        let service: CoordinatorService
        do {
            service = try CoordinatorService(
                CoordinatorConfiguration(
                    state: state, endpoint: bind, settings: patience.settings(workersDieWithCoordinator: false),
                    gate: gate),
                logger: logger)
        } catch {
            throw UserError.failed("\(error)")
        }
        let api = ControlAPI(
            service: service, tokens: book, host: http.host, port: http.port, isLocal: http.isLocal, logger: logger)
        if !http.isLocal {
            logger.warning("the HTTP API has no TLS of its own: tokens and results are for whoever listens on the way")
        }
        logger.info("workers connect to \(service.endpoint)")
        do {
            try await api.run()
        } catch {
            service.stop()
            throw UserError.failed("the HTTP API cannot run: \(error)")
        }
        service.stop()
        if let failure = service.failureText { throw UserError.failed(failure) }
    }
}
