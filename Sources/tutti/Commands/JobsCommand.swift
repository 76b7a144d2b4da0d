import ArgumentParser
import Cluster

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List the jobs of a coordinator, the newest first, or say whose results are kept.",
        usage: "tutti jobs [<options>]",
        discussion: """
            The results of a pinned job stay whatever `keep_days` and `keep_bytes` say.

              tutti jobs --state succeeded
              tutti jobs --portfolio europe
              tutti jobs --pin 12 --pin 13
              tutti jobs --unpin 12
            """)

    @Option(help: "How many jobs at the most.")
    var limit: Int = 50

    @Option(help: "Jobs older than this one.")
    var after: String?

    @Option(help: "Only jobs in this state: queued, running, paused, held, assembling, succeeded, failed or cancelled.")
    var state: String?

    @Option(help: "Only jobs of this portfolio.")
    var portfolio: String?

    @Option(
        help: ArgumentHelp(
            "Keep this job's results whatever the rule of retention says; may be repeated.", valueName: "job"))
    var pin: [String] = []

    @Option(
        help: ArgumentHelp("Leave this job's results to the rule of retention; may be repeated.", valueName: "job"))
    var unpin: [String] = []

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
    }

    /// Characters of what is said of a job; `watch` and `--json` say all.
    private static let textLengthMax = 80

    func run() async throws {
        let client = try remote.client
        guard pin.isEmpty && unpin.isEmpty else {
            try await JobChangeOptions.change(pin, json: json, "pinned") { try await client.change($0, "pin") }
            try await JobChangeOptions.change(unpin, json: json, "not pinned") { try await client.change($0, "unpin") }
            return
        }
        var jobs: [JobSummary] = []
        var next = after
        repeat {
            let page = try await client.jobs(
                limit: min(limit - jobs.count, JobPage.countMax), after: next, state: state, portfolio: portfolio)
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
        let hasPortfolios = jobs.contains { $0.portfolio != nil }
        var own = ["job", "name"]
        if hasPortfolios { own.append("portfolio") }
        if hasProjects { own.append("project") }
        own.append("state")
        let rows = jobs.map { job in
            let share = job.iterations == 0 ? 0 : 100 * job.iteration / job.iterations
            var row = [job.id, job.name]
            if hasPortfolios { row.append(job.portfolio.map { "\($0.name): \($0.model)" } ?? "") }
            if hasProjects { row.append(job.project) }
            row += [
                job.isPinned ? "\(job.state), pinned" : job.state, "\(share) %",
                "\(job.taskCounts.done) of \(job.taskCounts.total)",
                String(job.submittedAt.prefix(16)).replacing("T", with: " "),
                String((job.text.split(separator: "\n").first ?? "").prefix(textLengthMax)),
            ]
            return row
        }
        return TextTable(
            header: own + ["done", "tasks", "submitted", ""], rows: rows, numeric: [0, own.count, own.count + 1],
            width: Output.width
        ).text
    }
}
