import Coordination
import Wire

private func digest(_ byte: Int) -> Digest { Digest(bytes: [UInt8](repeating: UInt8(byte % 256), count: 32))! }

/// A coordinator whose disk stores at once, jobs of tasks without numbers, and workers that do as they are told.
struct PlacementCluster {
    static let second: Nanoseconds = 1_000_000_000
    static let kernels = digest(200)

    struct Worker {
        var connection: ConnectionID
        var session: UInt64 = 0
        var sequence: UInt64 = 1
    }

    var coordinator: Coordinator
    var ledger: [LedgerEntry] = []
    var workers: [String: Worker] = [:]
    /// Grants in their order: which task, and to whom.
    var grants: [(task: TaskID, worker: String)] = []
    var yields: [AttemptID] = []
    var facts: [LogFact] = []
    var replies: [Reply] = []
    var held: [AttemptID: String] = [:]
    var now: Nanoseconds = 100 * Self.second
    var jobs = 0

    init(_ settings: CoordinatorSettings = CoordinatorSettings(checkpoint: Self.second), replaying: [LedgerEntry] = [])
    {
        coordinator = Coordinator(
            settings: settings, ledger: 1, epoch: 1, build: "test", kernels: Self.kernels, replaying: replaying)
        ledger = replaying
        jobs = coordinator.jobs.count
        handle(.tick)
    }

    mutating func handle(_ event: CoordinatorEvent) {
        var tickets: [Ticket] = []
        for effect in coordinator.handle(event, at: now) {
            switch effect {
            case .send(let envelope, let connection):
                let name = String(decoding: connection.bytes, as: UTF8.self)
                switch envelope.message {
                case .welcome(let session, _, _, _, _, _, _): workers[name]?.session = session
                case .assign(let assigned):
                    for grant in assigned {
                        grants.append((grant.attempt.task, name))
                        held[grant.attempt] = name
                    }
                case .yield(let attempt): yields.append(attempt)
                case .forget(let attempt): held[attempt] = nil
                default: break
                }
            case .store(let entry, _, let ticket):
                ledger.append(entry)
                tickets.append(ticket)
            case .log(let fact): facts.append(fact)
            case .reply(_, let reply): replies.append(reply)
            case .sendChunk, .keep, .discardParts, .release, .assemble, .judge: break
            }
        }
        for ticket in tickets { handle(.stored(ticket)) }
    }

    mutating func join(
        _ name: String, slots: Int = 1, kernels: Digest = Self.kernels, resources: WorkerResources = WorkerResources()
    ) {
        workers[name] = Worker(connection: ConnectionID(Array(name.utf8)))
        let instance = Array((name + String(repeating: "-", count: 16)).utf8.prefix(16))
        let message = WorkerMessage.hello(
            instance: instance, host: name, slots: slots, binary: digest(0), kernels: kernels, resources: resources,
            ledger: 1, attempts: [])
        handle(
            .received(
                Envelope(message: message, session: 0, sequence: 1), blobs: [], from: workers[name]!.connection))
    }

    mutating func send(_ message: WorkerMessage, blobs: [Blob] = [], from name: String) {
        guard var worker = workers[name] else { return }
        worker.sequence += 1
        workers[name] = worker
        handle(
            .received(
                Envelope(message: message, session: worker.session, sequence: worker.sequence), blobs: blobs,
                from: worker.connection))
    }

    /// Everybody says that all is well.
    mutating func beat() {
        for name in workers.keys.sorted() {
            let attempts = held.filter { $0.value == name }.keys.sorted().map {
                AttemptProgress(
                    attempt: $0, iteration: 0, isWarmingUp: false, divergences: 0, stepSize: 0,
                    gradientEvaluations: 0)
            }
            send(.heartbeat(number: 1, attempts: attempts), from: name)
        }
    }

    /// Time passes in steps short enough that nobody's lease ends.
    mutating func pass(_ duration: Nanoseconds) {
        let end = now + duration
        while now < end {
            now = min(now + Self.second, end)
            beat()
            handle(.tick)
        }
    }

    @discardableResult mutating func submit(
        tasks: Int = 1, priority: Int = 0, project: String? = nil, after: [JobID]? = nil, deadline: Double? = nil,
        needs: TaskNeeds? = nil, iterations: Int = 1
    ) -> JobID {
        let number = jobs + 1
        handle(
            .submitted(
                JobSpecification(
                    digest: Digest(bytes: (0..<32).map { $0 == 0 ? UInt8(number % 256) : UInt8(number / 256) })!,
                    name: "job \(number)", priority: priority, project: project, after: after, deadline: deadline,
                    needs: needs, bundle: digest(2), submittedAt: 0,
                    tasks: (0..<tasks).map {
                        TaskSpecification(
                            digest: digest(10), payload: [], inputs: [], label: "chain \($0 + 1)",
                            iterations: iterations)
                    }), again: true, request: 1))
        jobs = coordinator.jobs.count
        return JobID(UInt64(number))
    }

    /// The worker of the attempt finishes it, and says how long it has taken.
    mutating func finish(_ attempt: AttemptID, tookNanoseconds duration: UInt64 = 1) {
        guard let name = held.removeValue(forKey: attempt) else { return }
        let state = Blob(digest: digest(50), bytes: [])
        send(
            .checkpoint(
                attempt: attempt, iteration: 1, state: state.digest, block: nil, chainBefore: digest(10),
                chainAfter: digest(11)), blobs: [state], from: name)
        send(
            .result(
                attempt: attempt, digest: digest(11),
                cost: AttemptCost(gradientEvaluations: 1, divergences: 0, cpuNanoseconds: 1, wallNanoseconds: duration)),
            from: name)
    }

    mutating func fail(_ attempt: AttemptID, _ failure: Failure, at iteration: Int = 0) {
        guard let name = held.removeValue(forKey: attempt) else { return }
        send(.failed(attempt: attempt, failure: failure, text: "\(failure)", iteration: iteration), from: name)
    }

    /// A checkpoint of the attempt is stored.
    mutating func checkpoint(_ attempt: AttemptID, _ iteration: Int) {
        guard let name = held[attempt] else { return }
        let state = Blob(digest: digest(50 + iteration), bytes: [])
        let task = coordinator.snapshot(of: attempt.task.job)!.tasks[Int(attempt.task.index)]
        send(
            .checkpoint(
                attempt: attempt, iteration: iteration, state: state.digest, block: nil,
                chainBefore: task.start?.chain ?? digest(10), chainAfter: digest(11)), blobs: [state], from: name)
    }

    /// The try of a task that runs ends badly; what comes next is granted when its pause is over.
    mutating func fail(_ task: TaskID, _ failure: Failure, at iteration: Int) {
        if let attempt = held.keys.first(where: { $0.task == task }) { fail(attempt, failure, at: iteration) }
        pass(3 * Self.second)
    }

    func running(of job: JobID) -> [AttemptID] { held.keys.filter { $0.task.job == job }.sorted() }
}
