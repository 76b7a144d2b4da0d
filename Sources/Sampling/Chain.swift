import Densities
import Kernels

/// One run of the sampler: the no-U-turn sampler with a diagonal metric, whose step size and metric
/// adapt during warm-up (Hoffman & Gelman 2014; Betancourt 2017).
///
/// A chain is a value that is stepped from outside, and can be saved after any step and resumed to the
/// bit. Its draws are a function of density, settings, key and start alone: no clock, no thread, no
/// global state enters.
public struct Chain {
    public let settings: ChainSettings
    /// Completed iterations, those of warm-up counted.
    public private(set) var iteration: Int

    private let key: StreamKey
    private let schedule: WarmUpSchedule
    private var trajectory: HamiltonianTrajectory
    private var stepSizeAdaptation: DualAveraging
    private var varianceEstimator: VarianceEstimator

    /// Starts a chain, evaluating the density at `start` and searching a first step size.
    ///
    /// Throws `startDimension`, `startNotFinite`, or `noStepSize`. Settings outside the ranges written at
    /// `ChainSettings` are a programming error.
    public init(
        density: any LogDensity, settings: ChainSettings, key: StreamKey, start: [Double]
    ) throws(SamplingError) {
        settings.requireValid()
        let dimension = density.dimension
        precondition(dimension > 0, "a density without coordinates has nothing to sample")
        guard start.count == dimension else {
            throw .startDimension(expected: dimension, found: start.count)
        }
        self.settings = settings
        self.key = key
        iteration = 0
        schedule = WarmUpSchedule(warmup: settings.warmup)
        varianceEstimator = VarianceEstimator(dimension: dimension)
        trajectory = HamiltonianTrajectory(
            density: density, maximumDepth: settings.maximumDepth, metric: DiagonalMetric(dimension: dimension),
            stepSize: 1, gradientEvaluations: 0, key: key)
        stepSizeAdaptation = DualAveraging(around: 1)
        guard trajectory.place(position: start) else { throw .startNotFinite }
        guard searchStepSize() else { throw .noStepSize(last: trajectory.stepSize) }
    }

    /// Goes on from a checkpoint; the remaining draws are those of the chain that was saved, to the bit.
    ///
    /// Throws `checkpointOfAnotherChain` where dimension, key, warm-up, target or depth differ. The number
    /// of draws may differ, as long as the iterations done are not more than there are now to do.
    public init(
        density: any LogDensity, settings: ChainSettings, key: StreamKey, resuming checkpoint: ChainCheckpoint
    ) throws(SamplingError) {
        settings.requireValid()
        try checkpoint.requireChain(dimension: density.dimension, settings: settings, key: key)
        let state = checkpoint.state
        self.settings = settings
        self.key = key
        iteration = state.iteration
        schedule = WarmUpSchedule(warmup: settings.warmup)
        stepSizeAdaptation = state.stepSizeAdaptation
        varianceEstimator = state.varianceEstimator
        trajectory = HamiltonianTrajectory(
            density: density, maximumDepth: settings.maximumDepth,
            metric: DiagonalMetric(variances: state.variances), stepSize: state.stepSize,
            gradientEvaluations: state.gradientEvaluations, key: key)
        trajectory.place(position: state.position, gradient: state.gradient, logDensity: state.logDensity)
    }

    // MARK: Progress

    /// Iterations in all, warm-up and draws.
    public var iterationCount: Int { settings.warmup + settings.draws }
    /// Whether the next iteration belongs to warm-up.
    public var isWarmingUp: Bool { iteration < settings.warmup }
    public var isFinished: Bool { iteration == iterationCount }
    /// Gradients so far, those at the start and of step size searches counted.
    public var gradientEvaluations: Int { trajectory.gradientEvaluations }
    /// Step size of the next transition.
    public var stepSize: Double { trajectory.stepSize }

    /// One iteration: a transition and, in warm-up, what is learnt from it. Not to be called on a finished
    /// chain. Allocates nothing.
    public mutating func step() -> TransitionStatistics {
        precondition(!isFinished, "the chain is finished: \(iteration) iterations are done")
        let warmsUp = isWarmingUp
        iteration += 1
        let statistics = trajectory.transition(
            iteration: iteration, key: key, maximumDepth: settings.maximumDepth)
        if warmsUp {
            adapt(acceptance: statistics.acceptanceRate)
        }
        return statistics
    }

    // MARK: The current draw

    /// The current draw, or the start before the first iteration; a copy.
    public var position: [Double] { trajectory.pool.array(trajectory.current, .position) }

    /// Looks at the current draw without copying it.
    public func withPosition<R>(_ body: (Span<Double>) -> R) -> R {
        trajectory.pool.withRow(trajectory.current, .position, body)
    }

    /// Diagonal of the inverse metric, the variances that the chain has learnt.
    package var variances: [Double] { (0..<trajectory.metric.dimension).map(trajectory.metric.variance) }

    // MARK: Adaptation

    private mutating func adapt(acceptance: Double) {
        trajectory.stepSize = stepSizeAdaptation.update(
            acceptance: acceptance, target: settings.targetAcceptance)
        if schedule.isInWindow(iteration) {
            trajectory.pool.withRow(trajectory.current, .position) { varianceEstimator.add($0) }
        }
        if schedule.endsWindow(iteration) {
            updateMetric()
            // Where no step size crosses the threshold the last one tried is as good a beginning as any:
            // dual averaging goes on from it.
            _ = searchStepSize()
        }
        if iteration == settings.warmup {
            trajectory.stepSize = stepSizeAdaptation.adaptedStepSize
        }
    }

    /// Ends a window. One of a single draw, which a few lengths of warm-up have, leaves the metric alone.
    private mutating func updateMetric() {
        if varianceEstimator.count > 1 {
            for i in 0..<trajectory.metric.dimension {
                trajectory.metric.set(i, variance: varianceEstimator.regularizedVariance(i))
            }
        }
        varianceEstimator.restart()
    }

    /// Searches a step size from the present one and restarts its adaptation there. Returns false where
    /// the search ran into a bound.
    private mutating func searchStepSize() -> Bool {
        var normals = RandomSite.stepSizeSearch.stream(key: key, iteration: iteration)
        let search = StepSizeSearch(from: trajectory.stepSize) { stepSize in
            trajectory.energyErrorOfOneStep(stepSize, momentumFrom: &normals)
        }
        trajectory.stepSize = search.stepSize
        stepSizeAdaptation = DualAveraging(around: search.stepSize)
        return search.crossed
    }

    // MARK: Saving

    /// Everything the chain needs to go on, as it stands between two iterations.
    public var checkpoint: ChainCheckpoint {
        ChainCheckpoint(
            state: ChainState(
                key: key, warmup: settings.warmup, targetAcceptance: settings.targetAcceptance,
                maximumDepth: settings.maximumDepth, iteration: iteration,
                gradientEvaluations: gradientEvaluations, stepSize: trajectory.stepSize,
                stepSizeAdaptation: stepSizeAdaptation, logDensity: trajectory.logDensity, position: position,
                gradient: trajectory.pool.array(trajectory.current, .gradient), variances: variances,
                varianceEstimator: varianceEstimator))
    }
}
