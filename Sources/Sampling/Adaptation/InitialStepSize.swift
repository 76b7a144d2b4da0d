import Kernels

/// The end of a step size search.
package struct StepSizeSearch: Sendable, Hashable {
    package var stepSize: Double
    /// Whether the acceptance probability crossed its threshold; otherwise the search ran into a bound.
    package var crossed: Bool

    /// One step is accepted with more than this probability, or with less: the crossing is sought.
    static let acceptanceThreshold = 0.8
    /// Steps beyond these bounds mean an improper density or a broken gradient.
    package static let bounds = 0x1p-1000...1e7

    /// Doubles or halves the step size from `start` until the acceptance probability of one leapfrog
    /// step crosses 0.8 (Hoffman & Gelman 2014, algorithm 4, with 0.8 for their 0.5).
    ///
    /// `energyError` gives H - H0 of one step of the given size; each try draws its own momentum.
    package init(from start: Double, energyError: (Double) -> Double) {
        let limit = -Elementary.log(Self.acceptanceThreshold)
        stepSize = start
        crossed = false
        let grows = energyError(stepSize) < limit
        while (energyError(stepSize) < limit) == grows {
            let next = grows ? 2 * stepSize : 0.5 * stepSize
            guard Self.bounds.contains(next) else { return }
            stepSize = next
        }
        crossed = true
    }
}
