import Densities
import Kernels

/// Channels that are alike: each of the pooled parameters is a common value, from which they differ.
///
/// With z ~ N(0, 1) by channel, a positive parameter is exp(m + s z), a fraction 1/(1 + exp(−m − s z)).
package struct ChannelFamily: Sendable, Hashable {
    /// A parameter that the channels share, with the priors of m and s.
    package struct PooledParameter: Sendable, Hashable {
        package var parameter: MediaParameter
        /// Nil for that of `meanPrior` with the first channel's own prior.
        package var mean: Prior?
        package var sd: Prior

        package init(_ parameter: MediaParameter, mean: Prior?, sd: Prior) {
            self.parameter = parameter
            self.mean = mean
            self.sd = sd
        }
    }

    package var name: String
    /// Indices of the channels, ascending.
    package var channels: [Int]
    package var parameters: [PooledParameter]

    package init(name: String, channels: [Int], parameters: [PooledParameter]) {
        self.name = name
        self.channels = channels
        self.parameters = parameters
    }

    /// The prior of s where none is stated.
    package static let defaultDeviation = Prior.halfNormal(scale: 0.3)

    /// The normal prior of m whose value has about the mean and standard deviation of a channel's own prior; nil where
    /// that has none.
    package static func meanPrior(of parameter: MediaParameter, from prior: Prior) -> Prior? {
        guard let mean = prior.mean, let sd = prior.standardDeviation, mean > 0, sd > 0, sd.isFinite else { return nil }
        if parameter.isFractionInFamily {
            guard mean < 1 else { return nil }
            return .normal(mean: Elementary.log(mean / (1 - mean)), sd: sd / (mean * (1 - mean)))
        }
        let variance = Elementary.log1p((sd / mean) * (sd / mean))
        return .normal(mean: Elementary.log(mean) - 0.5 * variance, sd: variance.squareRoot())
    }
}
