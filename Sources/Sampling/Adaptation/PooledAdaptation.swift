import Densities
import Kernels

/// What several chains have learnt of one density, for others to begin with.
public struct PooledAdaptation: Sendable, Hashable {
    package let metric: Metric
    package let stepSize: Double

    /// - Parameters:
    ///   - positions: draws of all the chains, in order; their gradients are computed here.
    ///   - stepSizes: of transitions of the chains, once adapted; the median of their logarithms is taken.
    /// - Returns: nil where the draws do not tell a metric.
    public init?(_ kind: MetricKind, density: any LogDensity, positions: [[Double]], stepSizes: [Double]) {
        let dimension = density.dimension
        precondition(positions.allSatisfy { $0.count == dimension }, "draws of another density")
        var estimator = MetricEstimator(kind, dimension: dimension)
        var gradient = [Double](repeating: 0, count: dimension)
        for position in positions {
            var span = gradient.mutableSpan
            guard density.evaluate(at: position.span, gradient: &span).isFinite else { continue }
            estimator.add(position: position.span, gradient: gradient.span)
        }
        var metric = Metric(dimension: dimension)
        let logs = stepSizes.filter { $0 > 0 && $0.isFinite }.map(Elementary.log).sorted()
        guard estimator.renew(&metric), !logs.isEmpty else { return nil }
        self.metric = metric
        stepSize = Elementary.exp((logs[(logs.count - 1) / 2] + logs[logs.count / 2]) / 2)
    }
}

extension Chain {
    /// Iterations of warm-up that a chain has which begins with what others have learnt: it leaves its start, and the step
    /// size settles.
    static let pooledWarmup = 50

    /// Iterations that the step size of a pool counts for when it is adapted further.
    static let pooledStepSizeCount = 300
}

extension DualAveraging {
    /// Goes on from a step size that was found in so many iterations: it moves as little as if they had been its own.
    init(continuing stepSize: Double, after count: Int) {
        let log = Elementary.log(stepSize)
        self.init(count: count, shrinkagePoint: log, meanShortfall: 0, meanLogStepSize: log)
    }
}
