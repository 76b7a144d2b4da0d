import MarketingMix

/// The reference: every task of a fit in order, in one loop. A cluster is another schedule for the same function.
package enum SequentialFit {
    package static func run(model: MarketingMixModel, settings: FitSettings) throws -> FitResult {
        let plan = FitPlan(settings)
        var scouts: [[UInt8]] = []
        var chains: [(run: TaskRun, records: [UInt8])] = []
        var resamples: [[UInt8]] = []
        for task in plan.tasks {
            var run = try TaskRun(model: model, settings: settings, task: task, scouts: scouts.flatMap(\.self))
            switch task {
            case .chain:
                chains.append((run, []))
                continue
            default:
                while !run.isFinished { try run.step() }
            }
            if case .scout = task { scouts.append(run.takeRecords()) } else { resamples.append(run.takeRecords()) }
        }
        var settled = settings
        for draws in plan.rounds {
            for index in chains.indices {
                while chains[index].run.iteration < settings.warmup + draws { try chains[index].run.step() }
                chains[index].records += chains[index].run.takeRecords()
            }
            settled.draws = draws
            guard draws < settings.draws else { break }
            if try RoundJudgement.isEnough(model: model, settings: settled, chains: chains.map(\.records)) { break }
        }
        let records = scouts + chains.map(\.records) + resamples
        return try FitAssembly.assemble(model: model, settings: settled) { records[$0] }
    }
}
