/// What a fit consists of, in the order in which it is assembled.
package struct FitPlan: Sendable, Hashable {
    package let settings: FitSettings

    package init(_ settings: FitSettings) {
        self.settings = settings
    }

    /// Chains first, then resamples.
    package var tasks: [FitTask] {
        (0..<settings.chains).map(FitTask.chain) + (0..<settings.resamples).map(FitTask.resample)
    }

    /// Iterations of the sampler that `task` takes, warm-up counted.
    package func iterationCount(of task: FitTask) -> Int {
        switch task {
        case .chain: settings.warmup + settings.draws
        case .resample: ResampleRun.chains * (ResampleRun.warmup + ResampleRun.draws)
        }
    }
}
