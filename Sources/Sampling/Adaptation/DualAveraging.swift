import Kernels

/// Stochastic approximation of the step size whose mean acceptance statistic is the target: dual
/// averaging, Hoffman & Gelman (2014), section 3.2, equation (6), with the constants given there.
package struct DualAveraging: Sendable, Hashable {
    /// Strength of the pull to the shrinkage point (gamma).
    static let regularization = 0.05
    /// Exponent of the weights of the averaged iterate (kappa), in (0.5, 1].
    static let relaxationExponent = 0.75
    /// Iterations by which the early, wild ones are damped (t0).
    static let iterationOffset = 10.0

    /// Updates since the last restart (m).
    package var count: Int
    /// The point that log step sizes shrink to (mu).
    package var shrinkagePoint: Double
    /// Weighted mean of target minus acceptance statistic.
    package var meanShortfall: Double
    /// Weighted mean of the log step sizes tried (x bar).
    package var meanLogStepSize: Double

    /// Starts, or starts anew, around `stepSize`. The shrinkage point is ten times as large, since
    /// too large a step is found out sooner and cheaper than too small a one.
    package init(around stepSize: Double) {
        count = 0
        shrinkagePoint = Elementary.log(10 * stepSize)
        meanShortfall = 0
        meanLogStepSize = 0
    }

    init(count: Int, shrinkagePoint: Double, meanShortfall: Double, meanLogStepSize: Double) {
        self.count = count
        self.shrinkagePoint = shrinkagePoint
        self.meanShortfall = meanShortfall
        self.meanLogStepSize = meanLogStepSize
    }

    /// Takes in the acceptance statistic of one transition and returns the step size of the next.
    package mutating func update(acceptance: Double, target: Double) -> Double {
        count += 1
        let m = Double(count)
        let eta = 1 / (m + Self.iterationOffset)
        meanShortfall = (1 - eta) * meanShortfall + eta * (target - min(1, acceptance))
        let logStepSize = shrinkagePoint - meanShortfall * m.squareRoot() / Self.regularization
        let weight = Elementary.power(m, -Self.relaxationExponent)
        meanLogStepSize = (1 - weight) * meanLogStepSize + weight * logStepSize
        return Self.stepSize(log: logStepSize)
    }

    /// The step size to keep once adaptation ends. Only after at least one update.
    package var adaptedStepSize: Double {
        Self.stepSize(log: meanLogStepSize)
    }

    /// Within e^±200, since a density that takes every step, or none, would have the logarithm grow without end.
    private static func stepSize(log: Double) -> Double {
        Elementary.exp(max(-200, min(200, log)))
    }
}
