import Wire

/// One task's durable history and the volatile facts around it.
struct TaskRecord {
    let specification: TaskSpecification
    var state: TaskState = .ready
    /// Grows by one with every grant.
    var epoch: UInt64 = 0
    var attempts: [AttemptFacts] = []
    var start: StartingPoint?
    var blocks: [Digest] = []
    var result: Digest?
    var cost: AttemptCost?
    /// The iteration at which its draws are enough, where that was judged.
    private(set) var settled: Int?
    /// Tries that ended badly, by whose fault it was.
    var errors = 0
    var hangs = 0
    var memoryFailures = 0
    var invalids = 0
    /// On which workers it ended by an error, a crash or a stall, by iteration; of places that it has not got past.
    private(set) var places: [Int: Set<String>] = [:]
    /// Tries that ended without a new checkpoint since the last one that had.
    var triesWithoutProgress = 0

    /// What heartbeats say; lost with the coordinator.
    var progress: AttemptProgress?
    /// Workers on which it ended badly, as far as this coordinator has seen: others are preferred.
    var avoided: Set<String> = []
    /// Bytes of memory of a slot that were too few.
    var memoryTooFew: UInt64 = 0

    init(_ specification: TaskSpecification) {
        self.specification = specification
    }

    /// The chain digest that a new checkpoint must continue.
    var chainEnd: Digest { start?.chain ?? specification.digest }

    /// What another try would go on from, or a replay of the one that failed; nil where there is none to come.
    var liveState: Digest? {
        switch state {
        case .ready, .leased, .quarantined, .failed: start?.state
        case .done, .cancelled: nil
        }
    }

    /// True when it is not to be tried again.
    func isSpent(_ tries: TryLimits) -> Bool {
        errors >= tries.errors || invalids >= tries.invalids || hangs >= tries.hangs
            || memoryFailures >= tries.memoryFailures || triesWithoutProgress > tries.circumstances
    }

    /// The iteration at which it ended on as many workers as are enough to call it the task's own fault.
    func poisonedPlace(_ tries: TryLimits) -> Int? {
        places.filter { $0.value.count >= tries.workersAtOnePlace }.keys.min()
    }

    /// The iteration of the newest checkpoint.
    var knownIteration: Int { start?.iteration ?? 0 }

    /// Applies an entry: the same code live and at replay.
    mutating func apply(_ entry: LedgerEntry) {
        switch entry {
        case .granted(let attempt, let worker):
            state = .leased
            epoch = attempt.epoch
            progress = nil
            attempts.append(
                AttemptFacts(
                    epoch: attempt.epoch, worker: worker, startIteration: start?.iteration ?? 0,
                    lastIteration: start?.iteration ?? 0, outcome: ""))
        case .checkpointed(let attempt, let point, let block):
            start = point
            if let block { blocks.append(block) }
            triesWithoutProgress = 0
            hangs = 0
            memoryFailures = 0
            places = places.filter { $0.key >= point.iteration }
            noteIteration(point.iteration, of: attempt.epoch)
        case .done(let attempt, let digest, let cost):
            state = .done
            result = digest
            self.cost = cost
            progress = nil
            noteIteration(specification.iterations, of: attempt.epoch)
            noteOutcome("done", of: attempt.epoch)
        case .ended(let attempt, let outcome, let lastIteration, let blame):
            noteIteration(lastIteration, of: attempt.epoch)
            noteOutcome(outcome, of: attempt.epoch)
            switch blame {
            case .nobody: break
            case .circumstances: triesWithoutProgress += 1
            case .task:
                errors += 1
                notePlace(lastIteration, of: attempt.epoch)
            case .hang:
                hangs += 1
                notePlace(lastIteration, of: attempt.epoch)
            case .crash:
                triesWithoutProgress += 1
                notePlace(lastIteration, of: attempt.epoch)
            case .memory: memoryFailures += 1
            case .invalid: invalids += 1
            }
            if state == .leased { state = .ready }
            progress = nil
        case .taskFailed:
            state = .failed
        case .quarantined:
            state = .quarantined
        case .resumed where state == .quarantined:
            state = .ready
            (errors, hangs, memoryFailures, invalids, triesWithoutProgress) = (0, 0, 0, 0, 0)
            places = [:]
        case .drawsLost:
            state = .ready
            start = nil
            blocks = []
            result = nil
            cost = nil
            progress = nil
        case .settled(_, let iteration):
            settled = iteration
            // Of a task that has all its draws the result is on its way.
            guard state != .done, iteration < specification.iterations, knownIteration >= iteration else { break }
            if state == .leased { noteOutcome("its draws are enough", of: epoch) }
            state = .done
        case .submitted, .cancelled, .assembled, .abandoned, .paused, .resumed, .prioritised:
            break
        }
    }

    /// Its job is over.
    mutating func cancel() {
        guard state == .ready || state == .leased || state == .quarantined else { return }
        if state == .leased { noteOutcome("cancelled", of: epoch) }
        state = .cancelled
        progress = nil
    }

    private mutating func noteIteration(_ iteration: Int, of epoch: UInt64) {
        guard let index = attempts.lastIndex(where: { $0.epoch == epoch }) else { return }
        attempts[index].lastIteration = max(attempts[index].lastIteration, iteration)
    }

    private mutating func notePlace(_ iteration: Int, of epoch: UInt64) {
        guard let worker = attempts.last(where: { $0.epoch == epoch })?.worker else { return }
        places[iteration, default: []].insert(worker)
    }

    private mutating func noteOutcome(_ outcome: String, of epoch: UInt64) {
        guard let index = attempts.lastIndex(where: { $0.epoch == epoch }) else { return }
        attempts[index].outcome = outcome
    }

    var snapshot: JobSnapshot.Task {
        var attempts = attempts
        if let progress, let last = attempts.indices.last {
            attempts[last].lastIteration = max(attempts[last].lastIteration, progress.iteration)
        }
        let iteration =
            state == .done ? settled ?? specification.iterations : max(knownIteration, progress?.iteration ?? 0)
        return JobSnapshot.Task(
            specification: specification, state: state, iteration: iteration, iterations: specification.iterations,
            isWarmingUp: progress?.isWarmingUp ?? false,
            divergences: cost?.divergences ?? progress?.divergences ?? 0, stepSize: progress?.stepSize,
            gradientEvaluations: cost?.gradientEvaluations ?? progress?.gradientEvaluations ?? 0,
            attempts: attempts, start: start, blocks: blocks, result: result, cost: cost)
    }
}
