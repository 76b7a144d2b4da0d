import MarketingMix
import ModelDefinition
import Sampling

/// How a fit is run: with the model and the data, all that its result depends on.
package struct FitSettings: Sendable, Hashable {
    package var seed: UInt64
    package var chains: Int
    package var warmup: Int
    /// At most, where `until` may end them earlier.
    package var draws: Int
    package var until: StoppingRule
    package var start: ChainStart
    package var targetAcceptance: Double
    package var metric: MetricKind
    package var resamples: Int
    /// What resamples vary.
    package var scheme: ResampleScheme
    /// Periods in a block of a resample's weights; nil: as the scouts' draws say.
    package var blockLength: Int?
    /// What is told of each resample.
    package var resampleMethod: ResampleMethod
    /// Resamples in one task, which no result depends on; nil: `resamplesInTask` by itself.
    package var resamplesPerTask: Int?
    /// Nil for a fit.
    package var study: Study?
    /// Whether the model follows an accepted fit that tells where chains begin.
    package var hasAcceptedDraws: Bool

    package init(_ specification: ModelSpecification) {
        seed = specification.seed
        chains = specification.sampling.chains
        warmup = specification.sampling.warmup
        draws = specification.sampling.draws
        until = specification.sampling.until
        start = specification.sampling.start
        targetAcceptance = specification.sampling.targetAcceptance
        metric = MetricKind(specification.sampling.metric)
        resamples = specification.resampling.resamples
        scheme = specification.resampling.scheme
        blockLength = specification.resampling.blockLength
        resampleMethod = specification.resampling.method
        resamplesPerTask = specification.resampling.perTask
        hasAcceptedDraws = specification.accepted?.draws != nil
    }

    /// From so many chains on scouts are worth their while by default: their work comes before all other.
    package static let independentChainsMax = 8

    /// Where chains do begin: never `automatic`.
    package var resolvedStart: ChainStart {
        guard study == nil else { return .independent }
        return switch start {
        case .automatic:
            hasAcceptedDraws ? .warm : chains > Self.independentChainsMax ? .pooled : .independent
        case .independent, .pooled, .warm: start
        }
    }

    /// Whether chains begin with what scouts have found.
    package var isPooled: Bool { resolvedStart == .pooled }

    /// Whether resamples do.
    package var hasResamples: Bool { study == nil && resamples > 0 }

    /// Resamples in one task: as many as were asked for. Else one; or of maxima, each of which is done in a moment, as many
    /// as leave fifty tasks, up to a hundred.
    package var resamplesInTask: Int {
        let automatic = resampleMethod == .map ? min(max(1, resamples / 50), 100) : 1
        return resamplesPerTask ?? automatic
    }

    /// Chains of a resample, and what each hands in.
    package var resampleDraws: (chains: Int, draws: Int) {
        switch resampleMethod {
        case .sampled: (ResampleRun.chains, ResampleRun.draws)
        case .map: (1, 1)
        }
    }

    /// Another rule by which chains end, with the most draws that it has by default unless their number is given.
    package mutating func end(by rule: StoppingRule?, draws number: Int?) {
        if let rule, rule != until {
            until = rule
            draws = rule.drawsByDefault
        }
        draws = number ?? draws
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
    /// Fits of the model with so many placebos in all.
    case placebo(fits: Int, count: Int)
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

/// The sampler's run of one scout: what it draws tells start and metric, and is no part of the results.
package enum ScoutRun {
    package static let scouts = 4
    package static let draws = 200

    /// Less than chains have: they go on adapting the step size.
    package static func warmup(_ settings: FitSettings) -> Int { max(100, 2 * settings.warmup / 5) }
}
