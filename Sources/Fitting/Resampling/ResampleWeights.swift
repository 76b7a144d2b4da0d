import Kernels
import MarketingMix
import ModelDefinition

/// Likelihood weights of one bootstrap resample. Rows never move, so adstock always sees the true past.
package enum ResampleWeights {
    /// The weights of one resample of a fit, counted from 0: one a period, or one a cell where geos are weighted. Ones where
    /// the scheme replaces the KPI.
    /// - Parameter block: periods in a block, where the scheme has blocks.
    static func weights(
        model: MarketingMixModel, settings: FitSettings, blockLength block: Int, resample: Int
    ) -> [Double] {
        let key = StreamKey(settings, .resampleWeights, index: resample)
        let (periods, geos) = (model.dataset.periodCount, model.dataset.geoCount)
        return switch settings.scheme {
        case .blockGamma: blockGamma(periods: periods, blockLength: block, key: key)
        case .counts: blockCounts(periods: periods, blockLength: block, key: key)
        case .residual, .wild: Array(repeating: 1, count: periods)
        case .dirichlet: blockGamma(periods: periods, blockLength: 1, key: key)
        case .geo: crossed(geos: ofGeos(geos, key: key), periods: Array(repeating: 1, count: periods))
        case .crossed:
            crossed(
                geos: ofGeos(geos, key: key), periods: blockGamma(periods: periods, blockLength: block, key: key))
        }
    }

    /// Block-Gamma weights, scaled to sum T: each has mean 1, and with n = T/b variance (n − 1)/(n + 1) and covariance
    /// (n (1 − k/b)₊ − 1)/(n + 1) with the one k periods on. With b = 1 they are T · Dirichlet(1, …, 1) (Rubin 1981).
    ///
    /// - Parameters:
    ///   - periods: T ≥ 1.
    ///   - blockLength: b ≥ 1 periods, cut to T.
    package static func blockGamma(periods: Int, blockLength: Int, key: StreamKey) -> [Double] {
        var weights = blockSums(periods: periods, blockLength: blockLength, key: key)
        var total = 0.0
        for weight in weights { total += weight }
        for period in weights.indices { weights[period] *= Double(periods) / total }
        return weights
    }

    /// Block-Gamma weights before they are scaled: g_j iid Gamma(1/b, 1) on the circle 1…T, w_t = Σ_{k<b} g_{(t−k) mod T}.
    /// Each w_t is Exp(1) and Cov(w_t, w_{t+k}) = (1 − |k|/b)₊, the Bartlett kernel of the moving-block bootstrap
    /// (Künsch, Annals of Statistics 17, 1989).
    package static func blockSums(
        periods: Int, blockLength: Int, key: StreamKey, site: UInt32 = 0
    ) -> [Double] {
        let block = min(blockLength, periods)
        var stream = RandomStream(key: key, iteration: 0, site: site)
        let shape = 1 / Double(block)
        let gammas = (0..<periods).map { _ in stream.gamma(shape: shape) }
        return (0..<periods).map { period in
            var sum = 0.0
            for lag in 0..<block { sum += gammas[(period - lag + periods) % periods] }
            return sum
        }
    }

    /// How often each period lies in blocks that begin anywhere on the circle with equal chance (Politis and Romano,
    /// "A circular block-resampling procedure for stationary data", 1992): as many blocks as make T periods, the last of
    /// them cut. With b a divisor of T each is Binomial(T/b, b/T), and has covariance (1 − k/b)₊ − b/T with the one k
    /// periods on.
    package static func blockCounts(periods: Int, blockLength: Int, key: StreamKey) -> [Double] {
        let block = min(blockLength, periods)
        var stream = RandomStream(key: key, iteration: 0, site: 0)
        var counts = [Double](repeating: 0, count: periods)
        for begun in stride(from: 0, to: periods, by: block) {
            // A uniform number is below 1, but its product may round to T.
            let start = min(Int(stream.uniform() * Double(periods)), periods - 1)
            for step in 0..<min(block, periods - begun) { counts[(start + step) % periods] += 1 }
        }
        return counts
    }

    /// G · Dirichlet(1, …, 1) over geos, drawn apart from what the same key gives periods.
    package static func ofGeos(_ count: Int, key: StreamKey) -> [Double] {
        let exponentials = blockSums(periods: count, blockLength: 1, key: key, site: 1)
        let total = Reductions.sum(exponentials)
        return exponentials.map { $0 * (Double(count) / total) }
    }

    /// w_gt = v_g u_t, geo after geo.
    package static func crossed(geos: [Double], periods: [Double]) -> [Double] {
        geos.flatMap { geo in periods.map { geo * $0 } }
    }
}
