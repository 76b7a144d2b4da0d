import ArgumentParser
import Cluster
import Fitting
import Foundation

/// Where the coordinator's HTTP API is.
struct RemoteOptions: ParsableArguments {
    @Option(help: "The coordinator's HTTP address (default: TUTTI_URL, or http://127.0.0.1:8080).")
    var url: String?

    var client: APIClient {
        get throws {
            let text = url ?? ProcessInfo.processInfo.environment["TUTTI_URL"] ?? "http://127.0.0.1:8080"
            guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host != nil else {
                throw UserError.unusable("'\(text)' is no HTTP address. Mend: write http://HOST:PORT.")
            }
            return APIClient(base: url)
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
                archive: BundleArchive(input.bundle), settings: SubmissionSettings(settings), again: again ? true : nil)
        )
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
        commandName: "jobs", abstract: "List the jobs of a coordinator.")

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let jobs = try await remote.client.jobs()
        if json {
            try Output.printJSON(jobs)
            return
        }
        let rows = jobs.map { job in
            let done = job.tasks.count { $0.state == "done" }
            return [job.id, job.name, job.state, "\(done) of \(job.tasks.count)", job.text]
        }
        print(TextTable(header: ["job", "name", "state", "tasks done", ""], rows: rows, numeric: [0]).text)
    }
}

struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Fetch the results of a finished job.",
        discussion: "The files are those that `tutti fit` writes, byte for byte but for run.json.")

    @Argument(help: "The job's number, as `tutti submit` and `tutti jobs` print it.")
    var job: String

    @Option(help: "The folder for the results; it must not exist yet.")
    var out: String

    @OptionGroup
    var remote: RemoteOptions

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: out) else {
            throw UserError.unusable("\(out) exists. Mend: name another folder.")
        }
        let client = try remote.client
        let names = try await client.resultNames(of: job)
        let partial = out + ".part"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        for name in names where !name.contains("/") {
            try await client.result(name, of: job).write(to: URL(fileURLWithPath: partial).appendingPathComponent(name))
        }
        try FileManager.default.moveItem(atPath: partial, toPath: out)
        try FitOutcome(directory: out).report(json: false, quiet: false)
    }
}
