import Densities
import Kernels
import MarketingMix
import Sampling

/// What the resamples of a fit have in common: what the scouts have found, and the blocks that it tells of. A function of model,
/// data, settings and the scouts' draws.
struct ResampleGround {
    let model: MarketingMixModel
    let settings: FitSettings
    let full: MarketingMixDensity
    let pool: ScoutPool
    /// Periods in a block.
    let blockLength: Int
    /// Where the scheme replaces the KPI.
    private let pointFit: PointFit?

    /// - Parameter scouts: the bytes of the scouts' draws, one after another.
    /// - Returns: nil where those are not the scouts' of this fit.
    init?(model: MarketingMixModel, settings: FitSettings, scouts: [UInt8]) {
        let whole = model.posterior(weights: nil)
        full = whole.density()
        guard let pool = ScoutPool(scouts, density: full, metric: settings.metric) else { return nil }
        self.model = model
        self.settings = settings
        self.pool = pool
        blockLength = pool.blockLength(whole, settings: settings)
        pointFit = settings.scheme.replacesKPI ? pool.pointFit(whole, settings: settings) : nil
    }

    /// What the resample of this index is about.
    func posterior(of index: Int) -> MarketingMixPosterior {
        guard let pointFit else {
            return model.posterior(
                weights: ResampleWeights.weights(
                    model: model, settings: settings, blockLength: blockLength, resample: index))
        }
        return pointFit.resampled(
            settings.scheme, blockLength: blockLength, key: StreamKey(settings, .resampleErrors, index: index)
        ).posterior(weights: nil)
    }
}

/// One resample of a fit: what its chains sample, and where they begin.
struct Resample {
    let posterior: MarketingMixPosterior
    let density: MarketingMixDensity
    private let ground: ResampleGround
    private let index: Int
    private var settings: FitSettings { ground.settings }

    /// - Parameter index: counted from 0.
    init(_ index: Int, on ground: ResampleGround) {
        self.ground = ground
        self.index = index
        posterior = ground.posterior(of: index)
        density = posterior.density()
    }

    /// Of the chain of this index, counted over both tries.
    func settings(ofChain chain: Int) -> ChainSettings {
        ChainSettings(
            warmup: ResampleRun.warmup,
            draws: ResampleRun.draws * (ResampleRun.isRerun(chain) ? ResampleRun.rerunFactor : 1),
            targetAcceptance: settings.targetAcceptance, metric: settings.metric,
            raisesTarget: ground.model.hasScatteredGeos,
            learnsMetric: !ground.pool.isUsed)
    }

    /// The chain of this index, counted over both tries.
    func begin(_ chain: Int, key: StreamKey) throws(SamplingError) -> Chain {
        var stream = RandomStream(
            key: StreamKey(settings, .resampleStart, index: index), iteration: UInt64(chain), site: 0)
        return try ground.pool.begin(
            scout: index * ResampleRun.chains + chain, share: stream.uniform(), full: ground.full, density: density,
            settings: settings(ofChain: chain), key: key)
    }
}

extension ScoutPool {
    /// The blocks of a resample's weights: as given, or as the scouts' draws say.
    func blockLength(_ posterior: MarketingMixPosterior, settings: FitSettings) -> Int {
        if let length = settings.blockLength { return length }
        guard settings.scheme.hasBlocks else { return 1 }
        return pointFit(posterior, settings: settings).blockLength
    }

    func pointFit(_ posterior: MarketingMixPosterior, settings: FitSettings) -> PointFit {
        PointFit(
            posterior, positions: positions(count: PointFit.drawCount),
            key: StreamKey(settings, .scoutRecovery, index: 0))
    }

    /// A chain of a resample, with the metric and the step size of the scouts: at a draw of theirs, moved as far as weights
    /// move the posterior to first order, θ + Σ (∇ log π_w − ∇ log π), Σ being what the metric says of the covariance; half
    /// or a quarter of that where it leads downhill, or nothing. From a start of its own where the scouts do not agree.
    ///
    /// - Parameters:
    ///   - scout: counted on beyond the last.
    ///   - share: of the scout's draws that come before the one that is taken, in (0, 1).
    ///   - full: what the scouts have sampled.
    func begin(
        scout: Int, share: Double, full: any LogDensity, density: any LogDensity, settings: ChainSettings,
        key: StreamKey
    ) throws(SamplingError) -> Chain {
        guard let adaptation else {
            return try Chain(
                density: density, settings: settings, key: key, start: try pathfinderStart(density: density, key: key))
        }
        let drawn = draw(ofScout: scout, share: share)
        let start = Self.moved(drawn, from: full, to: density, by: adaptation)
        return try Chain(density: density, settings: settings, key: key, start: start, knowing: adaptation)
    }

    /// A position moved to first order from what was sampled to another density, as `begin` says.
    static func moved(
        _ position: [Double], from full: any LogDensity, to density: any LogDensity, by adaptation: PooledAdaptation
    ) -> [Double] {
        func evaluated(_ density: any LogDensity, _ position: [Double]) -> (value: Double, slopes: [Double]) {
            var slopes = position
            var span = slopes.mutableSpan
            let value = density.evaluate(at: position.span, gradient: &span)
            return (value, slopes)
        }
        let here = evaluated(density, position)
        let slopes = zip(here.slopes, evaluated(full, position).slopes).map { $0 - $1 }
        guard here.value.isFinite, slopes.allSatisfy(\.isFinite) else { return position }
        let step = adaptation.metric.inverseProduct(slopes)
        for share in [1, 0.5, 0.25] {
            let moved = zip(position, step).map { $0 + share * $1 }
            if evaluated(density, moved).value >= here.value { return moved }
        }
        return position
    }
}
