import MarketingMix

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
package struct TaskRun {
    package let task: FitTask
    package let iterationCount: Int
    // One of the two. An enumeration of them would be copied with every step.
    private var chains: ChainRun?
    private var batch: ResampleBatchRun?

    /// - Parameter scouts: the draws of the scouts one after another, for a task that begins with what they have found.
    package init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8] = []
    ) throws(TaskRunError) {
        try self.init(model: model, settings: settings, task: task, scouts: scouts, state: nil)
    }

    /// Goes on from `checkpoint`, the `checkpoint` of an earlier run of the same task with the same draws of scouts.
    package init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8] = [],
        resuming checkpoint: [UInt8]
    ) throws(TaskRunError) {
        guard let state = TaskCheckpoint(decoding: checkpoint) else {
            throw .checkpoint("the checkpoint of \(task.label) is damaged or of another version")
        }
        try self.init(model: model, settings: settings, task: task, scouts: scouts, state: state)
    }

    private init(
        model: MarketingMixModel, settings: FitSettings, task: FitTask, scouts: [UInt8], state: TaskCheckpoint?
    ) throws(TaskRunError) {
        self.task = task
        let plan = FitPlan(settings)
        iterationCount = plan.iterationCount(of: task)
        var ground: ResampleGround?
        if !plan.resamples(of: task).isEmpty {
            ground = ResampleGround(model: model, settings: settings, scouts: scouts)
            guard ground != nil else {
                throw .checkpoint("the draws of the scouts do not have the planned number and size")
            }
        }
        if case .resampleBatch = task, let ground {
            batch = try ResampleBatchRun(plan.resamples(of: task), task: task, on: ground, state: state)
        } else {
            chains = try ChainRun(
                model: model, settings: settings, task: task, scouts: scouts, ground: ground, state: state)
        }
    }

    /// Completed iterations, over all chains and resamples of the task. Those of a second try that a resample does not need
    /// count as done.
    package var iteration: Int { chains?.iteration ?? batch?.iteration ?? 0 }

    package var isFinished: Bool { chains?.isFinished ?? batch?.isFinished ?? true }

    package var isWarmingUp: Bool { chains?.isWarmingUp ?? batch?.isWarmingUp ?? false }

    package var gradientEvaluations: Int { chains?.gradientEvaluations ?? batch?.gradientEvaluations ?? 0 }

    /// Divergent transitions after warm-up.
    package var divergences: Int { chains?.divergences ?? batch?.divergences ?? 0 }

    /// NaN where there is none.
    package var stepSize: Double { chains?.stepSize ?? batch?.stepSize ?? .nan }

    /// Runs one iteration; a draw after warm-up, or a maximum, is added to the records.
    package mutating func step() throws(TaskRunError) {
        try chains?.step()
        try batch?.step()
    }

    /// Bytes of what was kept since the last call: of resamples, each at its end, as `QuantityRecord`s, otherwise as
    /// `DrawRecord`s.
    package mutating func takeRecords() -> [UInt8] {
        chains?.takeRecords() ?? batch?.takeRecords() ?? []
    }

    /// Where in bytes of `takeRecords` the record of each draw lies.
    package func draws(in records: [UInt8]) -> [Range<Int>] {
        guard let ranges = (chains?.layout ?? batch?.layout)?.ranges(in: records) else {
            preconditionFailure("records of another task")
        }
        return ranges
    }

    /// Bytes in hand that the next `takeRecords` returns.
    package var recordByteCount: Int { chains?.recordByteCount ?? batch?.recordByteCount ?? 0 }

    /// The state after the last iteration, without the records in hand.
    package var checkpoint: [UInt8] { (chains?.checkpoint ?? batch?.checkpoint)?.encoded ?? [] }
}
