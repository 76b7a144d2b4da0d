import MarketingMix

/// Several resamples in one task, one after the other, each of which is what it would be by itself: what it begins with and all
/// its random numbers are known by its own index.
struct ResampleBatchRun {
    private let task: FitTask
    private let members: Range<Int>
    private let ground: ResampleGround
    private let iterationsOfResample: Int
    /// Of maxima.
    private let search: MaximumSearch?
    private let quantityCount: Int
    /// Members that are finished.
    private var done: Int
    /// The member that is sampled now.
    private var current: ChainRun?
    private var records: [UInt8] = []
    /// Of finished members.
    private var earlierGradients: Int
    private var earlierDivergences: Int

    /// - Parameter state: of an earlier run of the same batch, from which it goes on.
    init(
        _ members: Range<Int>, task: FitTask, on ground: ResampleGround, state: TaskCheckpoint?
    ) throws(TaskRunError) {
        self.members = members
        self.task = task
        self.ground = ground
        iterationsOfResample = FitPlan(ground.settings).iterationsOfResample
        search = ground.settings.resampleMethod == .map ? MaximumSearch(on: ground) : nil
        quantityCount = MaximumRecord.quantityCount(of: ground.model, method: ground.settings.resampleMethod)
        done = state?.chainIndex ?? 0
        earlierGradients = state?.earlierGradients ?? 0
        earlierDivergences = state?.divergences ?? 0
        guard let state else {
            try beginNext()
            return
        }
        guard state.lastChain == members.count, state.quantityCount == quantityCount else { throw foreign }
        guard !state.chain.isEmpty else {
            try beginNext()
            return
        }
        guard search == nil, done < members.count, let inner = TaskCheckpoint(decoding: state.chain) else {
            throw foreign
        }
        current = try begin(state: inner)
    }

    private var foreign: TaskRunError { .checkpoint("the checkpoint of \(task.label) is of another plan") }

    private mutating func beginNext() throws(TaskRunError) {
        current = search == nil && done < members.count ? try begin(state: nil) : nil
    }

    private func begin(state: TaskCheckpoint?) throws(TaskRunError) -> ChainRun {
        try ChainRun(
            model: ground.model, settings: ground.settings, task: .resample(members.lowerBound + done), ground: ground,
            state: state)
    }

    var iteration: Int { done * iterationsOfResample + (current?.iteration ?? 0) }

    var isFinished: Bool { done == members.count }

    var isWarmingUp: Bool { current?.isWarmingUp ?? false }

    var gradientEvaluations: Int { earlierGradients + (current?.gradientEvaluations ?? 0) }

    var divergences: Int { earlierDivergences + (current?.divergences ?? 0) }

    var stepSize: Double { current?.stepSize ?? .nan }

    /// One iteration of a member's chains, or the whole way to its maximum.
    mutating func step() throws(TaskRunError) {
        precondition(!isFinished, "a finished batch was stepped again")
        if let search {
            let found = search.record(of: members.lowerBound + done)
            records += found.record
            earlierGradients += found.gradientEvaluations
            done += 1
            return
        }
        try current?.step()
        guard current?.isFinished == true else { return }
        records += current?.takeRecords() ?? []
        earlierGradients += current?.gradientEvaluations ?? 0
        earlierDivergences += current?.divergences ?? 0
        done += 1
        try beginNext()
    }

    mutating func takeRecords() -> [UInt8] {
        defer { records = [] }
        return records
    }

    var layout: RecordLayout { .quantities(count: quantityCount) }

    var recordByteCount: Int { records.count }

    /// The members that are done stand for the chain, their number for the last one.
    var checkpoint: TaskCheckpoint {
        TaskCheckpoint(
            chainIndex: done, lastChain: members.count, earlierGradients: earlierGradients,
            divergences: earlierDivergences, stepSize: stepSize, quantityCount: quantityCount,
            chain: current?.checkpoint.encoded ?? [], records: [])
    }
}
