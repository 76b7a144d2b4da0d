import Posterior

/// How far a quantity has moved between two results, in standard deviations of the old one.
package struct DriftMeasure: Sendable, Hashable {
    /// (mean of the new draws − mean of the old) ÷ sd of the old. Infinite where the old draws are all equal and the new
    /// mean is another.
    package let shift: Double
    /// Monte Carlo standard error of the two means' difference, in the same unit, the draws being independent.
    package let shiftError: Double
    /// The Wasserstein distance of order 1 ÷ sd of the old draws: |shift| where the distribution moved and kept its form,
    /// else more.
    package let wasserstein: Double
    /// The share that two histograms of twenty bins have in common, each bin with a twentieth of both sets' draws together:
    /// 1 for the same distribution, 2 Φ(−|shift| ÷ 2) for a shifted normal one.
    package let overlap: Double

    package init(shift: Double, shiftError: Double, wasserstein: Double, overlap: Double) {
        self.shift = shift
        self.shiftError = shiftError
        self.wasserstein = wasserstein
        self.overlap = overlap
    }

    /// From two fits. NaN where a draw is no finite number.
    package init(old: WeightedDraws, new: WeightedDraws) {
        let error = (old.meanError * old.meanError + new.meanError * new.meanError).squareRoot()
        self.init(old: old, new: new, error: error)
    }

    /// What the new and restated rows alone let one expect: from the old draws to the same draws as they weigh after them.
    /// The two share their draws, and so do their errors.
    ///
    /// - Parameters:
    ///   - quantity: its value in every draw of the old result.
    ///   - provisional: from the log-likelihoods of the rows at the same draws.
    package static func expected(of quantity: [Double], after provisional: ProvisionalPosterior) -> DriftMeasure {
        let old = WeightedDraws(quantity, chainCount: provisional.chainCount)
        let new = provisional.draws(of: quantity)
        let error =
            old.isSound && new.isSound
            ? MonteCarloSum.error(zip(new.bearing, old.bearing).map { $0 - $1 }, chainCount: old.chainCount) : .nan
        return DriftMeasure(old: old, new: new, error: error)
    }

    private init(old: WeightedDraws, new: WeightedDraws, error: Double) {
        let sd = old.sd
        func inDeviations(_ value: Double) -> Double { value == 0 ? 0 : value / sd }
        self.init(
            shift: inDeviations(new.mean - old.mean), shiftError: inDeviations(error),
            wasserstein: inDeviations(DrawDistance.wasserstein(old, new)), overlap: DrawDistance.overlap(old, new))
    }
}
