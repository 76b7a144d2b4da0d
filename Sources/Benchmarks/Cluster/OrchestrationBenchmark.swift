import ArgumentParser
import Fitting
import Foundation
import MarketingMix
import ModelFile

/// What coordinator, worker, pipes and disk cost of a whole fit: `tutti fit` with one slot beside the same tasks in one
/// loop of one process, turn and turn about.
struct OrchestrationBenchmark {
    private static let turns = 3
    /// A minute on one core of 2026.
    private static let plan = ["--chains", "4", "--warmup", "1000", "--draws", "40000", "--resamples", "0"]

    let folder: String
    let model: String

    func rows() throws -> [Row] {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        var loop: [ProgramProcess.Run] = []
        var fit: [ProgramProcess.Run] = []
        for turn in 0..<Self.turns {
            loop.append(
                try ProgramProcess.run(["cluster-sequential", "--model", model] + Self.plan, program: own))
            let out = "\(folder)/fit-\(turn)"
            fit.append(
                try ProgramProcess.run(
                    ["fit", model, "--out", out, "--workers", "1", "--quiet"] + Self.plan))
        }
        func median(_ runs: [ProgramProcess.Run], _ value: (ProgramProcess.Run) -> Double) -> Double {
            runs.map(value).sorted()[Self.turns / 2]
        }
        let seconds = (median(loop, \.seconds), median(fit, \.seconds))
        let work = (median(loop, \.processorSeconds), median(fit, \.processorSeconds))
        return [
            Row("a fit in one loop of one process, median of \(Self.turns)", seconds.0, "s"),
            Row("tutti fit with one slot, files written, median of \(Self.turns)", seconds.1, "s"),
            Row("orchestration, of wall time", 100 * (seconds.1 / seconds.0 - 1), "%", .atMost(1)),
            Row("the fit's processor time in the loop", work.0, "s"),
            Row("orchestration, of processor time", 100 * (work.1 / work.0 - 1), "%"),
        ]
    }
}

/// A fit as one loop: the reference of the orchestration benchmark.
struct SequentialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster-sequential", abstract: "A fit in one loop of one process.", shouldDisplay: false)

    @Option var model: String
    @Option var chains: Int
    @Option var warmup: Int
    @Option var draws: Int
    @Option var resamples: Int

    func run() throws {
        let read = try ModelFileReader.read(ModelFileReader.bundle(at: model)).judged()
        var settings = FitSettings(read.specification)
        (settings.chains, settings.warmup, settings.draws, settings.resamples) = (chains, warmup, draws, resamples)
        let result = try SequentialFit.run(
            model: MarketingMixModel(specification: read.specification, dataset: read.dataset), settings: settings)
        print(result.summaries.count)
    }
}
