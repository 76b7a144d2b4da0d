import ArgumentParser
import Coordination
import Fitting

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

    @Option(help: "Number of bootstrap resamples (default: the model file's, or 0).")
    var resamples: Int?

    func validate() throws {
        func check(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws {
            if let value, !range.contains(value) {
                throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound).")
            }
        }
        try check(chains, 1...1024, "chains")
        try check(warmup, 20...1_000_000, "warmup")
        try check(draws, 4...1_000_000, "draws")
        try check(resamples, 0...100_000, "resamples")
    }

    func apply(to settings: inout FitSettings) {
        settings.seed = seed ?? settings.seed
        settings.chains = chains ?? settings.chains
        settings.warmup = warmup ?? settings.warmup
        settings.draws = draws ?? settings.draws
        settings.resamples = resamples ?? settings.resamples
    }
}

/// How patient a coordinator is.
struct PatienceOptions: ParsableArguments {
    @Option(help: "Seconds between two checkpoints of a running task: the most work that a kill can cost.")
    var checkpointInterval: Double = 2

    @Option(help: "Seconds of silence after which a worker has lost its tasks.")
    var lease: Double = 15

    func validate() throws {
        guard lease >= 0.5, lease <= 3600 else { throw ValidationError("--lease must be from 0.5 to 3600 seconds.") }
        guard checkpointInterval >= 0.01, checkpointInterval < lease else {
            throw ValidationError("--checkpoint-interval must be at least 0.01 s and shorter than --lease.")
        }
    }

    func settings(workersDieWithCoordinator: Bool) -> CoordinatorSettings {
        CoordinatorSettings(
            lease: Nanoseconds(lease * 1e9), checkpoint: Nanoseconds(checkpointInterval * 1e9),
            workersDieWithCoordinator: workersDieWithCoordinator)
    }
}
