import ArgumentParser
import Cluster
import Fitting
import Foundation
import ModelDefinition
import Results

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Study a model: is its fit calibrated, does it predict, what do its choices decide, what does it see in noise?",
        discussion: """
            With --sbc: simulation-based calibration. Worlds are drawn from the prior at the file's own media and \
            calendar, each is fitted, and every truth is ranked among posterior draws; the ranks of a correct program \
            are uniform. The same worlds say how often intervals of each channel's ROI hold the truth. Writes sbc.csv, \
            sbc.json, recovery.csv and sbc.html.

            With --slices K --horizon H: time-slice cross-validation. The model is fitted to K growing windows of the \
            data, and each fit is scored on the H periods that follow. Writes slices.csv.

            With --curves: the model is fitted again with each of its choices made otherwise, one at a time: other \
            saturations (Hill with slope 1 or a free one, logistic, root), carry-overs (geometric, delayed, Weibull, \
            none) and trends (none, linear, bends, knots; of a panel a level of its own in every period, and controls by \
            geo). Shows how each channel's ROI moves, with the leave-one-out score (elpd) beside it. Writes curves.csv, \
            curves_roi.csv, curves.json and curves.html.

            With --placebo: channels that cannot work are added, each with the media of one of the model's own whose \
            periods are reordered by whole blocks, and an effect of either sign; their intervals should hold 0 as often as \
            they say. Writes placebo.csv and placebo.json.

              tutti check --sbc model.yaml --replications 200 --out results/sbc
              tutti check --slices 4 --horizon 8 model.yaml --out results/slices
              tutti check --curves model.yaml --out results/curves
              tutti check --placebo model.yaml --placebo-channels 40 --out results/placebo

            Fits are tasks as those of `tutti fit` are: interrupted and run again with the same arguments, a study goes \
            on where it was; what it finds does not depend on the number of workers.

            Exit codes: 0 success, 1 the work failed, the model is not calibrated or too few placebos \
            hold 0, 2 unusable input.
            """)

    @Argument(help: "The model file.")
    var model: String

    @Flag(help: "Simulation-based calibration, and recovery.")
    var sbc = false

    @Option(help: "With --sbc: the number of worlds (default: 100).")
    var replications: Int?

    @Flag(help: "What other curves, carry-overs and trends would say.")
    var curves = false

    @Flag(help: "What the model says of channels that cannot work.")
    var placebo = false

    @Option(help: "With --placebo: the number of such channels, up to four in one fit (default: 20).")
    var placeboChannels: Int?

    @Option(help: "The number of windows of a time-slice cross-validation.")
    var slices: Int?

    @Option(help: "With --slices: periods that each window's fit predicts.")
    var horizon: Int?

    @Option(
        help: "The folder for the results (default: MODEL.sbc, .slices, .curves or .placebo in the current folder).")
    var out: String?

    @Option(help: "Worker processes, each running one task at a time (default: one per core).")
    var workers: Int?

    @Option(help: "Seed of every random number (default: the model file's, or 1).")
    var seed: UInt64?

    @Option(help: "Chains of each fit but a world's, which has one (default: the model file's, or 4).")
    var chains: Int?

    @Option(help: "Warm-up iterations of each chain (default: 500; with --slices the model file's).")
    var warmup: Int?

    @Option(
        help: """
            Draws of each chain, of a world at least 99 (default: 990 of a world, 500 with --curves and --placebo, else \
            the model file's).
            """)
    var draws: Int?

    @OptionGroup(title: "Patience")
    var patience: PatienceOptions

    @Flag(help: "Replace the results, or the unfinished state, of another study in that folder.")
    var force = false

    @Flag(help: "Print progress and the outcome as JSON, an object a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but problems.")
    var quiet = false

    func validate() throws {
        guard [sbc, curves, placebo, slices != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("name one study: --sbc, --curves, --placebo, or --slices K --horizon H.")
        }
        guard (slices == nil) == (horizon == nil) else { throw ValidationError("--slices and --horizon go together.") }
        guard sbc || replications == nil else { throw ValidationError("--replications belongs to --sbc.") }
        guard placebo || placeboChannels == nil else {
            throw ValidationError("--placebo-channels belongs to --placebo.")
        }
        guard !sbc || chains == nil else {
            throw ValidationError("--chains belongs to --slices, --curves and --placebo; a world has one chain.")
        }
        try check(replications, 2...10_000, "replications")
        try check(placeboChannels, 1...10_000, "placebo-channels")
        try check(slices, 1...1000, "slices")
        try check(horizon, 1...10_000, "horizon")
        try check(workers, 1...1024, "workers")
        try check(chains, SamplingSpecification.chainCounts, "chains")
        try check(warmup, SamplingSpecification.warmupCounts, "warmup")
        let draws = SamplingSpecification.drawCounts
        try check(self.draws, (sbc ? 99 : draws.lowerBound)...draws.upperBound, "draws")
        if out == "" { throw ValidationError("--out must name a folder.") }
    }

    func run() async throws {
        let input = try ModelInput(path: model)
        let settings = try settings(input)
        let submission = try input.submission(settings)
        let name = URL(fileURLWithPath: model).deletingPathExtension().lastPathComponent
        let directory = out ?? "\(name).\(kind)"
        let fit = LocalFit(
            submission: submission, directory: directory,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, force: force,
            settings: patience.settings(workersDieWithCoordinator: true))
        try await FitRun(fit: fit, json: json, quiet: quiet).run()
        try StudyOutcome(directory: fit.directory, json: json, quiet: quiet).report()
    }

    private var kind: String { sbc ? "sbc" : curves ? "curves" : placebo ? "placebo" : "slices" }

    private func settings(_ input: ModelInput) throws -> FitSettings {
        var settings = FitSettings(input.read.specification)
        settings.seed = seed ?? settings.seed
        settings.resamples = 0
        // What studies compare has one length.
        settings.end(by: .draws, draws: nil)
        if curves {
            settings.study = .alternatives(count: ModelAlternative.list(input.model).count)
            settings.chains = chains ?? settings.chains
            settings.warmup = warmup ?? 500
            settings.draws = draws ?? 500
            return settings
        }
        if placebo {
            let count = placeboChannels ?? 20
            guard !Placebo.sources(of: input.model).isEmpty else {
                throw UserError.unusable(
                    "\(model): no channel can be a placebo: none runs, or the effect of none can be given either sign "
                        + "(saturation tanh or tanh_baselined, geos that scatter about a mean with a prior of its own). "
                        + "Mend: choose another saturation, or an effect that geos share.")
            }
            settings.study = .placebo(fits: Placebo.fitCount(of: count, model: input.model), count: count)
            settings.chains = chains ?? settings.chains
            settings.warmup = warmup ?? 500
            settings.draws = draws ?? 500
            return settings
        }
        guard let slices, let horizon else {
            settings.study = .calibration(replications: replications ?? 100)
            settings.chains = 1
            settings.warmup = warmup ?? 500
            settings.draws = draws ?? 990
            return settings
        }
        settings.study = .timeSlices(count: slices, horizon: horizon)
        settings.chains = chains ?? settings.chains
        settings.warmup = warmup ?? settings.warmup
        settings.draws = draws ?? settings.draws
        let first = TimeSlices(model: input.model, count: slices, horizon: horizon).trainingPeriods(0)
        guard first >= TimeSlices.trainingPeriodsMin else {
            throw UserError.unusable(
                "\(model): \(slices) slices of \(horizon) periods leave \(max(0, first)) of "
                    + "\(input.read.dataset.periodCount) to the first fit. Mend: take fewer slices or a shorter horizon; "
                    + "\(TimeSlices.trainingPeriodsMin) periods are the fewest.")
        }
        return settings
    }
}
