import MarketingMix

/// The reference: every task of a fit in order, in one loop. A cluster is another schedule for the same function.
package enum SequentialFit {
    package static func run(model: MarketingMixModel, settings: FitSettings) throws -> FitResult {
        let records = try FitPlan(settings).tasks.map { task in
            var run = try TaskRun(model: model, settings: settings, task: task)
            while !run.isFinished { try run.step() }
            return run.takeRecords()
        }
        return try FitAssembly.assemble(model: model, settings: settings) { records[$0] }
    }
}
