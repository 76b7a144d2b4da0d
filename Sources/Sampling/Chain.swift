import Densities
import Kernels

/// One run of the sampler: the no-U-turn sampler whose step size and metric adapt during warm-up
/// (Hoffman & Gelman 2014; Betancourt 2017).
///
/// A chain is a value that is stepped from outside, and can be saved after any step and resumed to the
/// bit. Its draws are a function of density, settings, key and start alone: no clock, no thread, no
/// global state enters.
public struct Chain {
    public let settings: ChainSettings
    /// Completed iterations, those of warm-up counted.
    public private(set) var iteration: Int

    /// Where trajectories diverged after warm-up: the first hundred places.
    public private(set) var divergences: [Divergence]

    /// Divergences late in warm-up, which raise the target acceptance where the settings say so.
    private var lateDivergences: Int
    private let key: StreamKey
    private let metricKind: MetricKind
    private let schedule: AdaptationSchedule
    private var trajectory: HamiltonianTrajectory
    private var adaptation: Adaptation

    static let divergenceLimit = 100
    /// Share by which step sizes vary under a metric that is learnt from gradients.
    static let fisherJitter = 0.1

    /// Starts a chain, evaluating the density at `start` and searching a first step size.
    ///
    /// Throws `startDimension`, `startNotFinite`, `gradientDisagrees` or `noStepSize`. Settings outside the ranges written at
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
        divergences = []
        lateDivergences = 0
        metricKind = settings.metric.resolved(dimension: dimension)
        schedule = AdaptationSchedule(metricKind, settings)
        adaptation = Adaptation(
            stepSize: DualAveraging(around: 1),
            metric: schedule.metricEnd > 0 ? MetricEstimator(metricKind, dimension: dimension) : .finished,
            region: RegionWatch(logDensity: 0))
        trajectory = HamiltonianTrajectory(
            density: density, maximumDepth: settings.maximumDepth, metric: Metric(dimension: dimension),
            stepSize: 1, jitter: metricKind.usesGradients ? Self.fisherJitter : 0, gradientEvaluations: 0, key: key)
        guard trajectory.place(position: start) else { throw .startNotFinite }
        try GradientCheck.requireSlope(of: density, at: start, key: key)
        adaptation.region = RegionWatch(logDensity: trajectory.logDensity)
        if metricKind.usesGradients && schedule.metricEnd > 0 { learnFromStart() }
        guard searchStepSize() else { throw .noStepSize(last: trajectory.stepSize) }
    }

    /// Starts a chain near the end of its warm-up with what others have learnt: the metric stays, and the step size is
    /// adapted a little further.
    ///
    /// Throws as a start without that; settings outside of their ranges are a programming error.
    public init(
        density: any LogDensity, settings: ChainSettings, key: StreamKey, start: [Double],
        knowing pool: PooledAdaptation
    ) throws(SamplingError) {
        settings.requireValid()
        let dimension = density.dimension
        guard start.count == dimension, pool.metric.dimension == dimension else {
            throw .startDimension(expected: dimension, found: start.count)
        }
        self.settings = settings
        self.key = key
        divergences = []
        lateDivergences = 0
        metricKind = settings.metric.resolved(dimension: dimension)
        schedule = AdaptationSchedule(metricKind, settings)
        iteration = max(schedule.metricEnd, settings.warmup - Self.pooledWarmup, 0)
        adaptation = Adaptation(
            stepSize: DualAveraging(continuing: pool.stepSize, after: Self.pooledStepSizeCount), metric: .finished,
            region: RegionWatch(logDensity: 0))
        trajectory = HamiltonianTrajectory(
            density: density, maximumDepth: settings.maximumDepth, metric: pool.metric, stepSize: pool.stepSize,
            jitter: metricKind.usesGradients ? Self.fisherJitter : 0, gradientEvaluations: 0, key: key)
        guard trajectory.place(position: start) else { throw .startNotFinite }
        try GradientCheck.requireSlope(of: density, at: start, key: key)
        adaptation.region = RegionWatch(logDensity: trajectory.logDensity)
    }

    /// Goes on from a checkpoint; the remaining draws are those of the chain that was saved, to the bit.
    ///
    /// Throws `checkpointOfAnotherChain` where dimension, key, warm-up, target or depth differ, or where the density has
    /// another value or gradient at the chain's position, by a single bit. The number of draws may differ, as long as the
    /// iterations done are not more than there are now to do.
    public init(
        density: any LogDensity, settings: ChainSettings, key: StreamKey, resuming checkpoint: ChainCheckpoint
    ) throws(SamplingError) {
        settings.requireValid()
        try checkpoint.requireChain(dimension: density.dimension, settings: settings, key: key)
        let state = checkpoint.state
        self.settings = settings
        self.key = key
        iteration = state.iteration
        divergences = state.divergences
        lateDivergences = state.lateDivergences
        metricKind = state.metricKind
        schedule = AdaptationSchedule(metricKind, settings)
        adaptation = state.adaptation
        trajectory = HamiltonianTrajectory(
            density: density, maximumDepth: settings.maximumDepth, metric: state.metric, stepSize: state.stepSize,
            jitter: metricKind.usesGradients ? Self.fisherJitter : 0,
            gradientEvaluations: state.gradientEvaluations, key: key)
        guard trajectory.place(position: state.position, gradient: state.gradient, logDensity: state.logDensity)
        else { throw .checkpointOfAnotherChain(field: "density") }
    }

    // MARK: Progress

    /// Iterations in all, warm-up and draws.
    public var iterationCount: Int { settings.warmup + settings.draws }
    /// Whether the next iteration belongs to warm-up.
    public var isWarmingUp: Bool { iteration < settings.warmup }
    public var isFinished: Bool { iteration == iterationCount }
    /// Gradients so far, that at the start and those of step size searches counted. The check of the gradient at the start
    /// and that of the density on resuming are not: a resumed chain counts as if it had never been interrupted.
    public var gradientEvaluations: Int { trajectory.gradientEvaluations }
    /// The adapted step size: that of the next transition, or its middle where step sizes vary.
    public var stepSize: Double { trajectory.stepSize }

    /// The adapted step size about which that of a transition varies, from the one that was taken, up to its last bit.
    ///
    /// - Parameter iteration: of the transition, counted from 1, warm-up included.
    /// - Returns: nil where every transition takes the adapted step size itself.
    package static func nominalStepSize(
        _ taken: Double, metric: MetricKind, dimension: Int, iteration: Int, key: StreamKey
    ) -> Double? {
        guard metric.resolved(dimension: dimension).usesGradients else { return nil }
        return taken / HamiltonianTrajectory.stepSizeFactor(fisherJitter, iteration: iteration, key: key)
    }

    /// One iteration: a transition and, in warm-up, what is learnt from it. Not to be called on a finished
    /// chain. After warm-up it allocates nothing, unless a divergence is kept.
    public mutating func step() -> TransitionStatistics {
        precondition(!isFinished, "the chain is finished: \(iteration) iterations are done")
        let warmsUp = isWarmingUp
        iteration += 1
        let statistics = trajectory.transition(
            iteration: iteration, key: key, maximumDepth: settings.maximumDepth)
        if warmsUp {
            if trajectory.divergence != nil, settings.isLate(iteration) { lateDivergences += 1 }
            adapt(acceptance: statistics.acceptanceRate)
        } else if let divergence = trajectory.divergence, divergences.count < Self.divergenceLimit {
            divergences.append(
                Divergence(
                    iteration: iteration, position: trajectory.pool.array(divergence.point, .position),
                    energyError: divergence.energyError))
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

    /// The metric in use.
    package var metric: Metric { trajectory.metric }

    /// Diagonal of the inverse metric, the variances that the chain has learnt.
    package var variances: [Double] { (0..<metric.dimension).map(metric.variance) }

    // MARK: Adaptation

    /// The metric before the first draw of a region: the variances that the slopes there are typical of at distance 1.
    private mutating func learnFromStart() {
        let gradient = trajectory.pool.array(trajectory.current, .gradient)
        for i in 0..<gradient.count {
            let variance = 1 / abs(gradient[i])
            if variance > 0 && variance < .infinity { trajectory.metric.set(i, variance: variance) }
        }
    }

    private mutating func adapt(acceptance: Double) {
        trajectory.stepSize = adaptation.stepSize.update(
            acceptance: acceptance, target: settings.targetAcceptance(lateDivergences: lateDivergences))
        switch schedule {
        case .windows(let windows): adaptMetric(windows)
        case .continual(let schedule): adaptMetric(schedule)
        }
        if iteration == schedule.metricEnd { adaptation.metric = .finished }
        if iteration == settings.warmup {
            trajectory.stepSize = adaptation.stepSize.adaptedStepSize
        }
    }

    private mutating func adaptMetric(_ schedule: WarmUpSchedule) {
        if schedule.isInWindow(iteration) { learn() }
        guard schedule.endsWindow(iteration) else { return }
        _ = adaptation.metric.renew(&trajectory.metric)
        adaptation.metric.advance()
        // Where no step size crosses the threshold the last one tried is as good a beginning as any:
        // dual averaging goes on from it.
        _ = searchStepSize()
    }

    private mutating func adaptMetric(_ schedule: FisherSchedule) {
        guard iteration <= schedule.metricEnd else { return }
        if adaptation.region.sees(trajectory.logDensity, iteration: iteration, dimension: metric.dimension) {
            beginAnew()
            return
        }
        let beginning = adaptation.region.beginning
        if trajectory.hasMoved { learn() }
        if schedule.advances(iteration, beginning: beginning) { adaptation.metric.advance() }
        guard
            metricKind == .fisherDiagonal
                || schedule.renewsLowRank(iteration, beginning: beginning, dimension: metric.dimension)
        else { return }
        let isFirst = adaptation.stepSize.count == iteration - beginning
        let isRenewed = adaptation.metric.renew(&trajectory.metric)
        // Dual averaging follows the small changes. The first metric was a guess, whose step size says little of that
        // of the second.
        if isRenewed && isFirst { _ = searchStepSize() }
    }

    /// Forgets what was learnt in another region.
    private mutating func beginAnew() {
        adaptation.metric = MetricEstimator(metricKind, dimension: metric.dimension)
        trajectory.metric = Metric(dimension: metric.dimension)
        learnFromStart()
        _ = searchStepSize()
    }

    private mutating func learn() {
        trajectory.withCurrent { adaptation.metric.add(position: $0, gradient: $1) }
    }

    /// Searches a step size from the present one and restarts its adaptation there. Returns false where
    /// the search ran into a bound.
    private mutating func searchStepSize() -> Bool {
        var normals = RandomSite.stepSizeSearch.stream(key: key, iteration: iteration)
        let search = StepSizeSearch(from: trajectory.stepSize) { stepSize in
            trajectory.energyErrorOfOneStep(stepSize, momentumFrom: &normals)
        }
        trajectory.stepSize = search.stepSize
        adaptation.stepSize = DualAveraging(around: search.stepSize)
        return search.crossed
    }

    // MARK: Saving

    /// Everything the chain needs to go on, as it stands between two iterations.
    public var checkpoint: ChainCheckpoint {
        ChainCheckpoint(
            state: ChainState(
                key: key, warmup: settings.warmup, targetAcceptance: settings.targetAcceptance,
                maximumDepth: settings.maximumDepth, metricKind: metricKind, iteration: iteration,
                gradientEvaluations: gradientEvaluations, stepSize: trajectory.stepSize,
                logDensity: trajectory.logDensity, position: position,
                gradient: trajectory.pool.array(trajectory.current, .gradient), metric: metric,
                adaptation: adaptation, lateDivergences: lateDivergences, divergences: divergences))
    }
}
