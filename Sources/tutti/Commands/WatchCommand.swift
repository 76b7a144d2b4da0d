import ArgumentParser
import Cluster

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the progress of a coordinator's job, or of a portfolio, until it is over.",
        usage: "tutti watch [<job>] [<options>]",
        discussion: """
            On a terminal it shows of a job what `tutti top JOB` shows, until the job is over; q leaves that view for a few \
            lines of progress, ctrl-C ends the command, and the job goes on. Where standard output is no terminal, and of a \
            portfolio, progress goes to standard error. A coordinator that restarts meanwhile is waited for, up to ten \
            minutes.

              tutti watch 12
              tutti watch --portfolio europe

            A job that is held, since what is left of it is quarantined, counts as one that failed.

            Exit codes are those of `tutti fit`: 0 success, 1 the work failed, 3 the fit ran but did not pass its \
            convergence gate; of a portfolio the worst.
            """)

    @Argument(help: "The job's number, as `tutti submit` and `tutti jobs` print it.")
    var job: String?

    @Option(help: "A portfolio's name: of each of its models the latest job.")
    var portfolio: String?

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (job == nil) != (portfolio == nil) else { throw ValidationError("Give a job's number, or --portfolio.") }
    }

    func run() async throws {
        let client = try remote.client
        if let portfolio {
            try await PortfolioWatch(client: client, named: portfolio, json: json).run()
        } else if let job {
            // A first question that is not answered is a mistake, most often in the address.
            _ = try await client.job(job)
            if !json, Output.isTerminal {
                let view = LiveView(client: client, job: job, interval: Following.interval)
                try await view.show(
                    from: view.look(), keys: "q: progress alone  ctrl-C: end", staysAtEnd: false,
                    silenceMax: Following.silenceMax)
            }
            try await JobWatch(client: client, job: job, json: json).run()
        }
    }
}

/// Follows a job of a coordinator to its end.
struct JobWatch {
    let client: APIClient
    let job: String
    let json: Bool

    /// Shows progress, prints the job's number or its last state, and ends the command as `tutti fit` would.
    func run() async throws {
        var following = Following(json: json)
        let last = try await following.untilOver {
            try await client.job(job)
        } isOver: {
            $0.summary.isAtRest
        } progress: {
            $0.progress
        }
        if json { try Output.printJSON(last) } else { print(last.summary.id) }
        let outcome = try await JobOutcome(of: last.summary, client: client)
        guard let verdict = outcome.verdict else {
            let verb = last.summary.isOver ? "has" : "is"
            throw UserError.failed("the job \(verb) \(last.summary.state): \(last.summary.text)")
        }
        for line in verdict.reasons { Output.complain(line) }
        for line in verdict.advice ?? [] { Output.complain("Try: \(line)") }
        for line in verdict.warnings { Output.complain("Warning: \(line)") }
        Output.complain("Fetch the results: tutti results \(job) --into DIR")
        if !verdict.passed { throw ExitCode(3) }
    }
}
