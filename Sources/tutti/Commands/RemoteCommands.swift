import ArgumentParser
import Cluster
import Foundation

/// Where the coordinator's HTTP API is, and what lets in there.
struct RemoteOptions: ParsableArguments {
    @Option(help: "The coordinator's HTTP address (default: TUTTI_URL, or http://127.0.0.1:8080).")
    var url: String?

    @Option(
        help: """
            The file of the token, for its owner alone to read (default: TUTTI_TOKEN_FILE, then the token itself in \
            TUTTI_TOKEN, then the systemd credential tutti-token).
            """)
    var tokenFile: String?

    @Flag(
        help: """
            Show the token off loopback without TLS too. Whoever listens on the way can read it: for networks that \
            something else protects.
            """)
    var allowPlaintextOffLoopback = false

    var client: APIClient {
        get throws {
            let text = url ?? ProcessInfo.processInfo.environment["TUTTI_URL"] ?? "http://127.0.0.1:8080"
            guard let url = URL(string: text), let host = url.host, url.scheme == "http" || url.scheme == "https" else {
                throw UserError.unusable("'\(text)' is no HTTP address. Mend: write http://HOST:PORT.")
            }
            let token: String?
            do {
                token = try HeldToken.text(file: tokenFile)
            } catch {
                throw UserError.unusable("\(error)")
            }
            let isReadable =
                url.scheme == "http" && !HTTPAddress.isLocal(host.trimmingCharacters(in: ["[", "]"])) && token != nil
            guard !isReadable || allowPlaintextOffLoopback else {
                throw UserError.unusable(
                    """
                    \(text): whoever listens on the way could read the token. Mend: ask through https://, or through a \
                    tunnel to loopback; or say --allow-plaintext-off-loopback on a network that something else protects.
                    """)
            }
            return APIClient(base: url, token: token)
        }
    }
}

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs of a coordinator.",
        usage: "tutti cancel <jobs> ... [<options>]",
        discussion: """
            What a job has computed is let go; submitted again, it begins anew.

              tutti cancel 12 13
            """)

    @OptionGroup
    var change: JobChangeOptions

    func run() async throws {
        try await change.run("cancelled") { try await $0.change($1, "cancel") }
    }
}

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pause jobs of a coordinator.",
        usage: "tutti pause <jobs> ... [<options>]",
        discussion: """
            What runs gives way at its next checkpoint, and goes on from there when the job is resumed.

              tutti pause 12
              tutti resume 12
            """)

    @OptionGroup
    var change: JobChangeOptions

    func run() async throws {
        try await change.run("paused") { try await $0.change($1, "pause") }
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resume jobs of a coordinator that are paused or held.",
        usage: "tutti resume <jobs> ... [<options>]",
        discussion: """
            A job is held where one of its tasks is quarantined, since it ended at one place on two workers. Resumed, the \
            task is tried again as if it never had been, from its last checkpoint.

              tutti resume 12
            """)

    @OptionGroup
    var change: JobChangeOptions

    func run() async throws {
        try await change.run("resumed") { try await $0.change($1, "resume") }
    }
}

struct PrioritiseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prioritise",
        abstract: "Move jobs of a coordinator to another class.",
        usage: "tutti prioritise --to <to> <jobs> ... [<options>]",
        discussion: """
            Jobs of a higher class go first, and what runs in a lower one gives way at its next checkpoint. The classes \
            high and urgent are for operators.

              tutti prioritise 12 --to high
            """)

    @Option(help: "low, normal, high or urgent.")
    var to: String

    @OptionGroup
    var change: JobChangeOptions

    func run() async throws {
        try await change.run("moved to \(to)") { try await $0.prioritise($1, to) }
    }
}

/// Which jobs are changed, and where.
struct JobChangeOptions: ParsableArguments {
    @Argument(help: "The jobs' numbers, as `tutti submit` and `tutti jobs` print them.")
    var jobs: [String]

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run(_ word: String, _ change: (APIClient, String) async throws -> JobSummary) async throws {
        let client = try remote.client
        try await Self.change(jobs, json: json, word) { try await change(client, $0) }
    }

    /// Changes one job after another, and says of each that it is done.
    static func change(
        _ jobs: [String], json: Bool, _ word: String, _ change: (String) async throws -> JobSummary
    ) async throws {
        for id in jobs {
            let job = try await change(id)
            if json { Output.printJSONLine(job) } else { print("job \(job.id) is \(word)") }
        }
    }
}

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a job waits.",
        usage: "tutti why <job> [<options>]",
        discussion: """
            In one sentence, with what would change it: no worker, none with these tags or so much memory, a job that has \
            to succeed first, a pause, a quarantined task, a higher class, another project's turn.

              tutti why 12
            """)

    @Argument(help: "The job's number.")
    var job: String

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let reply = try await remote.client.reason(of: job)
        if json { try Output.printJSON(reply) } else { print(reply.sentence) }
    }
}

struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "List the workers of a coordinator.",
        usage: "tutti workers [<options>]")

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let workers = try await remote.client.workers().workers
        if json {
            try Output.printJSON(workers)
            return
        }
        guard !workers.isEmpty else {
            Output.complain("No worker is connected. Mend: start one, tutti worker --connect.")
            return
        }
        let rows = workers.map { [$0.name, String($0.tasks), String($0.slots)] }
        print(TextTable(header: ["worker", "tasks", "slots"], rows: rows, numeric: [1, 2], width: Output.width).text)
    }
}
