import Kernels
import MarketingMix

/// Where a trajectory diverged, on the user's scale.
package struct DivergencePlace: Sendable, Hashable {
    /// Index of the chain, and of the draw that the trajectory ended in.
    package var chain: Int
    package var draw: Int
    /// Parameter values in layout order where the diverging step began; those that are integrated out are drawn given the
    /// others.
    package var parameters: [Double]

    /// Those of one chain.
    ///
    /// - Parameter key: of the chain's recovery. Draws come from site 0 of it, so that places, from site 1, leave no trace
    ///   in them.
    static func all(
        of chain: [DrawRecord], index: Int, posterior: MarketingMixPosterior, key: StreamKey
    ) -> [DivergencePlace] {
        guard chain.contains(where: { $0.divergence != nil }) else { return [] }
        var recovery = ParameterRecovery(posterior)
        return chain.enumerated().compactMap { draw, record in
            guard let place = record.divergence else { return nil }
            var stream = RandomStream(key: key, iteration: UInt64(draw), site: 1)
            return DivergencePlace(
                chain: index, draw: draw, parameters: recovery.parameters(at: place, stream: &stream))
        }
    }
}
