/// What was measured of a fit in a short calibration.
package struct FitMeasurement: Sendable, Hashable {
    /// What putting results together costs by the number of draws, and what each resample adds beyond those that the
    /// calibration had.
    package struct Assembly: Sendable, Hashable {
        package var wallSeconds: MeasuredCost
        package var processorSeconds: MeasuredCost
        package var byteCount: MeasuredCost

        package init(wallSeconds: MeasuredCost, processorSeconds: MeasuredCost, byteCount: MeasuredCost) {
            self.wallSeconds = wallSeconds
            self.processorSeconds = processorSeconds
            self.byteCount = byteCount
        }
    }

    package var scouts: [TaskTrace]
    package var chains: [TaskTrace]
    package var resamples: [TaskTrace]
    /// Of a processor, what a running task had.
    package var processorShare: Double
    package var draws: Assembly
    /// By the number of resamples, where all could not be tried; nil where `draws` has them all.
    package var resampled: Assembly?
    /// Until the first task runs, and after the results are there.
    package var startWallSeconds: Double
    package var startProcessorSeconds: Double
    /// Of a worker's slot.
    package var slotByteCount: Int

    package init(
        scouts: [TaskTrace], chains: [TaskTrace], resamples: [TaskTrace], processorShare: Double, draws: Assembly,
        resampled: Assembly?, startWallSeconds: Double, startProcessorSeconds: Double, slotByteCount: Int
    ) {
        self.scouts = scouts
        self.chains = chains
        self.resamples = resamples
        self.processorShare = processorShare
        self.draws = draws
        self.resampled = resampled
        self.startWallSeconds = startWallSeconds
        self.startProcessorSeconds = startProcessorSeconds
        self.slotByteCount = slotByteCount
    }
}

/// What a fit will cost, by what was measured of it.
package struct FitForecast: Sendable, Hashable {
    /// Tasks of one kind.
    package struct Work: Sendable, Hashable {
        package let traces: [TaskTrace]
        /// Of each, in plan order: those that were tried first, then the others by the mean of those and by their size.
        package let seconds: [Double]
        /// Gradient evaluations of one, in the mean.
        package let gradients: Double
        /// Those that were run to their end.
        package let finishedCount: Int

        package var processorSeconds: Double { seconds.reduce(0, +) }

        /// - Parameters:
        ///   - sizes: by task, in plan order, how much there is to do beside the others; of batches their resamples.
        ///   - iterations: of one; nil for as many as each came to by itself.
        package init(_ traces: [TaskTrace], sizes: [Int], iterations: Int?) {
            self.traces = traces
            let tried = traces.prefix(sizes.count).map { $0.seconds(after: iterations ?? $0.length) }
            let size = sizes.prefix(tried.count).reduce(0, +)
            let mean = size == 0 ? 0 : tried.reduce(0, +) / Double(size)
            seconds = tried + sizes.dropFirst(tried.count).map { mean * Double($0) }
            gradients =
                tried.isEmpty
                ? 0 : traces.reduce(0) { $0 + $1.gradients(after: iterations ?? $1.length) } / Double(traces.count)
            finishedCount = traces.count { trace in iterations.map { trace.iteration >= $0 } ?? trace.isFinished }
        }
    }

    package let scouts: Work
    package let chains: Work
    package let resamples: Work
    package let assemblyWallSeconds: Double
    package let assemblyProcessorSeconds: Double
    package let coordinatorByteCount: Int
    private let measurement: FitMeasurement
    private let schedule: TaskSchedule

    /// - Parameter settings: with the draws that chains have in the end.
    package init(_ settings: FitSettings, _ measurement: FitMeasurement) {
        let plan = FitPlan(settings)
        self.measurement = measurement
        func equal(_ count: Int) -> [Int] { Array(repeating: 1, count: count) }
        scouts = Work(
            measurement.scouts, sizes: equal(plan.scoutCount), iterations: plan.iterationCount(of: .scout(0)))
        chains = Work(
            measurement.chains, sizes: equal(settings.chains), iterations: plan.iterationCount(of: .chain(0)))
        // Some need a second try, which takes four times as much.
        resamples = Work(
            measurement.resamples, sizes: plan.resampleTasks.map { plan.resamples(of: $0).count }, iterations: nil)
        let draws = settings.chains * settings.draws
        func value(_ cost: (FitMeasurement.Assembly) -> MeasuredCost) -> Double {
            // What the tried resamples cost is part of what draws do.
            let others = measurement.resampled.map { cost($0).surplus(at: settings.resamples) } ?? 0
            return cost(measurement.draws).value(at: draws) + others
        }
        assemblyWallSeconds = value(\.wallSeconds)
        assemblyProcessorSeconds = value(\.processorSeconds)
        coordinatorByteCount = Int(value(\.byteCount))
        let share = max(measurement.processorShare, 0.01)
        schedule = TaskSchedule(
            scouts: scouts.seconds.map { $0 / share }, chains: chains.seconds.map { $0 / share },
            chainsWait: settings.isPooled, resamples: resamples.seconds.map { $0 / share })
    }

    package var taskProcessorSeconds: Double {
        scouts.processorSeconds + chains.processorSeconds + resamples.processorSeconds
    }

    /// Of all processes.
    package var processorSeconds: Double {
        measurement.startProcessorSeconds + taskProcessorSeconds + assemblyProcessorSeconds
    }

    /// From the beginning to the results.
    package func wallSeconds(workers: Int) -> Double { besideTasks + schedule.end(workers: workers) }

    /// From so many workers on others have little left to shorten.
    package var enoughWorkers: Int { schedule.enoughWorkers(before: besideTasks) }

    private var besideTasks: Double { measurement.startWallSeconds + assemblyWallSeconds }
}
