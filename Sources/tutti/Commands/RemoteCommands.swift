import ArgumentParser
import Cluster
import Fitting
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

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Hand a fit to a coordinator.",
        discussion: """
            Uploads model and data and prints the job's number. The same content submitted twice is the same job, unless \
            that has failed or was cancelled.

              tutti submit model.yaml --wait --url http://127.0.0.1:8080
            """)

    @Argument(help: "The model file.")
    var model: String

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Make a new job, also where the same content was submitted before.")
    var again = false

    @OptionGroup(title: "Queue")
    var queue: QueueOptions

    @Flag(help: "Wait until the job is over, show its progress, and end with the exit code of `tutti fit`.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let input = try ModelInput(path: model)
        var settings = FitSettings(input.read.specification)
        sampling.apply(to: &settings)
        let client = try remote.client
        let job = try await client.submit(
            SubmissionRequest(
                archive: BundleArchive(input.bundle), settings: SubmissionSettings(settings), again: again ? true : nil,
                queue: queue.request))
        if !wait {
            if json { try Output.printJSON(job) } else { print(job.id) }
            return
        }
        Output.complain("job \(job.id)")
        try await JobWatch(client: client, job: job.id, json: json).run()
    }
}

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List the jobs of a coordinator, the newest first.")

    @Option(help: "How many jobs at the most.")
    var limit: Int = 50

    @Option(help: "Jobs older than this one.")
    var after: String?

    @Option(help: "Only jobs in this state: queued, running, assembling, succeeded, failed or cancelled.")
    var state: String?

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
    }

    /// What the API gives at once.
    private static let pageMax = 500
    /// Characters of what is said of a job; `watch` and `--json` say all.
    private static let textLengthMax = 80

    func run() async throws {
        let client = try remote.client
        var jobs: [JobSummary] = []
        var next = after
        repeat {
            let page = try await client.jobs(limit: min(limit - jobs.count, Self.pageMax), after: next, state: state)
            jobs += page.jobs
            next = page.next
        } while next != nil && jobs.count < limit
        if json {
            try Output.printJSON(jobs)
            return
        }
        guard !jobs.isEmpty else {
            Output.complain("There are no jobs\(state.map { " in the state \($0)" } ?? "").")
            return
        }
        print(Self.table(jobs))
        if let next { Output.complain("There are older ones: tutti jobs --after \(next)") }
    }

    private static func table(_ jobs: [JobSummary]) -> String {
        // Whose work it is says nothing where all is of one.
        let hasProjects = Set(jobs.map(\.project)).count > 1
        let header = ["job", "name"] + (hasProjects ? ["project"] : []) + ["state", "done", "tasks", "submitted", ""]
        let rows = jobs.map { job in
            let share = job.iterations == 0 ? 0 : 100 * job.iteration / job.iterations
            return [job.id, job.name] + (hasProjects ? [job.project] : [])
                + [
                    job.state, "\(share) %", "\(job.taskCounts.done) of \(job.taskCounts.total)",
                    String(job.submittedAt.prefix(16)).replacing("T", with: " "),
                    String((job.text.split(separator: "\n").first ?? "").prefix(textLengthMax)),
                ]
        }
        let first = hasProjects ? 4 : 3
        return TextTable(header: header, rows: rows, numeric: [0, first, first + 1], width: Output.width).text
    }
}

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs of a coordinator.",
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
        commandName: "resume", abstract: "Resume paused jobs of a coordinator.")

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
        for id in jobs {
            let job = try await change(client, id)
            if json { Output.printJSONLine(job) } else { print("job \(job.id) is \(word)") }
        }
    }
}

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a job waits.",
        discussion: """
            In one sentence, with what would change it: no worker, none with these tags or so much memory, a job that has \
            to succeed first, a pause, a higher class, another project's turn.

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
        commandName: "workers", abstract: "List the workers of a coordinator.")

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
