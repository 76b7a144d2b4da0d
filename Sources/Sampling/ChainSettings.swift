/// What the user may choose about a chain. The defaults are those in use throughout the field.
public struct ChainSettings: Sendable, Hashable {
    /// Iterations that adapt step size and metric; their draws are not kept. 0 or more; below 20
    /// only the step size is adapted.
    public var warmup: Int
    /// Iterations after warm-up. 0 or more.
    public var draws: Int
    /// Mean acceptance statistic that the step size is adapted to (delta), in (0, 1).
    public var targetAcceptance: Double
    /// Whether divergences late in warm-up raise the target: each halves what it lacks of 1, up to three times.
    public var raisesTarget: Bool
    /// Doublings after which a trajectory ends in any case: at most 2^maximumDepth - 1 leapfrog steps.
    public var maximumDepth: Int
    /// How the metric is learnt.
    public var metric: MetricKind
    /// Whether warm-up learns a metric at all. Where it does not, the one that the chain begins with stays, and warm-up
    /// adapts the step size alone.
    public var learnsMetric: Bool

    public init(
        warmup: Int = 1000, draws: Int = 1000, targetAcceptance: Double = 0.8, maximumDepth: Int = 10,
        metric: MetricKind = .automatic, raisesTarget: Bool = false, learnsMetric: Bool = true
    ) {
        self.learnsMetric = learnsMetric
        self.warmup = warmup
        self.draws = draws
        self.targetAcceptance = targetAcceptance
        self.maximumDepth = maximumDepth
        self.metric = metric
        self.raisesTarget = raisesTarget
    }

    /// Bounds that keep every count far from overflow; 2^20 leapfrog steps are hours, not a draw.
    static let iterationLimit = 1 << 40
    static let depthLimit = 20

    /// The target after this many divergences late in warm-up.
    func targetAcceptance(lateDivergences: Int) -> Double {
        guard raisesTarget else { return targetAcceptance }
        var shortfall = 1 - targetAcceptance
        for _ in 0..<min(lateDivergences, 3) { shortfall *= 0.5 }
        return 1 - shortfall
    }

    /// Whether a divergence of this iteration may raise the target: the metric is near what it will be, and there is time
    /// left to find the step size.
    func isLate(_ iteration: Int) -> Bool { 2 * iteration > warmup && 10 * iteration <= 9 * warmup }

    func requireValid() {
        precondition((0...Self.iterationLimit).contains(warmup), "warm-up iterations out of range")
        precondition((0...Self.iterationLimit).contains(draws), "draws out of range")
        precondition(targetAcceptance > 0 && targetAcceptance < 1, "target acceptance outside (0, 1)")
        precondition((1...Self.depthLimit).contains(maximumDepth), "maximum depth out of range")
    }
}
