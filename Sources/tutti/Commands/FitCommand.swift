import ArgumentParser
import Cluster
import Fitting
import Foundation
import Logging

struct FitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a model on this machine.",
        discussion: """
            Starts a coordinator and worker processes, shows progress, writes the results folder, stops what it \
            started. Until it succeeds its state lies in DIR.state: interrupted and run again with the same \
            arguments, it goes on where it was. The results do not depend on the number of workers.

              tutti fit Configs/models/quickstart.yaml --out results/quickstart

            Exit codes: 0 success, 1 the work failed, 2 unusable input, 3 the fit ran but did not pass its \
            convergence gate.
            """)

    @Argument(help: "The model file.")
    var model: String

    @Option(help: "The folder for the results; it is made.")
    var out: String

    @Option(help: "Worker processes, each running one task at a time (default: one per core).")
    var workers: Int?

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @OptionGroup(title: "Patience")
    var patience: PatienceOptions

    @Flag(help: "Replace the results, or the unfinished state, of another fit in that folder.")
    var force = false

    @Flag(help: "Print progress and the outcome as JSON, an object a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but problems.")
    var quiet = false

    func validate() throws {
        if let workers, !(1...1024).contains(workers) { throw ValidationError("--workers must be from 1 to 1024.") }
        if out.isEmpty { throw ValidationError("--out must name a folder.") }
    }

    func run() async throws {
        let input = try ModelInput(path: model)
        var settings = FitSettings(input.read.specification)
        sampling.apply(to: &settings)
        let submission = try FitSubmission(
            bundle: input.bundle, name: input.read.specification.name, settings: settings)
        let fit = LocalFit(
            submission: submission, directory: out,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, force: force,
            settings: patience.settings(workersDieWithCoordinator: true))
        if !quiet { for warning in input.read.warnings { Output.complain("warning: \(warning)") } }

        do {
            if try fit.isDone() {
                if !quiet, !json { Output.complain("\(out) holds the results of this very fit already.") }
            } else {
                try await run(fit)
            }
        } catch let failure as LocalFit.Failure {
            switch failure {
            case .occupied(let text): throw UserError.unusable(text)
            case .failed(let text): throw UserError.failed("\(text)\nThe same command goes on where it was.")
            }
        } catch {
            throw UserError.failed(String(describing: error))
        }
        try FitOutcome(directory: out).report(json: json, quiet: quiet)
    }

    private func run(_ fit: LocalFit) async throws {
        // The fit's own words are its progress; what the parts log matters when something is wrong.
        let logger = Logger(label: "tutti") { _ in
            var handler = StreamLogHandler.standardError(label: "tutti")
            handler.logLevel = .error
            return handler
        }
        var display = ProgressDisplay(at: Monotonic.now())
        let (json, quiet) = (json, quiet)
        var lastLine = -Double.infinity
        try await fit.run(logger: logger) { progress in
            let now = Monotonic.now()
            if json {
                guard now - lastLine >= 0.2 || progress.isOver else { return }
                lastLine = now
                Output.printJSONLine(ProgressEvent(event: "progress", progress: progress))
            } else if !quiet {
                display.show(progress, at: now)
            }
        }
        display.clear()
    }
}

private struct ProgressEvent: Encodable {
    var event: String
    var progress: JobProgress
}
