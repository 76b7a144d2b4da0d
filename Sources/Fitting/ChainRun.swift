import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// A task of chains while it runs.
///
/// A chain or a scout is one run of the sampler. A resample is `ResampleRun.chains` runs, one after the other, under the
/// resample's likelihood weights, and as many again where their draws are not enough. A replication, slice,
/// alternative or fit with placebos is one run of the sampler on a model made from the fit's.
struct ChainRun {
    let task: FitTask
    private let iterationCount: Int
    private let settings: FitSettings
    private let density: MarketingMixDensity
    private let resample: Resample?
    private var chainIndex: Int
    /// After which it is done: known when the draws of a resample's first try are judged.
    private var lastChain: Int
    private var chain: Chain
    /// Of a resample, whose draws are folded as they are made.
    private var fold: ResampleFold?
    /// In the record of a draw; 0 where draws are kept as they are.
    private let quantityCount: Int
    private var records: [UInt8] = []
    /// Gradient evaluations of the chains that are finished.
    private var earlierGradients: Int
    /// Divergent transitions after warm-up.
    private(set) var divergences: Int
    private(set) var stepSize: Double

    /// - Parameters:
    ///   - scouts: the draws of the scouts one after another, for a chain that begins with what they have found.
    ///   - ground: for a resample.
    ///   - state: of an earlier run of the same task with the same draws of scouts, from which it goes on.
    init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8] = [],
        ground: ResampleGround? = nil, state: TaskCheckpoint?
    ) throws(TaskRunError) {
        self.task = task
        self.settings = settings
        iterationCount = FitPlan(settings).iterationCount(of: task)
        chainIndex = state?.chainIndex ?? 0
        let chainSettings: ChainSettings
        if case .resample(let index) = task {
            guard let ground else { preconditionFailure("a resample stands on what the scouts have found") }
            let resample = Resample(index, on: ground)
            self.resample = resample
            density = resample.density
            fold = ResampleFold(
                posterior: resample.posterior, settings: settings, resample: index, records: state?.records ?? [])
            chainSettings = resample.settings(ofChain: chainIndex)
            lastChain = state?.lastChain ?? ResampleRun.chains - 1
        } else {
            resample = nil
            fold = nil
            lastChain = 0
            density = Self.model(of: task, model, settings).posterior(weights: nil).density()
            let isScout = if case .scout = task { true } else { false }
            chainSettings = ChainSettings(
                warmup: isScout ? ScoutRun.warmup(settings) : settings.warmup,
                draws: isScout ? ScoutRun.draws : settings.draws, targetAcceptance: settings.targetAcceptance,
                metric: settings.metric, raisesTarget: model.hasScatteredGeos)
        }
        quantityCount = fold?.quantityCount ?? 0
        earlierGradients = state?.earlierGradients ?? 0
        divergences = state?.divergences ?? 0
        stepSize = state?.stepSize ?? .nan
        let ownCount = quantityCount
        let chainMax = resample == nil ? 0 : 2 * ResampleRun.chains - 1
        guard state.map({ $0.quantityCount == ownCount && $0.lastChain <= chainMax }) ?? true else {
            throw .checkpoint("the checkpoint of \(task.label) is of another plan")
        }
        let key = Self.key(settings, task, chainIndex: chainIndex)
        do {
            if let state {
                chain = try Chain(
                    density: density, settings: chainSettings, key: key,
                    resuming: ChainCheckpoint(decoding: state.chain))
            } else if let resample {
                chain = try resample.begin(chainIndex, key: key)
            } else if case .chain(let index) = task, settings.isPooled {
                guard let pool = ScoutPool(scouts, density: density, metric: settings.metric) else {
                    throw TaskRunError.checkpoint("the draws of the scouts do not have the planned number and size")
                }
                chain = try pool.begin(index, density: density, settings: chainSettings, key: key)
            } else if case .chain(let index) = task, settings.resolvedStart == .warm {
                guard let draws = model.specification.accepted?.draws else {
                    throw TaskRunError.checkpoint("the accepted fit that the chains begin with is missing")
                }
                chain = try WarmStart(draws, posterior: model.posterior(weights: nil), density: density)
                    .begin(index, density: density, settings: chainSettings, key: key)
            } else {
                chain = try Chain(
                    density: density, settings: chainSettings, key: key,
                    start: try pathfinderStart(density: density, key: key))
            }
        } catch {
            throw .sampling("\(task.label): \(error)")
        }
    }

    /// Completed iterations, over all chains of the task. Those of a second try that a resample does not need count as done.
    var iteration: Int {
        guard resample != nil else { return chain.iteration }
        return isFinished ? iterationCount : ResampleRun.iteration(chain: chainIndex, chain.iteration)
    }

    var isFinished: Bool { chainIndex == lastChain && chain.isFinished }

    var isWarmingUp: Bool { chain.isWarmingUp }

    var gradientEvaluations: Int { earlierGradients + chain.gradientEvaluations }

    /// Runs one iteration; a draw after warm-up is added to the records.
    mutating func step() throws(TaskRunError) {
        guard resample == nil else { return try stepResample() }
        let keepsDraw = !chain.isWarmingUp
        let statistics = transition()
        guard keepsDraw else { return }
        let place = chain.divergences.last.flatMap { $0.iteration == chain.iteration ? $0.position : nil }
        DrawRecord.append(position: chain.position, statistics: statistics, divergence: place, to: &records)
    }

    private mutating func transition() -> TransitionStatistics {
        let isDraw = !chain.isWarmingUp
        let statistics = chain.step()
        stepSize = statistics.stepSize
        if isDraw, statistics.diverging { divergences += 1 }
        return statistics
    }

    /// One transition, or in a second try as many as make a draw that is kept. After the last draw of a try it is judged.
    private mutating func stepResample() throws(TaskRunError) {
        if chain.isFinished { try startNextChain() }
        let isDraw = !chain.isWarmingUp
        let stride = isDraw && ResampleRun.isRerun(chainIndex) ? ResampleRun.rerunFactor : 1
        for _ in 0..<stride { _ = transition() }
        if isDraw {
            let draw = (chain.iteration - ResampleRun.warmup) / stride - 1
            fold?.append(position: chain.position, index: chainIndex * ResampleRun.draws + draw)
        }
        guard chain.isFinished, chainIndex == lastChain else { return }
        if !ResampleRun.isRerun(chainIndex), fold?.isEnough == false {
            lastChain += ResampleRun.chains
        } else {
            records = fold?.takeRecords() ?? []
        }
    }

    /// Bytes of the draws kept since the last call: of a resample, at its end, as `QuantityRecord`s, otherwise as
    /// `DrawRecord`s.
    mutating func takeRecords() -> [UInt8] {
        defer { records = [] }
        return records
    }

    /// How the bytes of `takeRecords` lie.
    var layout: RecordLayout {
        quantityCount > 0 ? .quantities(count: quantityCount) : .draws(dimension: density.dimension)
    }

    /// Bytes in hand that the next `takeRecords` returns.
    var recordByteCount: Int { records.count }

    var checkpoint: TaskCheckpoint {
        TaskCheckpoint(
            chainIndex: chainIndex, lastChain: lastChain, earlierGradients: earlierGradients, divergences: divergences,
            stepSize: stepSize, quantityCount: quantityCount, chain: chain.checkpoint.encoded,
            records: fold?.records ?? [])
    }

    /// Of a resample.
    private mutating func startNextChain() throws(TaskRunError) {
        guard let resample, chainIndex < lastChain else {
            preconditionFailure("\(task.label) is finished and was stepped again")
        }
        earlierGradients += chain.gradientEvaluations
        chainIndex += 1
        // The draws of a first try were not enough.
        if chainIndex == ResampleRun.chains { _ = fold?.takeRecords() }
        do {
            chain = try resample.begin(chainIndex, key: Self.key(settings, task, chainIndex: chainIndex))
        } catch {
            throw .sampling("\(task.label): \(error)")
        }
    }

    private static func key(_ settings: FitSettings, _ task: FitTask, chainIndex: Int) -> StreamKey {
        switch task {
        case .chain(let index): StreamKey(settings, .chain, index: index)
        case .resampleBatch: preconditionFailure("a batch has no chains of its own")
        case .scout(let index): StreamKey(settings, .scout, index: index)
        case .resample(let index): StreamKey(settings, .resampleChain, offset: chainIndex, index: index)
        case .replication(let index): StreamKey(settings, .replicationChain, index: index)
        case .slice(let index, let chain):
            StreamKey(settings, .sliceChain, index: index * settings.chains + chain)
        case .alternative(let index, let chain):
            StreamKey(settings, .alternativeChain, index: index * settings.chains + chain)
        case .placebo(let fit, let chain):
            StreamKey(settings, .placeboChain, index: fit * settings.chains + chain)
        }
    }

    /// The model that a task fits.
    private static func model(
        of task: FitTask, _ model: MarketingMixModel, _ settings: FitSettings
    ) -> MarketingMixModel {
        switch (task, settings.study) {
        case (.replication(let index), _): model.replication(key: StreamKey(settings, .world, index: index)).model
        case (.slice(let index, _), .timeSlices(let count, let horizon)):
            TimeSlices(model: model, count: count, horizon: horizon).slice(index)
        case (.alternative(let index, _), _): model.alternative(index)
        case (.placebo(let fit, _), .placebo(let fits, let count)):
            model.placebos(ofFit: fit, fits: fits, count: count, settings: settings).model
        default: model
        }
    }
}
