import MarketingMix
import Sampling

/// How a fit is run: with the model and the data, all that its result depends on.
package struct FitSettings: Sendable, Hashable {
    package var seed: UInt64
    package var chains: Int
    package var warmup: Int
    package var draws: Int
    package var targetAcceptance: Double
    package var metric: MetricKind
    package var resamples: Int
    /// Periods in a block of a resample's weights.
    package var blockLength: Int

    /// A month of weeks: the floor of the block-length rule, used where the model file says `auto`.
    package static let automaticBlockLength = 4

    package init(_ specification: ModelSpecification) {
        seed = specification.seed
        chains = specification.sampling.chains
        warmup = specification.sampling.warmup
        draws = specification.sampling.draws
        targetAcceptance = specification.sampling.targetAcceptance
        metric = MetricKind(specification.sampling.metric)
        resamples = specification.resampling.resamples
        blockLength = specification.resampling.blockLength ?? Self.automaticBlockLength
    }
}

extension MetricKind {
    init(_ metric: SamplerMetric) {
        self =
            switch metric {
            case .automatic: .automatic
            case .diagonal: .diagonal
            case .dense: .dense
            case .fisherDiagonal: .fisherDiagonal
            case .fisherLowRank: .fisherLowRank
            }
    }
}

/// The sampler's run inside one resample: short chains, since the spread between resamples matters, not each one's
/// Monte Carlo error.
package enum ResampleRun {
    package static let chains = 2
    package static let warmup = 400
    package static let draws = 200
}
