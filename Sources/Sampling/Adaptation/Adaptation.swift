import Kernels

/// All that a chain has learnt so far and goes on learning from.
package struct Adaptation: Sendable, Hashable {
    package var stepSize: DualAveraging
    package var metric: MetricEstimator
    package var region: RegionWatch
}

/// What the metric is made of: one estimator of the chain's kind, or none once the metric is final.
package enum MetricEstimator: Sendable, Hashable {
    case finished
    case variance(VarianceEstimator)
    case covariance(CovarianceEstimator)
    case fisherMoments(FisherMoments)
    case fisherWindow(FisherWindow)

    /// An estimator without draws.
    init(_ kind: MetricKind, dimension: Int) {
        switch kind.resolved(dimension: dimension) {
        case .diagonal, .automatic: self = .variance(VarianceEstimator(dimension: dimension))
        case .dense: self = .covariance(CovarianceEstimator(dimension: dimension))
        case .fisherDiagonal: self = .fisherMoments(FisherMoments(dimension: dimension))
        case .fisherLowRank: self = .fisherWindow(FisherWindow(dimension: dimension))
        }
    }

    mutating func add(position: Span<Double>, gradient: Span<Double>) {
        // Taken out while it changes, so that it changes in place.
        let taken = self
        self = .finished
        switch consume taken {
        case .finished: break
        case .variance(var estimator):
            estimator.add(position)
            self = .variance(estimator)
        case .covariance(var estimator):
            estimator.add(position)
            self = .covariance(estimator)
        case .fisherMoments(var estimator):
            estimator.add(position: position, gradient: gradient)
            self = .fisherMoments(estimator)
        case .fisherWindow(var estimator):
            estimator.add(position: position, gradient: gradient)
            self = .fisherWindow(estimator)
        }
    }

    /// Forgets old draws: all of them, or those before the background.
    mutating func advance() {
        let taken = self
        self = .finished
        switch consume taken {
        case .finished: break
        case .variance(var estimator):
            estimator.restart()
            self = .variance(estimator)
        case .covariance(var estimator):
            estimator.restart()
            self = .covariance(estimator)
        case .fisherMoments(var estimator):
            estimator.advance()
            self = .fisherMoments(estimator)
        case .fisherWindow(var estimator):
            estimator.advance()
            self = .fisherWindow(estimator)
        }
    }

    /// Makes the metric of the draws so far. What the draws do not tell stays as it is. Returns whether any was made.
    func renew(_ metric: inout Metric) -> Bool {
        switch self {
        case .finished:
            return false
        case .variance(let estimator):
            // A window of a single draw, which a few lengths of warm-up have, leaves the metric alone.
            guard estimator.count > 1 else { return false }
            for i in 0..<metric.dimension {
                let variance = estimator.regularizedVariance(i)
                if variance.isFinite { metric.set(i, variance: variance) }
            }
            return true
        case .covariance(let estimator):
            guard estimator.count > 1,
                let dense = Metric(covariance: estimator.regularizedCovariance, dimension: metric.dimension),
                dense.isUsable
            else { return false }
            metric = dense
            return true
        case .fisherMoments(let estimator):
            guard estimator.count >= Self.fewestFisherDraws else { return false }
            for i in 0..<metric.dimension {
                guard let variance = estimator.variance(i) else { continue }
                metric.set(i, variance: variance)
            }
            return true
        case .fisherWindow(let window):
            let variances = (0..<metric.dimension).map(metric.scale)
            guard window.count >= Self.fewestFisherDraws, let lowRank = window.metric(fallingBackOn: variances)
            else { return false }
            metric = lowRank
            return true
        }
    }

    /// Two draws would make every scale depend on a single step.
    static let fewestFisherDraws = 3
}
