import Coordination
import Wire

/// What ledger entries mean, told a second time and as plainly as possible, beside the machine's own bookkeeping: it
/// says when an entry breaks a rule.
struct LedgerModel {
    struct Task {
        var specification: TaskSpecification
        var state = TaskState.ready
        var epoch: UInt64 = 0
        var point: StartingPoint?
        var blocks: [Digest] = []
        var result: Digest?
        var starts: [Int] = []
        var outcomes: [String] = []
        var triesWithoutProgress = 0
        var errors = 0
        var hangs = 0
        var memoryFailures = 0
        var invalids = 0
        var worker = ""
        var places: [Int: Set<String>] = [:]
        /// What was stored of it has been lost once.
        var hasLostDraws = false

        var iteration: Int { point?.iteration ?? 0 }
        var chain: Digest { point?.chain ?? specification.digest }

        /// It is tried as if it never had been.
        mutating func release() {
            state = .ready
            (errors, hangs, memoryFailures, invalids, triesWithoutProgress) = (0, 0, 0, 0, 0)
            places = [:]
        }
    }

    struct Job {
        var specification: JobSpecification
        var tasks: [Task]
        var ending: JobState?
        var isPaused = false
        var settled: Int?

        var isHeld: Bool { tasks.contains { $0.state == .quarantined } }

        var state: JobState {
            if let ending { return ending }
            let isDecided = settled != nil || (specification.schedule?.rounds.count ?? 0) < 2
            if isDecided, tasks.allSatisfy({ $0.state == .done }) { return .assembling }
            if isPaused { return .paused }
            if isHeld { return .held }
            return tasks.contains { $0.epoch > 0 } ? .running : .queued
        }
    }

    private(set) var jobs: [JobID: Job] = [:]
    private(set) var endedAttempts: Set<AttemptID> = []
    private let settings: CoordinatorSettings

    init(_ settings: CoordinatorSettings, entries: [LedgerEntry] = []) {
        self.settings = settings
        for entry in entries { _ = apply(entry) }
    }

    func task(_ id: TaskID) -> Task? {
        guard let tasks = jobs[id.job]?.tasks, id.index < tasks.count else { return nil }
        return tasks[Int(id.index)]
    }

    func isCurrent(_ attempt: AttemptID) -> Bool {
        guard let task = task(attempt.task), jobs[attempt.task.job]?.ending == nil else { return false }
        return task.state == .leased && task.epoch == attempt.epoch
    }

    /// True when a grant of the attempt, or a later one, is among the entries.
    func wasGranted(_ attempt: AttemptID) -> Bool { (task(attempt.task)?.epoch ?? 0) >= attempt.epoch }

    /// Blobs that open work and results need.
    var neededBlobs: [Digest] {
        jobs.values.flatMap { job in
            [job.specification.bundle]
                + job.tasks.flatMap { task in
                    let state = job.ending == nil && task.state != .done ? task.point?.state : nil
                    return task.blocks + (state.map { [$0] } ?? [])
                }
        }
    }

    func needs(_ digest: Digest) -> Bool { neededBlobs.contains(digest) }

    /// Returns the rule that the entry breaks.
    mutating func apply(_ entry: LedgerEntry) -> String? {
        guard case .submitted(let id, let specification) = entry else { return applyToJob(entry) }
        let isSubmitted = jobs.values.contains { job in
            job.specification.digest == specification.digest && job.ending != .failed && job.ending != .cancelled
        }
        guard jobs[id] == nil, !isSubmitted else { return "a job was submitted twice" }
        jobs[id] = Job(
            specification: specification, tasks: specification.tasks.map { Task(specification: $0) })
        return nil
    }

    private mutating func applyToJob(_ entry: LedgerEntry) -> String? {
        guard var job = jobs[entry.job] else { return "an entry of a job that nobody submitted" }
        defer { jobs[entry.job] = job }
        guard job.ending == nil else { return "an entry of a job that is over" }
        switch entry {
        case .submitted:
            return nil
        case .granted(let attempt, let worker):
            let isPaused = job.isPaused
            let scouts = job.specification.schedule?.scouts ?? 0..<0
            if job.specification.schedule?.waiting.contains(Int(attempt.task.index)) == true,
                !job.tasks[scouts].allSatisfy({ $0.state == .done })
            {
                return "a task was granted before the scouts that it waits for were done"
            }
            return change(attempt.task, of: &job) { task in
                guard !isPaused else { return "a task of a paused job was granted" }
                guard task.state == .ready else { return "a task was granted that is \(task.state)" }
                guard attempt.epoch == task.epoch + 1 else {
                    return "invariant 1: epoch \(attempt.epoch) after \(task.epoch)"
                }
                task.state = .leased
                task.worker = worker
                task.epoch = attempt.epoch
                task.starts.append(task.iteration)
                task.outcomes.append("")
                return nil
            }
        case .checkpointed(let attempt, let point, let block):
            return change(attempt.task, of: &job) { task in
                guard task.state == .leased, attempt.epoch == task.epoch else {
                    return "invariant 3: a checkpoint of epoch \(attempt.epoch) was accepted at \(task.epoch)"
                }
                guard point.iteration > task.iteration, point.iteration <= task.specification.iterations else {
                    return "invariant 3: a checkpoint at \(point.iteration) was accepted after \(task.iteration)"
                }
                task.point = point
                if let block { task.blocks.append(block) }
                task.triesWithoutProgress = 0
                task.hangs = 0
                task.memoryFailures = 0
                for place in task.places.keys where place < point.iteration { task.places[place] = nil }
                return nil
            }
        case .done(let attempt, let result, _):
            return change(attempt.task, of: &job) { task in
                guard task.state != .done else { return "invariant 4: a task was counted done twice" }
                guard task.iteration == task.specification.iterations, task.chain == result else {
                    return "invariant 5: a result without all its draws"
                }
                if task.epoch == attempt.epoch { task.outcomes[task.outcomes.count - 1] = "done" }
                task.state = .done
                task.result = result
                return nil
            }
        case .ended(let attempt, let outcome, let lastIteration, let blame):
            endedAttempts.insert(attempt)
            return change(attempt.task, of: &job) { task in
                guard task.state == .leased, task.epoch == attempt.epoch else {
                    return "an attempt ended that did not hold its task"
                }
                task.state = .ready
                task.outcomes[task.outcomes.count - 1] = outcome
                switch blame {
                case .nobody: break
                case .circumstances: task.triesWithoutProgress += 1
                case .task:
                    task.errors += 1
                    task.places[lastIteration, default: []].insert(task.worker)
                case .hang:
                    task.hangs += 1
                    task.places[lastIteration, default: []].insert(task.worker)
                case .crash:
                    task.triesWithoutProgress += 1
                    task.places[lastIteration, default: []].insert(task.worker)
                case .memory: task.memoryFailures += 1
                case .invalid: task.invalids += 1
                }
                return nil
            }
        case .taskFailed(let id, _):
            job.ending = .failed
            return change(id, of: &job) { task in
                task.state = .failed
                let tries = settings.tries
                return task.errors >= tries.errors || task.hangs >= tries.hangs
                    || task.memoryFailures >= tries.memoryFailures || task.invalids >= tries.invalids
                    || task.triesWithoutProgress > tries.circumstances
                    || task.places.values.contains { $0.count >= tries.workersAtOnePlace }
                    ? nil : "a task failed with tries left"
            }
        case .quarantined(let id, _):
            return change(id, of: &job) { task in
                guard task.state == .ready else { return "a task was quarantined that is \(task.state)" }
                task.state = .quarantined
                return task.places.values.contains { $0.count >= settings.tries.workersAtOnePlace }
                    ? nil : "a task was quarantined that did not end at one place on several workers"
            }
        case .drawsLost(let id):
            return change(id, of: &job) { task in
                let isOpen = task.state == .ready || task.state == .quarantined
                guard task.state == .done || isOpen && !task.blocks.isEmpty else {
                    return "draws were lost of a task that is \(task.state)"
                }
                task.state = .ready
                task.point = nil
                task.blocks = []
                task.result = nil
                task.hasLostDraws = true
                return nil
            }
        case .settled(_, let iteration):
            return settle(&job, at: iteration)
        case .cancelled:
            job.ending = .cancelled
            return nil
        case .abandoned:
            job.ending = .cancelled
            return nil
        case .paused:
            defer { job.isPaused = true }
            return job.isPaused ? "a job was paused twice" : nil
        case .resumed:
            guard job.isPaused || job.isHeld else { return "a job was resumed that was neither paused nor held" }
            job.isPaused = false
            for index in job.tasks.indices where job.tasks[index].state == .quarantined { job.tasks[index].release() }
            return nil
        case .prioritised:
            return nil
        case .assembled(_, let succeeded, _):
            defer { job.ending = succeeded ? .succeeded : .failed }
            return job.state == .assembling ? nil : "results were put together of a job that is \(job.state)"
        }
    }

    private func settle(_ job: inout Job, at iteration: Int) -> String? {
        guard let schedule = job.specification.schedule, schedule.rounds.contains(iteration) else {
            return "chains were let go at the end of no round"
        }
        if job.settled == nil, iteration != schedule.rounds.last,
            job.tasks[schedule.chains].contains(where: { $0.iteration < iteration })
        {
            return "chains were let go before each had the draws of the round"
        }
        guard job.settled ?? iteration == iteration else { return "chains were let go at two rounds" }
        job.settled = iteration
        guard iteration != schedule.rounds.last else { return nil }
        for index in schedule.chains where job.tasks[index].iteration >= iteration && job.tasks[index].state != .done {
            if job.tasks[index].state == .leased {
                job.tasks[index].outcomes[job.tasks[index].outcomes.count - 1] = "its draws are enough"
            }
            job.tasks[index].state = .done
        }
        return nil
    }

    private func change(_ id: TaskID, of job: inout Job, _ change: (inout Task) -> String?) -> String? {
        guard id.index < job.tasks.count else { return "an entry of a task that is not there" }
        return change(&job.tasks[Int(id.index)])
    }
}
