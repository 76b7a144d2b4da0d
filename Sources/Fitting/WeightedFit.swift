import Kernels
import MarketingMix
import Sampling

/// The posterior under likelihood weights of periods, sampled in this process: for what is asked of a model after its fit.
package struct WeightedFit: Sendable {
    package var seed: UInt64
    package var chains = 2
    package var warmup = 400
    package var draws = 300

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// One vector of parameter values, in layout order, a draw; chain after chain.
    ///
    /// - Parameters:
    ///   - weights: by period, nil for ones.
    ///   - half: which of two fits it is, for its random numbers.
    package func constrained(
        _ model: MarketingMixModel, weights: [Double]?, half: Int = 0, by processors: some ParallelMap
    ) throws -> [[Double]] {
        let posterior = model.posterior(weights: weights)
        let settings = ChainSettings(
            warmup: warmup, draws: draws, targetAcceptance: FitSettings(model.specification).targetAcceptance,
            metric: FitSettings(model.specification).metric, raisesTarget: model.hasScatteredGeos)
        return try processors.tryMap(chains) { chain in
            let index = UInt32(2 * chain + half)
            let key = StreamKey(seed: seed, kind: StreamKind.halfChain.rawValue, index: index)
            let density = posterior.density()
            var run = try Chain(
                density: density, settings: settings, key: key, start: try pathfinderStart(density: density, key: key))
            var recovery = ParameterRecovery(posterior)
            var constrained: [[Double]] = []
            while !run.isFinished {
                let isKept = !run.isWarmingUp
                _ = run.step()
                guard isKept else { continue }
                var stream = RandomStream(
                    key: StreamKey(seed: seed, kind: StreamKind.halfRecovery.rawValue, index: index),
                    iteration: UInt64(constrained.count), site: 0)
                constrained.append(recovery.parameters(at: run.position, stream: &stream))
            }
            return constrained
        }.flatMap { $0 }
    }
}
