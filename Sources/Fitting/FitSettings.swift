import MarketingMix
import ModelDefinition
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
    /// Nil for a fit.
    package var study: Study?

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

/// Many fits of one model that are judged together.
package enum Study: Sendable, Hashable {
    /// Simulation-based calibration: worlds drawn from the prior, each fitted.
    case calibration(replications: Int)
    /// Time-slice cross-validation: fits of growing windows, each scored on the `horizon` periods that follow it.
    case timeSlices(count: Int, horizon: Int)
    /// The model and its `ModelAlternative`s, so many in all.
    case alternatives(count: Int)
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
