import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// Where chains begin that follow an accepted fit: with a metric and a step size from its draws, each at a draw far out.
/// A pure function of those, so that each chain's task makes it for itself.
///
/// The accepted posterior is never a prior: only its shape is taken, as scouts would find it.
struct WarmStart {
    /// Draws of the accepted fit in the sampler's coordinates, by chain.
    private let positions: [[[Double]]]
    private let stepSize: Double

    init(_ draws: AcceptedFit.Draws, posterior: MarketingMixPosterior, density: any LogDensity) {
        let all = posterior.model.following(draws).map(posterior.samplerPosition)
        let count = all.count / draws.chainCount
        positions = (0..<draws.chainCount).map { chain in Array(all[chain * count..<(chain + 1) * count]) }
        stepSize = draws.stepSize
    }

    /// The chain of this index: near the end of its warm-up; or, where the draws tell no metric or lie where the new
    /// density is none, from a start of its own.
    func begin(
        _ index: Int, density: any LogDensity, settings: ChainSettings, key: StreamKey
    ) throws(SamplingError) -> Chain {
        let pool = PooledAdaptation(
            settings.metric, density: density, positions: positions.flatMap(\.self), stepSizes: [stepSize])
        if let pool, let start = farthest(index % positions.count, beyond: index / positions.count),
            let chain = try? Chain(density: density, settings: settings, key: key, start: start, knowing: pool)
        {
            return chain
        }
        return try Chain(
            density: density, settings: settings, key: key, start: try pathfinderStart(density: density, key: key))
    }

    /// The draw of a chain that lies farthest from the mean of all, after so many that lie farther: chains that begin far
    /// apart show it when they do not come together (Gelman and Rubin, Statistical Science 7, 1992).
    private func farthest(_ chain: Int, beyond rank: Int) -> [Double]? {
        let all = positions.flatMap(\.self).filter { $0.allSatisfy(\.isFinite) }
        guard let dimension = all.first?.count else { return nil }
        let moments = (0..<dimension).map { coordinate -> (mean: Double, scale: Double) in
            let values = all.map { $0[coordinate] }
            let mean = Reductions.sum(values) / Double(values.count)
            let square = Reductions.sum(values.map { ($0 - mean) * ($0 - mean) }) / Double(values.count)
            return (mean, square > 0 ? square.squareRoot() : 1)
        }
        let ranked = positions[chain].filter { $0.allSatisfy(\.isFinite) }.enumerated().map { place, position in
            let distance = Reductions.sum(
                zip(position, moments).map { ($0 - $1.mean) * ($0 - $1.mean) / ($1.scale * $1.scale) })
            return (distance: distance, place: place, position: position)
        }.sorted { ($1.distance, $0.place) < ($0.distance, $1.place) }
        return ranked.isEmpty ? nil : ranked[rank % ranked.count].position
    }
}
