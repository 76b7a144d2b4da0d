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
                + (0..<settings.resamples).map(FitTask.resample)
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

    /// Scouts at the beginning of `tasks`.
    package var scoutCount: Int { settings.isPooled || settings.hasResamples ? ScoutRun.scouts : 0 }

    /// The tasks, by place, that begin with what the scouts have found.
    package var scouted: Range<Int> {
        let chainEnd = scoutCount + settings.chains
        return (settings.isPooled ? scoutCount : chainEnd)..<chainEnd + (settings.hasResamples ? settings.resamples : 0)
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
        }
    }

    /// Iterations that it takes as a rule: of a resample those of its first try.
    package func usualIterationCount(of task: FitTask) -> Int {
        if case .resample = task { ResampleRun.tryLength } else { iterationCount(of: task) }
    }

    /// Iterations of one run of the sampler within `task`: those of warm-up, and all.
    package func runLength(of task: FitTask) -> (warmup: Int, all: Int) {
        switch task {
        case .chain, .replication, .slice, .alternative, .placebo: (settings.warmup, iterationCount(of: task))
        case .scout: (ScoutRun.warmup(settings), iterationCount(of: task))
        case .resample: (ResampleRun.warmup, ResampleRun.warmup + ResampleRun.draws)
        }
    }
}
