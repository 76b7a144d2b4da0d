import Coordination
import Testing
import Wire

private let second: Nanoseconds = 1_000_000_000

/// A worker of one slot, and what it says.
private struct Agent {
    static let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)
    var worker: Worker
    var now: Nanoseconds = 100 * second
    var effects: [WorkerEffect] = []

    init() {
        let digest = TestDigest.of([1])
        worker = Worker(
            settings: WorkerSettings(),
            identity: WorkerIdentity(
                instance: [UInt8](repeating: 1, count: 16), name: "host:1", slots: 1, binary: digest, kernels: digest),
            makeDigest: { TestDigest() }, at: now)
        handle(.tick)
    }

    mutating func handle(_ event: WorkerEvent) {
        effects += worker.handle(event, at: now)
    }

    mutating func hear(_ message: CoordinatorMessage, session: UInt64, sequence: UInt64) {
        handle(.received(Envelope(message: message, session: session, sequence: sequence)))
    }

    mutating func welcome(ledger: UInt64, session: UInt64, epoch: UInt64) {
        hear(
            .welcome(
                session: session, ledger: ledger, coordinatorEpoch: epoch, heartbeatInterval: 2 * second,
                leaseDuration: 15 * second, checkpointInterval: second, build: "test"), session: session, sequence: 1)
    }

    mutating func run(session: UInt64) {
        hear(
            .assign([
                Grant(attempt: Self.attempt, digest: TestDigest.of([1]), payload: [], inputs: [], start: nil)
            ]), session: session, sequence: 2)
    }

    var sent: [Envelope<WorkerMessage>] {
        effects.compactMap { if case .send(let envelope) = $0 { envelope } else { nil } }
    }

    /// The ledger and attempts of the last hello.
    var hello: (ledger: UInt64, attempts: [AttemptID])? {
        for envelope in sent.reversed() {
            if case .hello(_, _, _, _, _, _, let ledger, let attempts) = envelope.message { return (ledger, attempts) }
        }
        return nil
    }

    var isKilled: Bool { effects.contains { if case .kill(0) = $0 { true } else { false } } }
    var isStopped: Bool { effects.contains { if case .stop(0) = $0 { true } else { false } } }
}

@Suite("a worker's conversations")
struct WorkerConversationTests {
    @Test("joins a new ledger once, whatever epochs it knew of another, and leaves what it ran for that behind")
    func newLedger() {
        var agent = Agent()
        #expect(agent.hello?.ledger == 0)
        agent.welcome(ledger: 7, session: 9 << 32 | 1, epoch: 9)
        agent.run(session: 9 << 32 | 1)
        // The coordinator is gone, and another answers at its address with a ledger of its own.
        agent.now += 10 * second
        agent.handle(.tick)
        #expect(agent.hello?.ledger == 7 && agent.hello?.attempts == [Agent.attempt])
        agent.welcome(ledger: 8, session: 1 << 32 | 1, epoch: 1)
        #expect(agent.isKilled)
        agent.handle(.slot(0, .exited(text: "killed", failure: .signal)))
        let hellos = agent.sent.count { if case .hello = $0.message { true } else { false } }
        for _ in 0..<20 {
            agent.now += second
            agent.handle(.tick)
            agent.hear(.lease(heartbeat: 1, attempts: []), session: 1 << 32 | 1, sequence: agent.now)
        }
        #expect(agent.sent.count { if case .hello = $0.message { true } else { false } } == hellos)
        let heartbeats = agent.sent.filter { $0.session == 1 << 32 | 1 }
        #expect(!heartbeats.isEmpty)
        for envelope in heartbeats {
            if case .heartbeat(_, let attempts) = envelope.message { #expect(attempts.isEmpty) }
        }
    }

    @Test("a welcome of another ledger in the middle of a conversation is nobody's")
    func lateWelcome() {
        var agent = Agent()
        agent.welcome(ledger: 7, session: 1 << 32 | 1, epoch: 1)
        agent.run(session: 1 << 32 | 1)
        agent.welcome(ledger: 8, session: 1 << 32 | 2, epoch: 1)
        #expect(!agent.isKilled)
    }

    @Test("gives an attempt back at its next iteration when another is to have the slot, and takes the other")
    func yield() {
        var agent = Agent()
        agent.welcome(ledger: 7, session: 1 << 32 | 1, epoch: 1)
        agent.run(session: 1 << 32 | 1)
        agent.hear(.yield(Agent.attempt), session: 1 << 32 | 1, sequence: 3)
        #expect(agent.isStopped && !agent.isKilled)
        agent.handle(.slot(0, .stopped))
        let outcomes = agent.sent.compactMap { envelope -> Failure? in
            if case .failed(Agent.attempt, let failure, _, _) = envelope.message { failure } else { nil }
        }
        #expect(outcomes == [.released])
        let other = AttemptID(task: TaskID(job: JobID(2), index: 0), epoch: 1)
        agent.hear(
            .assign([Grant(attempt: other, digest: TestDigest.of([1]), payload: [], inputs: [], start: nil)]),
            session: 1 << 32 | 1, sequence: 4)
        let runs = agent.effects.count { if case .run = $0 { true } else { false } }
        #expect(runs == 2)
        agent.hear(.yield(Agent.attempt), session: 1 << 32 | 1, sequence: 5)
        #expect(agent.effects.count { if case .stop = $0 { true } else { false } } == 1, "it is not there any more")
    }
}
