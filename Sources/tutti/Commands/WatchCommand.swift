import ArgumentParser
import Cluster
import Foundation
import Results

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the progress of a coordinator's job until it is over.",
        discussion: """
            A coordinator that restarts meanwhile is waited for, up to ten minutes.

            Exit codes are those of `tutti fit`: 0 success, 1 the work failed, 3 the fit ran but did not pass its \
            convergence gate.
            """)

    @Argument(help: "The job's number, as `tutti submit` and `tutti jobs` print it.")
    var job: String

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let client = try remote.client
        // A first question that is not answered is a mistake, most often in the address.
        _ = try await client.job(job)
        try await JobWatch(client: client, job: job, json: json).run()
    }
}

/// Follows a job of a coordinator to its end.
struct JobWatch {
    let client: APIClient
    let job: String
    let json: Bool

    /// Seconds of silence after which a coordinator is given up: one with a long ledger takes a while to start.
    private static let silenceMax: Double = 600

    /// Shows progress, prints the job's number or its last state, and ends the command as `tutti fit` would.
    func run() async throws {
        var display = ProgressDisplay(at: Monotonic.now())
        let last = try await lastState(&display)
        display.clear()
        if json { try Output.printJSON(last) } else { print(last.summary.id) }
        guard last.summary.state == "succeeded" else {
            throw UserError.failed("the job has \(last.summary.state): \(last.summary.text)")
        }
        let manifest = try await client.result(ResultsFolder.manifestName, of: job)
        guard let verdict = try? JSONDecoder().decode(Manifest.self, from: manifest).verdict else {
            throw UserError.failed("the results of job \(job) are of another version.")
        }
        for line in verdict.reasons { Output.complain(line) }
        for line in verdict.advice ?? [] { Output.complain("Try: \(line)") }
        for line in verdict.warnings { Output.complain("Warning: \(line)") }
        Output.complain("Fetch the results: tutti results \(job) --into DIR")
        if !verdict.passed { throw ExitCode(3) }
    }

    /// The job as it is when it is over. It is asked for every second: an open stream would be watched by a busy loop of
    /// Foundation's on Linux, which takes a whole core.
    private func lastState(_ display: inout ProgressDisplay) async throws -> JobDetail {
        var heard = Monotonic.now()
        var isSilent = false
        while true {
            do {
                let detail = try await client.job(job)
                heard = Monotonic.now()
                if isSilent { Output.complain("The coordinator answers again.") }
                isSilent = false
                if detail.summary.isOver { return detail }
                if !json { display.show(detail.progress, at: heard) }
            } catch let error as UserError where error.isPassing && Monotonic.now() - heard < Self.silenceMax {
                if !isSilent {
                    display.clear()
                    Output.complain("\(error.text) Asking again for up to ten minutes.")
                }
                isSilent = true
            }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
