import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import ModelFile

/// Processor time of all that comes after sampling, but for writing files, against that of sampling.
enum AssemblyBenchmark {
    static func rows(models folder: URL) throws -> [Row] {
        let read = try ModelFileReader.read(
            ModelFileReader.bundle(at: folder.appendingPathComponent("mmm_example.yaml").path))
        let example = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        let panel = BenchmarkModels.panel(geos: 50, periods: 156, channels: 8)
        return try rows("mmm_example, 4 x 8,000 draws", example, warmup: 1000, draws: 8000)
            + rows("panel of 50 geos, 4 x 250 draws", panel, warmup: 300, draws: 250)
    }

    private static func rows(
        _ name: String, _ model: MarketingMixModel, warmup: Int, draws: Int
    ) throws -> [Row] {
        var settings = FitSettings(model.specification)
        (settings.chains, settings.warmup, settings.draws, settings.resamples) = (4, warmup, draws, 0)
        let begin = threadSeconds()
        let records = try FitPlan(settings).tasks.map { task in
            var run = try TaskRun(model: model, settings: settings, task: task)
            while !run.isFinished { try run.step() }
            return run.takeRecords()
        }
        let sampled = threadSeconds()
        _ = try FitAssembly.assemble(model: model, settings: settings) { records[$0] }
        let (sampling, rest) = (sampled - begin, threadSeconds() - sampled)
        return [
            Row("sampling, \(name)", sampling, "s"), Row("after sampling, \(name)", rest, "s"),
            Row("after sampling ÷ sampling, \(name)", rest / sampling, "ratio", .atMost(0.7)),
        ]
    }
}
