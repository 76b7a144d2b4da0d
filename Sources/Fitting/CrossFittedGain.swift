import Analysis
import Kernels
import MarketingMix

/// What a budget's best plan gains on weeks that its choice did not see.
///
/// A plan that is the best of many by some draws looks better by the same draws than it is. So the posterior is fitted to
/// alternate blocks of periods and to the others, by likelihood weights of 0 and 1: no row moves, and carry-over has its past.
/// The best plan of each half is scored by the draws of the other.
package struct CrossFittedGain: Sendable {
    /// By draw, the mean of the two: each half errs by itself, so that draws of the two are independent.
    package let gain: Estimate
    /// The mean gain of each half's plan by its own draws, averaged: how much of it was hope.
    package let hoped: Double

    /// Periods of a block.
    package static let blockLength = 8

    /// Weights of the periods of a half, 0 or 1.
    package static func weights(of half: Int, periodCount: Int) -> [Double] {
        (0..<periodCount).map { ($0 / blockLength) % 2 == half ? 1 : 0 }
    }

    /// - Parameter fit: how each half is sampled.
    package init(
        _ question: AllocationQuestion, model: MarketingMixModel, fit: WeightedFit, by processors: some ParallelMap
    ) throws {
        let studies = try (0..<2).map { half in
            try AllocationStudy(
                question, model: model,
                constrained: try fit.constrained(
                    model, weights: Self.weights(of: half, periodCount: model.dataset.periodCount), half: half,
                    by: processors), by: processors)
        }
        let plans = try studies.map { try $0.bestMoney() }
        let scored = (0..<2).map { studies[1 - $0].gains(of: plans[$0]) }
        gain = Estimate(draws: zip(scored[0], scored[1]).map { 0.5 * ($0 + $1) })
        let own = (0..<2).map { Estimate(draws: studies[$0].gains(of: plans[$0])).mean }
        hoped = 0.5 * (own[0] + own[1])
    }
}
