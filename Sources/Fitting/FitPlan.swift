/// What a fit consists of, in the order in which it is assembled.
package struct FitPlan: Sendable, Hashable {
    package let settings: FitSettings

    package init(_ settings: FitSettings) {
        self.settings = settings
    }

    /// Scouts first where there are any, then chains, then resamples; of a study its replications, or its slices,
    /// alternatives or fits with placebos with the chains of one after another.
    package var tasks: [FitTask] {
        switch settings.study {
        case nil:
            (0..<scoutCount).map(FitTask.scout) + (0..<settings.chains).map(FitTask.chain)
                + resampleTasks
        case .calibration(let replications):
            (0..<replications).map(FitTask.replication)
        case .timeSlices(let count, _):
            (0..<count).flatMap { slice in (0..<settings.chains).map { FitTask.slice(slice, chain: $0) } }
        case .alternatives(let count):
            (0..<count).flatMap { index in (0..<settings.chains).map { FitTask.alternative(index, chain: $0) } }
        case .placebo(let fits, _):
            (0..<fits).flatMap { fit in (0..<settings.chains).map { FitTask.placebo(fit, chain: $0) } }
        }
    }

    /// Those of the resamples: one for each that is sampled, or batches.
    package var resampleTasks: [FitTask] {
        (0..<resampleTaskCount).map(hasBatches ? FitTask.resampleBatch : FitTask.resample)
    }

    /// Whether `task` is among those of the resamples.
    package func has(_ task: FitTask) -> Bool {
        switch task {
        case .resample(let index): !hasBatches && (0..<resampleTaskCount).contains(index)
        case .resampleBatch(let index): hasBatches && (0..<resampleTaskCount).contains(index)
        default: false
        }
    }

    /// Whether tasks of resamples are batches, if of one.
    package var hasBatches: Bool { settings.resampleMethod == .map || settings.resamplesInTask > 1 }

    private var resampleTaskCount: Int {
        (settings.resamples + settings.resamplesInTask - 1) / settings.resamplesInTask
    }

    /// The resamples of a task, none where it has none.
    package func resamples(of task: FitTask) -> Range<Int> {
        switch task {
        case .resample(let index):
            return index..<index + 1
        case .resampleBatch(let index):
            let first = index * settings.resamplesInTask
            return first..<max(first, min(first + settings.resamplesInTask, settings.resamples))
        default:
            return 0..<0
        }
    }

    /// Scouts at the beginning of `tasks`.
    package var scoutCount: Int { settings.isPooled || settings.hasResamples ? ScoutRun.scouts : 0 }

    /// The tasks, by place, that begin with what the scouts have found.
    package var scouted: Range<Int> {
        let chainEnd = scoutCount + settings.chains
        return (settings.isPooled ? scoutCount : chainEnd)..<chainEnd + (settings.hasResamples ? resampleTaskCount : 0)
    }

    /// Draws of a chain at the end of each round: 250, and twice as many each time, up to all of them. One where chains
    /// run to the end in any case.
    package var rounds: [Int] {
        guard settings.study == nil, settings.until == .ess else { return [settings.draws] }
        let doubling = sequence(first: Self.firstRound) { $0 * 2 }.prefix { $0 < settings.draws }
        return doubling + [settings.draws]
    }

    private static let firstRound = 250

    /// Iterations of the sampler that `task` takes, warm-up counted.
    package func iterationCount(of task: FitTask) -> Int {
        switch task {
        case .chain, .replication, .slice, .alternative, .placebo: settings.warmup + settings.draws
        case .scout: ScoutRun.warmup(settings) + ScoutRun.draws
        case .resample: ResampleRun.iterationCount
        case .resampleBatch: resamples(of: task).count * iterationsOfResample
        }
    }

    /// Of a batch, for each of its resamples: a maximum is found in one.
    var iterationsOfResample: Int { settings.resampleMethod == .map ? 1 : ResampleRun.iterationCount }

    /// Iterations that it takes as a rule: of a resample those of its first try.
    package func usualIterationCount(of task: FitTask) -> Int {
        switch (task, settings.resampleMethod) {
        case (.resample, _): ResampleRun.tryLength
        case (.resampleBatch, .sampled): resamples(of: task).count * ResampleRun.tryLength
        default: iterationCount(of: task)
        }
    }

    /// Iterations of one run of the sampler within `task`: those of warm-up, and all.
    package func runLength(of task: FitTask) -> (warmup: Int, all: Int) {
        switch task {
        case .chain, .replication, .slice, .alternative, .placebo: (settings.warmup, iterationCount(of: task))
        case .scout: (ScoutRun.warmup(settings), iterationCount(of: task))
        case .resampleBatch where settings.resampleMethod == .map: (0, iterationCount(of: task))
        case .resample, .resampleBatch: (ResampleRun.warmup, ResampleRun.warmup + ResampleRun.draws)
        }
    }
}
