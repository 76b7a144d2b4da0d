import ArgumentParser
import Cluster
import Fitting
import Foundation
import ModelDefinition

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
        BrokenPipe.isAnError()
        let input = try ModelInput(path: model)
        var settings = FitSettings(input.read.specification)
        sampling.apply(to: &settings)
        let submission = try input.submission(settings)
        let fit = LocalFit(
            submission: submission, directory: out,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, force: force,
            settings: patience.settings(workersDieWithCoordinator: true))
        if !quiet { for warning in input.read.warnings { Output.complain("warning: \(warning)") } }

        try await FitRun(fit: fit, json: json, quiet: quiet).run()
        try FitOutcome(directory: out).report(
            json: json, quiet: quiet, advice: curveAdvice(input.read.specification))
    }

    /// Where every channel has the curve that nobody chose: it decides returns as much as the data do.
    private func curveAdvice(_ specification: ModelSpecification) -> String? {
        let preset = specification.preset.defaults.saturation
        guard specification.channels.allSatisfy({ $0.saturation == preset }) else { return nil }
        return "The curve '\(preset.rawValue)' is the default. What others would say, and which predicts these data "
            + "better: tutti check --curves \(model)"
    }
}
