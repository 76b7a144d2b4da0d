import ArgumentParser
import Cluster
import Foundation
import Results

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the progress of a coordinator's job until it is over.",
        discussion: """
            Exit codes are those of `tutti fit`: 0 success, 1 the work failed, 3 the fit ran but did not pass its \\
            convergence gate.
            """)

    @Argument(help: "The job's number, as `tutti submit` and `tutti jobs` print it.")
    var job: String

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await JobWatch(client: try remote.client, job: job, json: json).run()
    }
}

/// Follows a job of a coordinator to its end.
struct JobWatch {
    let client: APIClient
    let job: String
    let json: Bool

    /// Shows progress, prints the job's number or its last state, and ends the command as `tutti fit` would.
    func run() async throws {
        var display = ProgressDisplay(at: Monotonic.now())
        var progress = try await client.job(job)
        while !progress.isOver {
            if !json { display.show(progress, at: Monotonic.now()) }
            try await Task.sleep(for: .milliseconds(300))
            progress = try await client.job(job)
        }
        display.clear()
        if json { try Output.printJSON(progress) } else { print(progress.id) }
        guard progress.state == "succeeded" else {
            throw UserError.failed("the job has \(progress.state): \(progress.text)")
        }
        let manifest = try await client.result(ResultsFolder.manifestName, of: job)
        guard let verdict = try? JSONDecoder().decode(Manifest.self, from: manifest).verdict else {
            throw UserError.failed("the results of job \(job) are of another version.")
        }
        for line in verdict.reasons { Output.complain(line) }
        for line in verdict.advice ?? [] { Output.complain("Try: \(line)") }
        for line in verdict.warnings { Output.complain("Warning: \(line)") }
        Output.complain("Fetch the results: tutti results \(job) --out DIR")
        if !verdict.passed { throw ExitCode(3) }
    }
}
