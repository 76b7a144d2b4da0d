import Coordination
import Wire

/// A worker in a test: what it is told goes in, what it wants done is kept.
struct TestedWorker {
    static let second: Nanoseconds = 1_000_000_000

    var machine: Worker
    var now: Nanoseconds
    private(set) var effects: [WorkerEffect] = []
    private var session: UInt64 = 0
    private var received: UInt64 = 0
    private var epoch: UInt64 = 0

    init(
        _ settings: WorkerSettings = WorkerSettings(), slots: Int = 1, slotMemory: Int? = nil, tags: [String] = [],
        instance: UInt8 = 1, recovered: [SpooledOutcome] = [], at now: Nanoseconds = 100 * TestedWorker.second
    ) {
        self.now = now
        machine = Worker(
            settings: settings,
            identity: WorkerIdentity(
                instance: [UInt8](repeating: instance, count: 16), name: "host:\(instance)", slots: slots,
                slotMemory: slotMemory, tags: tags, binary: TestDigest.of([1]), kernels: TestDigest.of([2])),
            recovered: recovered, makeDigest: { TestDigest() }, at: now)
        handle(.tick)
    }

    static func grant(_ index: UInt32, epoch: UInt64 = 1, inputs: [Digest] = []) -> Grant {
        Grant(
            attempt: AttemptID(task: TaskID(job: JobID(1), index: index), epoch: epoch), digest: TestDigest.of([3]),
            payload: [], inputs: inputs, start: nil)
    }

    mutating func handle(_ event: WorkerEvent) {
        let new = machine.handle(event, at: now)
        effects += new
        // Nobody else is on its host.
        for case .lookUp(let digest) in new { handle(.lookedUp(digest, .none)) }
    }

    /// A coordinator takes the worker in, a new one or the same.
    mutating func welcome(epoch: UInt64 = 1, checkpointInterval: Nanoseconds = TestedWorker.second) {
        session += 1
        received = 0
        hear(
            .welcome(
                session: session, ledger: 1, coordinatorEpoch: epoch, heartbeatInterval: 2 * Self.second,
                leaseDuration: 15 * Self.second, checkpointInterval: checkpointInterval, build: "test"))
    }

    mutating func hear(_ message: CoordinatorMessage) {
        received += 1
        handle(.received(Envelope(message: message, session: session, sequence: received)))
    }

    /// Time goes by, in which the coordinator is heard if it `speaks`; the machine is called whenever it asks for it.
    mutating func pass(_ duration: Nanoseconds, speaks: Bool = true) {
        let end = now + duration
        while now < end {
            now = min(end, max(now + 1_000_000, min(machine.nextDeadline, now + Self.second)))
            if speaks { hear(.lease(heartbeat: 1, attempts: [])) }
            handle(.tick)
        }
    }

    mutating func cut(_ iteration: Int, in slot: SlotID = 0) {
        let before = TestDigest.of([UInt8(iteration - 1), 1])
        let after = TestDigest.of([UInt8(iteration), 1])
        handle(
            .slot(
                slot,
                .checkpoint(
                    iteration: iteration, state: TestDigest.blob([UInt8(iteration)]),
                    block: TestDigest.blob([UInt8(iteration), 2]), chainBefore: before, chainAfter: after)))
    }

    mutating func progress(_ iteration: Int, in slot: SlotID = 0) {
        handle(
            .slot(
                slot,
                .progress(
                    iteration: iteration, isWarmingUp: false, divergences: 0, stepSize: 1,
                    gradientEvaluations: iteration)))
    }

    /// All that has been sent since the last call is stored by the coordinator.
    mutating func acknowledgeAll() {
        let outcomes = sent.filter { envelope in
            switch envelope.message {
            case .checkpoint, .result, .failed: envelope.session == session
            default: false
            }
        }
        hear(.acknowledged(outcomes.map { Outcome(sequence: $0.sequence, verdict: .accepted) }))
    }

    mutating func forgetEffects() { effects = [] }

    var sent: [Envelope<WorkerMessage>] {
        effects.compactMap { if case .send(let envelope) = $0 { envelope } else { nil } }
    }

    /// Messages by their names, in order, without heartbeats.
    var words: [String] {
        sent.compactMap { envelope in
            switch envelope.message {
            case .hello: "hello"
            case .heartbeat: nil
            case .capacity(let grants): "capacity \(grants)"
            case .checkpoint(let attempt, let iteration, _, _, _, _): "checkpoint \(attempt.task.index) \(iteration)"
            case .result(let attempt, _, _): "result \(attempt.task.index)"
            case .failed(let attempt, let failure, _, _): "failed \(attempt.task.index) \(failure)"
            case .draining: "draining"
            case .goodbye: "goodbye"
            case .fetch: "fetch"
            case .part: "part"
            }
        }
    }

    /// The last `hello`.
    var hello: WorkerMessage? {
        sent.last { if case .hello = $0.message { true } else { false } }?.message
    }

    var exitCode: Int32? {
        for effect in effects { if case .exit(let code) = effect { return code } }
        return nil
    }

    var stopped: [SlotID] { effects.compactMap { if case .stop(let slot) = $0 { slot } else { nil } } }
    var killed: [SlotID] { effects.compactMap { if case .kill(let slot) = $0 { slot } else { nil } } }
    /// Tasks that were begun, by index.
    var begun: [UInt32] {
        effects.compactMap { if case .run(_, let grant, _, _, _) = $0 { grant.attempt.task.index } else { nil } }
    }
    var started: [SlotID] { effects.compactMap { if case .run(let slot, _, _, _, _) = $0 { slot } else { nil } } }
}
