import Analysis
import Cluster
import Fitting
import Kernels
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile

/// Whole fits on all processors, without a cluster around them.
enum Fits {
    static func result(
        _ model: MarketingMixModel, settings: FitSettings, by processors: some ParallelMap
    ) throws -> FitResult {
        let plan = FitPlan(settings)
        func records(_ places: Range<Int>, scouts: [UInt8]) throws -> [[UInt8]] {
            try processors.tryMap(places.count) { index in
                let place = places.lowerBound + index
                var run = try TaskRun(
                    model: model, settings: settings, task: plan.tasks[place],
                    scouts: plan.scouted.contains(place) ? scouts : [])
                while !run.isFinished { try run.step() }
                return run.takeRecords()
            }
        }
        let scouts = try records(0..<plan.scoutCount, scouts: [])
        let records = try scouts + records(plan.scoutCount..<plan.tasks.count, scouts: scouts.flatMap(\.self))
        return try FitAssembly.assemble(model: model, settings: settings, by: processors) { records[$0] }
    }

    /// A shipped model under its own settings.
    static func shipped(_ name: String, in folder: String) throws -> (model: MarketingMixModel, settings: FitSettings) {
        let read = try ModelFileReader.read(ModelFileReader.bundle(at: "\(folder)/\(name).yaml")).judged()
        return (
            MarketingMixModel(specification: read.specification, dataset: read.dataset),
            FitSettings(read.specification)
        )
    }
}
