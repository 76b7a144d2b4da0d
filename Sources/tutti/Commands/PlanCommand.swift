import ArgumentParser
import Cluster
import Fitting
import Foundation
import ModelDefinition

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say how long a fit will take, and what it needs, before it is run.",
        discussion: """
            Tries the fit for some seconds on this machine: a few of its chains and resamples with their real settings, \
            its results of more and more draws, and a start of coordinator and workers. From what these cost it says the wall \
            time with N workers and with others, the processor time, and the memory of a worker's slot and of the \
            coordinator. Nothing of it is kept.

              tutti plan Configs/models/quickstart.yaml --chains 8 --draws 4000 --workers 4

            A chain that the trial cannot run to its end is taken for one that goes on as it did last; where it did not \
            come through warm-up, that is a guess, and --calibration gives it longer. Workers are taken to be as fast as \
            this machine was meanwhile: ask when it is as busy as it will be then.

            Exit codes: 0 success, 1 the trial failed, as the fit would, 2 unusable input.
            """)

    @Argument(help: "The model file.")
    var model: String

    @Option(help: "Worker processes, each running one task at a time (default: one per core).")
    var workers: Int?

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @Option(
        help:
            "Seconds of processor time that the trial of tasks takes at most on each core that it uses; results take no longer."
    )
    var calibration: Double = 15

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try check(workers, 1...1024, "workers")
        guard (0.1...86_400).contains(calibration) else {
            throw ValidationError("--calibration must be from 0.1 to 86400 seconds.")
        }
    }

    func run() async throws {
        BrokenPipe.isAnError()
        let input = try ModelInput(path: model)
        var settings = FitSettings(input.read.specification)
        sampling.apply(to: &settings)
        // What no job can hold is refused before anything is tried.
        _ = try input.submission(settings)
        if !json { for warning in input.read.warnings { Output.complain("warning: \(warning)") } }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let workers = workers ?? cores
        do {
            let calibration = try await Calibration(
                bundle: input.bundle, read: input.read, settings: settings, workers: workers, seconds: calibration)
            let outcome = PlanOutcome(
                name: input.read.specification.name, settings: settings, workers: workers, cores: cores,
                calibration: calibration)
            if json { try Output.printJSON(outcome.document) } else { print(outcome.text) }
        } catch {
            throw UserError.failed("the trial failed, and so would the fit: \(error)")
        }
    }
}
