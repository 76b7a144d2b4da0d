import Coordination
import Testing
import Wire

private let second: Nanoseconds = 1_000_000_000

/// A worker of one slot that runs one attempt, with a coordinator that answers and stores when told to.
private struct Agent {
    static let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)
    var worker: Worker
    var now: Nanoseconds = 100 * second
    var effects: [WorkerEffect] = []
    private var received: UInt64 = 0

    init(_ stall: StallLimits) {
        let digest = TestDigest.of([1])
        worker = Worker(
            settings: WorkerSettings(stall: stall),
            identity: WorkerIdentity(
                instance: [UInt8](repeating: 1, count: 16), name: "host:1", slots: 1, binary: digest, kernels: digest),
            makeDigest: { TestDigest() }, at: now)
        handle(.tick)
        hear(
            .welcome(
                session: 1, ledger: 1, coordinatorEpoch: 1, heartbeatInterval: 2 * second, leaseDuration: 15 * second,
                checkpointInterval: second, build: "test"))
        hear(.assign([Grant(attempt: Self.attempt, digest: digest, payload: [], inputs: [], start: nil)]))
    }

    mutating func handle(_ event: WorkerEvent) {
        effects += worker.handle(event, at: now)
    }

    mutating func hear(_ message: CoordinatorMessage) {
        received += 1
        handle(.received(Envelope(message: message, session: 1, sequence: received)))
    }

    mutating func progress(_ iteration: Int, gradients: Int) {
        handle(
            .slot(
                0,
                .progress(
                    iteration: iteration, isWarmingUp: true, divergences: 0, stepSize: 1,
                    gradientEvaluations: gradients)))
    }

    /// Two reports without time between them: nothing is slow so far.
    mutating func begin(_ iteration: Int, gradients: Int) {
        for count in [gradients - 1, gradients] { progress(iteration, gradients: count) }
    }

    mutating func checkpoint(_ iteration: Int) {
        let state = TestDigest.blob([UInt8(iteration)])
        handle(
            .slot(
                0,
                .checkpoint(
                    iteration: iteration, state: state, block: nil, chainBefore: state.digest,
                    chainAfter: state.digest)))
    }

    /// Whole seconds go by in which the coordinator is heard and the slot is not.
    mutating func pass(_ seconds: Int) {
        for _ in 0..<seconds {
            now += second
            hear(.lease(heartbeat: 1, attempts: [Self.attempt]))
            handle(.tick)
        }
    }

    var isKilled: Bool { effects.contains { if case .kill(0) = $0 { true } else { false } } }

    /// How the attempt was reported to have ended, and where.
    var failures: [(failure: Failure, iteration: Int)] {
        sent.compactMap {
            if case .failed(Self.attempt, let failure, _, let iteration) = $0.message {
                (failure, iteration)
            } else {
                nil
            }
        }
    }

    var sent: [Envelope<WorkerMessage>] {
        effects.compactMap { if case .send(let envelope) = $0 { envelope } else { nil } }
    }
}

@Suite("a slot that stands still")
struct StandstillTests {
    private let limits = StallLimits(
        floor: 10 * second, iterations: 20, gradients: 100, start: 30 * second, stop: 5 * second)

    @Test("is killed after the floor without progress, and its attempt may go on elsewhere")
    func killed() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        agent.pass(9)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
        #expect(agent.failures.map(\.failure) == [.hang])
        #expect(agent.failures.map(\.iteration) == [1])
        // The process has gone, and the slot takes the next grant.
        agent.handle(.slot(0, .exited(text: "signal 9", failure: .signal)))
        agent.effects = []
        let again = AttemptID(task: Agent.attempt.task, epoch: 2)
        agent.hear(
            .assign([Grant(attempt: again, digest: TestDigest.of([1]), payload: [], inputs: [], start: nil)]))
        #expect(agent.effects.contains { if case .run(0, _, _, _, _) = $0 { true } else { false } })
    }

    @Test("is given longer to its first iteration")
    func start() {
        var agent = Agent(limits)
        agent.pass(29)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("took long to start, which says nothing of its iterations")
    func slowStart() {
        var agent = Agent(limits)
        agent.pass(25)
        agent.begin(1, gradients: 10)
        agent.pass(9)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("counts progress, not words: the same iteration again is a standstill")
    func words() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        for _ in 0..<10 {
            agent.pass(1)
            if !agent.isKilled { agent.progress(1, gradients: 10) }
        }
        #expect(agent.isKilled)
    }

    @Test("may take twenty times its slowest recent iteration, and long ones are forgotten in time")
    func slowIterations() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        agent.pass(3)
        agent.progress(2, gradients: 20)
        agent.pass(59)
        #expect(!agent.isKilled)
        var other = agent
        agent.pass(1)
        #expect(agent.isKilled)
        // Hundreds of quick ones later the floor counts again.
        other.progress(3, gradients: 30)
        for iteration in 4..<400 { other.progress(iteration, gradients: 10 * iteration) }
        other.pass(10)
        #expect(other.isKilled)
    }

    @Test("may take a hundred of its gradients: a long trajectory follows short ones")
    func longTrajectory() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 1)
        agent.pass(1)
        // A gradient takes a second: twenty iterations of one gradient are 20 s, a hundred gradients 100 s.
        agent.progress(2, gradients: 2)
        agent.pass(99)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("cuts checkpoints between its reports, which say nothing of its gradients")
    func cuts() throws {
        var agent = Agent(limits)
        agent.begin(1, gradients: 1000)
        for turn in 1...5 {
            agent.now += second / 2
            agent.checkpoint(2 * turn)
            let sequence = try #require(
                agent.sent.last { if case .checkpoint = $0.message { true } else { false } }?.sequence)
            agent.hear(.acknowledged([Outcome(sequence: sequence, verdict: .accepted)]))
            agent.now += second / 2
            agent.progress(2 * turn + 1, gradients: 1000 + 1000 * turn)
        }
        // A second is the longest that an iteration took, and a thousandth of it a gradient.
        agent.pass(19)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("is not one that waits for what it has cut to be stored")
    func waiting() throws {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        agent.checkpoint(2)
        agent.pass(60)
        #expect(!agent.isKilled)
        let sequence = try #require(
            agent.sent.last { if case .checkpoint = $0.message { true } else { false } }?.sequence)
        agent.hear(.acknowledged([Outcome(sequence: sequence, verdict: .accepted)]))
        agent.pass(9)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("is not one whose agent or host stood still itself")
    func absence() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        agent.now += 3600 * second
        agent.handle(.tick)
        agent.pass(9)
        #expect(!agent.isKilled)
        agent.pass(1)
        #expect(agent.isKilled)
    }

    @Test("and does not stop when its worker leaves is killed, and the attempt given back")
    func drain() throws {
        var agent = Agent(limits)
        agent.begin(7, gradients: 10)
        agent.handle(.drainRequested)
        agent.pass(4)
        #expect(!agent.isKilled && agent.failures.isEmpty)
        agent.pass(1)
        #expect(agent.isKilled)
        #expect(agent.failures.first?.failure == .released && agent.failures.first?.iteration == 7)
        let sequence = try #require(
            agent.sent.last { if case .failed = $0.message { true } else { false } }?.sequence)
        agent.hear(.acknowledged([Outcome(sequence: sequence, verdict: .accepted)]))
        #expect(agent.effects.contains { if case .exit(code: 0) = $0 { true } else { false } })
    }

    @Test("is looked for in time, however rarely the worker would be called otherwise")
    func deadline() {
        var agent = Agent(limits)
        agent.begin(1, gradients: 10)
        let start = agent.now
        while !agent.isKilled, agent.now < start + 60 * second {
            agent.now = max(agent.now + 1, agent.worker.nextDeadline)
            agent.hear(.lease(heartbeat: 1, attempts: [Agent.attempt]))
            agent.handle(.tick)
        }
        #expect(agent.isKilled && agent.now == start + 10 * second)
    }
}
