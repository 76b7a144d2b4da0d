import Kernels
import MarketingMix
import ModelDefinition

/// Likelihood weights of one bootstrap resample. Rows never move, so adstock always sees the true past.
package enum ResampleWeights {
    /// The weights of one resample of a fit, counted from 0.
    static func blockGamma(model: MarketingMixModel, settings: FitSettings, resample: Int) -> [Double] {
        blockGamma(
            periods: model.dataset.periodCount, blockLength: settings.blockLength,
            key: StreamKey(settings, .resampleWeights, index: resample))
    }

    /// Block-Gamma weights: g_j iid Gamma(1/b, 1) on the circle 1…T, w_t = Σ_{k<b} g_{(t−k) mod T}, then scaled to
    /// sum T. Before scaling each w_t is Exp(1) and Cov(w_t, w_{t+k}) = (1 − |k|/b)₊, the Bartlett kernel of the
    /// moving-block bootstrap (Künsch 1989); b = 1 is T · Dirichlet(1, …, 1) (Rubin 1981).
    ///
    /// - Parameters:
    ///   - periods: T ≥ 1.
    ///   - blockLength: b ≥ 1 periods, cut to T.
    package static func blockGamma(periods: Int, blockLength: Int, key: StreamKey) -> [Double] {
        let block = min(blockLength, periods)
        var stream = RandomStream(key: key, iteration: 0, site: 0)
        let shape = 1 / Double(block)
        let gammas = (0..<periods).map { _ in stream.gamma(shape: shape) }
        var weights = (0..<periods).map { period in
            var sum = 0.0
            for lag in 0..<block { sum += gammas[(period - lag + periods) % periods] }
            return sum
        }
        var total = 0.0
        for weight in weights { total += weight }
        for period in weights.indices { weights[period] *= Double(periods) / total }
        return weights
    }
}
