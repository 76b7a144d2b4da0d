import ArgumentParser
import Cluster
import Coordination
import Fitting
import ModelDefinition

/// - Throws: what the option may be, where it is not.
func check(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws {
    if let value, !range.contains(value) {
        throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound).")
    }
}

/// Flags that override what the model file says of sampling.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Seed of every random number (default: the model file's, or 1).")
    var seed: UInt64?

    @Option(help: "Number of chains (default: the model file's, or 4).")
    var chains: Int?

    @Option(help: "Warm-up iterations of each chain (default: the model file's, or 1,000).")
    var warmup: Int?

    @Option(help: "Draws of each chain after warm-up (default: the model file's, or 1,000).")
    var draws: Int?

    @Option(
        help: """
            When chains end: draws, after --draws; ess, after the first round (250 draws, 500, 1,000 and so on) in which \
            every reported quantity has converged with an effective sample size of 800, at most --draws or 16,000 \
            (default: the model file's, or draws).
            """)
    var until: StoppingRule?

    @Option(
        help: """
            Where chains begin: independent, each warms up by itself; pooled, four scouts find starts and a metric for \
            all; auto, pooled from 9 chains on (default: the model file's, or auto).
            """)
    var start: ChainStart?

    @Option(help: "Number of bootstrap resamples (default: the model file's, or 0).")
    var resamples: Int?

    @Option(
        help: """
            What is told of each resample: sampled, draws; map, the figures at its maximum, for thousands of them (default: \
            the model file's, or sampled).
            """)
    var resampleMethod: ResampleMethod?

    @Option(help: "Resamples in one task, which moves no result (default: the model file's, or as their number says).")
    var resamplesPerTask: Int?

    func validate() throws {
        try check(resamplesPerTask, ResamplingSpecification.perTaskCounts, "resamples-per-task")
        try check(chains, SamplingSpecification.chainCounts, "chains")
        try check(warmup, SamplingSpecification.warmupCounts, "warmup")
        try check(draws, SamplingSpecification.drawCounts, "draws")
        try check(resamples, ResamplingSpecification.resampleCounts, "resamples")
    }

    func apply(to settings: inout FitSettings) {
        settings.seed = seed ?? settings.seed
        settings.chains = chains ?? settings.chains
        settings.warmup = warmup ?? settings.warmup
        settings.end(by: until, draws: draws)
        settings.start = start ?? settings.start
        settings.resamples = resamples ?? settings.resamples
        settings.resampleMethod = resampleMethod ?? settings.resampleMethod
        settings.resamplesPerTask = resamplesPerTask ?? settings.resamplesPerTask
    }
}

extension StoppingRule: ExpressibleByArgument {}

extension ChainStart: ExpressibleByArgument {}

extension ResampleMethod: ExpressibleByArgument {}

/// How patient a coordinator is.
struct PatienceOptions: ParsableArguments {
    @Option(help: "Seconds between two checkpoints of a running task: the most work that a kill can cost.")
    var checkpointInterval: Double = 2

    @Option(help: "Seconds of silence after which a worker has lost its tasks.")
    var lease: Double = 15

    func validate() throws {
        for (value, key) in [(lease, "lease"), (checkpointInterval, "checkpoint_interval")] {
            let setting = Settings.setting(key, of: .coordinator)
            guard setting.accepts("\(value)") else {
                throw ValidationError("\(setting.option) must be \(setting.form).")
            }
        }
        guard checkpointInterval < lease else {
            throw ValidationError("--checkpoint-interval must be shorter than --lease.")
        }
    }

    func settings(workersDieWithCoordinator: Bool) -> CoordinatorSettings {
        CoordinatorSettings(
            lease: Nanoseconds(lease * 1e9), checkpoint: Nanoseconds(checkpointInterval * 1e9),
            workersDieWithCoordinator: workersDieWithCoordinator)
    }
}
