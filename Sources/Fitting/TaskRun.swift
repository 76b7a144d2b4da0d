import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// Why a task cannot be run.
package enum TaskRunError: Error, Sendable, CustomStringConvertible {
    /// No start with a finite density was found, or a chain refused to go on.
    case sampling(String)
    /// A checkpoint that is not of this task, model or version.
    case checkpoint(String)

    package var description: String {
        switch self {
        case .sampling(let text), .checkpoint(let text): text
        }
    }
}

/// One task while it runs: a value that can be stepped, cut at any iteration end and resumed to the bit.
///
/// A chain or a scout is one run of the sampler. A resample is `ResampleRun.chains` runs, one after the other, under the
/// resample's likelihood weights. A replication, slice or alternative is one run of the sampler on a model made from the fit's.
package struct TaskRun {
    package let task: FitTask
    package let iterationCount: Int
    private let settings: FitSettings
    private let density: MarketingMixDensity
    private let chainSettings: ChainSettings
    private let chainCount: Int
    private var chainIndex: Int
    private var chain: Chain
    /// Of a resample, whose draws are folded as they are made.
    private var fold: ResampleFold?
    /// In the record of a draw; 0 where draws are kept as they are.
    private let quantityCount: Int
    private var records: [UInt8] = []
    /// Gradient evaluations of the chains that are finished.
    private var earlierGradients: Int
    /// Divergent transitions after warm-up.
    package private(set) var divergences: Int
    package private(set) var stepSize: Double

    /// - Parameter scouts: the draws of the scouts one after another, for a chain of a fit that has scouts.
    package init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8] = []
    ) throws(TaskRunError) {
        try self.init(model: model, settings: settings, task: task, scouts: scouts, state: nil)
    }

    /// Goes on from `checkpoint`, the `checkpoint` of an earlier run of the same task.
    package init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, resuming checkpoint: [UInt8]
    ) throws(TaskRunError) {
        guard let state = TaskCheckpoint(decoding: checkpoint) else {
            throw .checkpoint("the checkpoint of \(task.label) is damaged or of another version")
        }
        try self.init(model: model, settings: settings, task: task, scouts: [], state: state)
    }

    private init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8], state: TaskCheckpoint?
    ) throws(TaskRunError) {
        self.task = task
        self.settings = settings
        iterationCount = FitPlan(settings).iterationCount(of: task)
        switch task {
        case .chain, .replication, .slice, .alternative:
            density = Self.model(of: task, model, settings).posterior(weights: nil).density()
            chainSettings = ChainSettings(
                warmup: settings.warmup, draws: settings.draws, targetAcceptance: settings.targetAcceptance,
                metric: settings.metric, raisesTarget: model.hasScatteredGeos)
            chainCount = 1
            fold = nil
        case .scout:
            density = model.posterior(weights: nil).density()
            chainSettings = ChainSettings(
                warmup: ScoutRun.warmup(settings), draws: ScoutRun.draws,
                targetAcceptance: settings.targetAcceptance, metric: settings.metric,
                raisesTarget: model.hasScatteredGeos)
            chainCount = 1
            fold = nil
        case .resample(let index):
            let weights = ResampleWeights.weights(model: model, settings: settings, resample: index)
            let posterior = model.posterior(weights: weights)
            density = posterior.density()
            chainSettings = ChainSettings(
                warmup: ResampleRun.warmup, draws: ResampleRun.draws, targetAcceptance: settings.targetAcceptance,
                metric: settings.metric, raisesTarget: model.hasScatteredGeos)
            chainCount = ResampleRun.chains
            fold = ResampleFold(posterior: posterior, settings: settings, resample: index)
        }
        quantityCount = fold?.quantityCount ?? 0
        chainIndex = state?.chainIndex ?? 0
        earlierGradients = state?.earlierGradients ?? 0
        divergences = state?.divergences ?? 0
        stepSize = state?.stepSize ?? .nan
        let ownCount = quantityCount
        guard chainIndex < chainCount, state?.quantityCount ?? ownCount == ownCount else {
            throw .checkpoint("the checkpoint of \(task.label) is of another plan")
        }
        let key = Self.key(settings, task, chainIndex: chainIndex)
        do {
            if let state {
                chain = try Chain(
                    density: density, settings: chainSettings, key: key,
                    resuming: ChainCheckpoint(decoding: state.chain))
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

    /// Completed iterations, over all chains of the task.
    package var iteration: Int { chainIndex * chain.iterationCount + chain.iteration }

    package var isFinished: Bool { chainIndex == chainCount - 1 && chain.isFinished }

    package var isWarmingUp: Bool { chain.isWarmingUp }

    package var gradientEvaluations: Int { earlierGradients + chain.gradientEvaluations }

    /// Runs one iteration; a draw after warm-up is added to the records.
    package mutating func step() throws(TaskRunError) {
        if chain.isFinished { try startNextChain() }
        let keepsDraw = !chain.isWarmingUp
        let statistics = chain.step()
        stepSize = statistics.stepSize
        guard keepsDraw else { return }
        if statistics.diverging { divergences += 1 }
        guard fold == nil else {
            let earlier = chainIndex * chainSettings.draws
            fold?.append(
                position: chain.position, index: earlier + chain.iteration - chainSettings.warmup - 1, to: &records)
            return
        }
        let place = chain.divergences.last.flatMap { $0.iteration == chain.iteration ? $0.position : nil }
        DrawRecord.append(position: chain.position, statistics: statistics, divergence: place, to: &records)
    }

    /// Bytes of the draws kept since the last call: of a resample as `QuantityRecord`s, otherwise as `DrawRecord`s.
    package mutating func takeRecords() -> [UInt8] {
        defer { records = [] }
        return records
    }

    /// Where in bytes of `takeRecords` the record of each draw lies.
    package func draws(in records: [UInt8]) -> [Range<Int>] {
        let layout: RecordLayout =
            quantityCount > 0 ? .quantities(count: quantityCount) : .draws(dimension: density.dimension)
        guard let ranges = layout.ranges(in: records) else {
            preconditionFailure("records of another task")
        }
        return ranges
    }

    /// Bytes in hand that the next `takeRecords` returns.
    package var recordByteCount: Int { records.count }

    /// The state after the last iteration, without the records in hand.
    package var checkpoint: [UInt8] {
        TaskCheckpoint(
            chainIndex: chainIndex, earlierGradients: earlierGradients, divergences: divergences,
            stepSize: stepSize, quantityCount: quantityCount, chain: chain.checkpoint.encoded
        ).encoded
    }

    private mutating func startNextChain() throws(TaskRunError) {
        precondition(chainIndex < chainCount - 1, "\(task.label) is finished and was stepped again")
        earlierGradients += chain.gradientEvaluations
        chainIndex += 1
        let key = Self.key(settings, task, chainIndex: chainIndex)
        do {
            chain = try Chain(
                density: density, settings: chainSettings, key: key,
                start: try pathfinderStart(density: density, key: key))
        } catch {
            throw .sampling("\(task.label): \(error)")
        }
    }

    private static func key(_ settings: FitSettings, _ task: FitTask, chainIndex: Int) -> StreamKey {
        switch task {
        case .chain(let index): StreamKey(settings, .chain, index: index)
        case .scout(let index): StreamKey(settings, .scout, index: index)
        case .resample(let index): StreamKey(settings, .resampleChain, offset: chainIndex, index: index)
        case .replication(let index): StreamKey(settings, .replicationChain, index: index)
        case .slice(let index, let chain):
            StreamKey(settings, .sliceChain, index: index * settings.chains + chain)
        case .alternative(let index, let chain):
            StreamKey(settings, .alternativeChain, index: index * settings.chains + chain)
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
        default: model
        }
    }
}
