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
    private static let plan = ["--chains", "4", "--warmup", "1000", "--draws", "10000", "--resamples", "0"]

    let folder: String
    let model: String

    func rows() throws -> [Row] {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        var loop: [Double] = []
        var fit: [Double] = []
        for turn in 0..<Self.turns {
            loop.append(
                try ProgramProcess.run(["cluster-sequential", "--model", model] + Self.plan, program: own).seconds)
            let out = "\(folder)/fit-\(turn)"
            fit.append(
                try ProgramProcess.run(
                    ["fit", model, "--out", out, "--workers", "1", "--quiet"] + Self.plan
                ).seconds)
        }
        loop.sort()
        fit.sort()
        let (reference, whole) = (loop[Self.turns / 2], fit[Self.turns / 2])
        return [
            Row("a fit in one loop of one process, median of \(Self.turns)", reference, "s"),
            Row("tutti fit with one slot, files written, median of \(Self.turns)", whole, "s"),
            Row("orchestration", 100 * (whole - reference) / reference, "%", .atMost(1)),
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
