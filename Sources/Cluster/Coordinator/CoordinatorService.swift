import Coordination
import Foundation
import Logging
import Storage
import Synchronization
import Wire
import ZeroMQ

/// What a coordinator is started with.
package struct CoordinatorConfiguration: Sendable {
    /// The folder of everything durable.
    package var state: String
    /// Where workers connect: `tcp://HOST:PORT` (port `*` for any free one) or `ipc://PATH`.
    package var endpoint: String
    package var settings: CoordinatorSettings
    /// Who may connect; nil for whoever reaches the endpoint.
    package var gate: Gate?

    package init(
        state: String, endpoint: String, settings: CoordinatorSettings = CoordinatorSettings(), gate: Gate? = nil
    ) {
        self.state = state
        self.endpoint = endpoint
        self.settings = settings
        self.gate = gate
    }
}

/// What became of a submission.
package struct SubmissionReceipt: Sendable {
    package var job: JobID
    /// True when the same content was submitted before: it is that job.
    package var existed: Bool
}

/// A coordinator that cannot go on.
package struct CoordinatorError: Error, CustomStringConvertible {
    package let description: String
}

/// A state folder with jobs that only another program can finish.
package struct ForeignState: Error, CustomStringConvertible {
    package let folder: String
    /// The names of the jobs.
    package let jobs: [String]

    /// What is the matter, without a mend.
    package var problem: String {
        let others = jobs.count > 1 ? " and \(jobs.count - 1) more" : ""
        return "\(folder) holds an unfinished fit ('\(jobs[0])'\(others)) of a version of tutti that computes other "
            + "numbers: one that went on with it would mix the two."
    }

    package var description: String {
        "\(problem) Mend: finish or cancel it with that version, or name another folder with --state."
    }
}

/// The shell of the coordinator: one thread that owns the socket, the machine and the clock; it polls, decodes, hands
/// events in and carries effects out, in batches. Disk and assembly work elsewhere and come back as requests.
package final class CoordinatorService: Sendable {
    /// What others ask of the control thread.
    private enum Request: Sendable {
        case submit(JobSpecification, number: UInt64)
        case cancel(JobID, number: UInt64)
        case workerEnded(String)
        case keyRevoked(String)
        case stored([Ticket])
        case damaged(AttemptID, Digest)
        case assembled(JobID, succeeded: Bool, text: String)
        case stop
    }

    /// Who waits for an answer of the control thread.
    private struct Waiting: Sendable {
        var next: UInt64 = 1
        var answers: [UInt64: @Sendable (Result<Reply, CoordinatorError>) -> Void] = [:]
        /// Nothing is answered any more.
        var isOver = false
    }

    /// What the control thread lets others see.
    private struct Published: Sendable {
        var jobs: [JobSnapshot] = []
        var workers: [(name: String, slots: Int, attempts: Int)] = []
    }

    /// Messages taken from the socket before timers are looked at.
    private static let messagesPerTurnMax = 256
    /// Seconds between two publications of what runs.
    private static let publicationInterval: Double = 0.1
    /// Longest wait of the control thread, so that publications stay fresh.
    private static let waitMax: Double = 0.25

    package let state: StateFolder
    /// The jobs that the ledger held at the start.
    package let earlierJobs: [JobSnapshot]
    /// Where workers connect, with the port that was bound.
    package let endpoint: String
    private let blobStore: BlobStore
    private let settings: CoordinatorSettings
    private let gate: Gate?
    private let wakeUp: WakeUp
    private let logger: Logger
    private let requests = Mutex<[Request]>([])
    private let waiting = Mutex(Waiting())
    private let published = Mutex(Published())
    private let failure = Mutex<String?>(nil)
    private let isDiskFull = Mutex(false)
    /// Threads that may touch the state folder: the control thread and those that put results together.
    private let threads = DispatchGroup()

    /// Opens the state folder, replays the ledger, binds the socket and starts the threads.
    package init(_ configuration: CoordinatorConfiguration, logger: Logger) throws {
        self.logger = logger
        settings = configuration.settings
        gate = configuration.gate
        state = try StateFolder(opening: configuration.state)
        blobStore = try BlobStore(state)
        wakeUp = try WakeUp()
        let ledger = try Ledger(state)
        let epoch = try ledger.nextCoordinatorEpoch()
        let machine = Coordinator(
            settings: settings, epoch: epoch, build: Build.version, kernels: Build.kernelFingerprint,
            replaying: try ledger.entries())
        let foreign = machine.foreignJobs
        guard foreign.isEmpty else { throw ForeignState(folder: state.path, jobs: foreign) }
        try blobStore.removeAll(except: machine.referencedBlobs)
        earlierJobs = machine.jobs.compactMap(machine.snapshot)

        // The socket is born on the thread that will use it; this one waits to learn where it is bound.
        let bound = Mutex<Result<String, any Error>?>(nil)
        let isBound = DispatchSemaphore(value: 0)
        let start = Mutex<(@Sendable (borrowing Socket) -> Void)?>(nil)
        let isReady = DispatchSemaphore(value: 0)
        let wish = configuration.endpoint
        let lease = Duration.nanoseconds(Int64(settings.lease))
        threads.enter()
        let thread = Thread { [threads, gate] in
            do {
                try Self.withSocket(boundTo: wish, lease: lease, gate: gate) { socket, endpoint in
                    bound.withLock { $0 = .success(endpoint) }
                    isBound.signal()
                    isReady.wait()
                    start.withLock { $0 }?(socket)
                }
            } catch {
                bound.withLock { $0 = .failure(error) }
                isBound.signal()
            }
            threads.leave()
        }
        thread.name = "control"
        thread.start()
        isBound.wait()
        endpoint = try bound.withLock { $0 }!.get()
        let own = machine
        start.withLock {
            $0 = { [self] socket in control(own, socket: socket, ledger: ledger) }
        }
        isReady.signal()
        gate?.watch { [self] key in post(.keyRevoked(key.description)) }
    }

    /// Lends `body` a router socket and its address. When this returns, the library's threads have ended and the file
    /// of an ipc socket is gone.
    private static func withSocket(
        boundTo wish: String, lease: Duration, gate: Gate?, _ body: (borrowing Socket, _ endpoint: String) -> Void
    ) throws {
        let context = try Context()
        let gatekeeper = try gate?.gatekeeper(context)
        var options = SocketOptions()
        options.security = gate?.security ?? .plain
        options.frameByteCountMax = Int64(Limits.frameByteCountMax)
        options.heartbeatInterval = lease * 2 / 15
        options.heartbeatTimeout = lease * 6 / 15
        options.heartbeatTimeToLive = lease * 10 / 15
        let socket = try Socket(.router, context: context, options: options)
        try socket.bind(wish)
        body(socket, try socket.lastEndpoint())
        withExtendedLifetime(gatekeeper) {}
    }

    // MARK: What others ask

    /// Stores the bundle and queues the fit; returns when that is durable.
    package func submit(_ submission: FitSubmission) async throws -> SubmissionReceipt {
        try blobStore.put(Blob(digest: submission.bundleDigest, bytes: submission.bundle))
        switch try await ask({ .submit(submission.job(), number: $0) }) {
        case .job(let job, let existed): return SubmissionReceipt(job: job, existed: existed)
        case .refused(let text): throw SubmissionRefusal(description: text)
        default: throw CoordinatorError(description: "the submission was not understood")
        }
    }

    /// Cancels a job; nil when it is done, otherwise why not.
    package func cancel(_ job: JobID) async throws -> String? {
        switch try await ask({ .cancel(job, number: $0) }) {
        case .cancelled: nil
        case .tooLate(let state): "the job has \(state.rawValue) already"
        default: "there is no such job"
        }
    }

    private func ask(_ request: (UInt64) -> Request) async throws -> Reply {
        try await withCheckedThrowingContinuation { continuation in
            let number = waiting.withLock { waiting -> UInt64? in
                guard !waiting.isOver else { return nil }
                defer { waiting.next += 1 }
                waiting.answers[waiting.next] = { continuation.resume(with: $0) }
                return waiting.next
            }
            if let number { post(request(number)) } else { continuation.resume(throwing: ending) }
        }
    }

    /// What those are told who ask when nothing is answered any more.
    private var ending: CoordinatorError {
        CoordinatorError(description: failureText ?? "the coordinator is stopping")
    }

    /// Nobody waits for an answer that will not come.
    private func endWaiting() {
        let answers = waiting.withLock { waiting in
            waiting.isOver = true
            defer { waiting.answers = [:] }
            return waiting.answers.values
        }
        for answer in answers { answer(.failure(ending)) }
    }

    /// The process of this worker is gone.
    func workerEnded(_ name: String) {
        post(.workerEnded(name))
    }

    package var jobs: [JobSnapshot] { published.withLock { $0.jobs } }

    package func job(_ id: JobID) -> JobSnapshot? { jobs.first { $0.id == id } }

    package var workers: [(name: String, slots: Int, attempts: Int)] { published.withLock { $0.workers } }

    /// Why the coordinator has stopped by itself; nil while it runs.
    package var failureText: String? { failure.withLock { $0 } }

    /// False while nothing can be stored.
    package var isReady: Bool { failureText == nil && !isDiskFull.withLock { $0 } }

    /// The folder of a finished job's results.
    package func resultsFolder(of job: JobID) -> String { "\(state.results)/\(job.number)" }

    /// Ends the threads and closes the ledger; what is queued for it is stored first. Nothing of this coordinator
    /// touches the state folder after that, except that it stays locked until the coordinator is gone.
    package func stop() {
        gate?.stop()
        post(.stop)
        threads.wait()
    }

    private func post(_ request: Request) {
        requests.withLock { $0.append(request) }
        wakeUp.signal()
    }

    // MARK: The control thread

    private func control(_ initial: Coordinator, socket: borrowing Socket, ledger: Ledger) {
        var machine = initial
        let writer = LedgerWriter(
            ledger: ledger, blobStore: blobStore, onStored: { [self] in post(.stored($0)) },
            onDamaged: { [self] in post(.damaged($0, $1)) },
            onFull: { [self] isFull in
                isDiskFull.withLock { $0 = isFull }
                logger.error(isFull ? "the disk is full: nothing is granted or accepted" : "the disk has room again")
            },
            onFailure: { [self] error in
                failure.withLock { $0 = "the ledger cannot be written: \(error)" }
                post(.stop)
            })
        var lastPublication = -Double.infinity
        var isLastTurn = false
        // Answers wait until what they speak of can be seen by whoever asks next.
        var answers: [(request: UInt64, reply: Reply)] = []
        answers += carryOut(machine.handle(.tick, at: Self.now()), of: machine, socket: socket, writer: writer)
        while !isLastTurn {
            let due = machine.nextDeadline.map { max(0, Double($0) - Double(Self.now())) / 1e9 } ?? Self.waitMax
            let timeout = Duration.seconds(min(due, Self.waitMax)) + .milliseconds(1)
            _ = try? Poller.wait(for: socket, descriptors: [wakeUp.descriptor], timeout: timeout)
            wakeUp.drain()
            for request in requests.withLock({ requests in
                defer { requests = [] }
                return requests
            }) {
                if case .stop = request { isLastTurn = true }
                for event in Self.events(of: request) {
                    answers += carryOut(
                        machine.handle(event, at: Self.now()), of: machine, socket: socket, writer: writer)
                }
            }
            var taken = 0
            while taken < Self.messagesPerTurnMax, let message = try? socket.receiveMessage() {
                taken += 1
                // A connection outlives the right of its key.
                if let gate, let key = message.key, !gate.admits(key) { continue }
                answers += carryOut(
                    machine.handle(Self.event(of: message), at: Self.now()), of: machine, socket: socket,
                    writer: writer)
            }
            // Leases are judged only when no renewal lies unread.
            if taken < Self.messagesPerTurnMax {
                answers += carryOut(machine.handle(.tick, at: Self.now()), of: machine, socket: socket, writer: writer)
            }
            let now = Clock.now()
            if now - lastPublication >= Self.publicationInterval || isLastTurn || !answers.isEmpty {
                lastPublication = now
                publish(machine)
                for (request, reply) in answers {
                    waiting.withLock { $0.answers.removeValue(forKey: request) }?(.success(reply))
                }
                answers = []
            }
        }
        writer.stop()
        endWaiting()
        do {
            try ledger.close()
        } catch {
            logger.error("the ledger cannot be closed", metadata: ["error": "\(error)"])
        }
    }

    private static func now() -> Nanoseconds { Nanoseconds(Clock.now() * 1e9) }

    private static func events(of request: Request) -> [CoordinatorEvent] {
        switch request {
        case .submit(let job, let number): [.submitted(job, request: number)]
        case .cancel(let job, let number): [.cancelRequested(job, request: number)]
        case .workerEnded(let name): [.workerEnded(name)]
        case .keyRevoked(let key): [.keyRevoked(key)]
        case .stored(let tickets): tickets.map { .stored($0) }
        case .damaged(let attempt, let digest): [.damagedUpload(attempt, digest)]
        case .assembled(let job, let succeeded, let text): [.assembled(job, succeeded: succeeded, text: text)]
        case .stop: []
        }
    }

    private static func event(of message: Socket.Message) -> CoordinatorEvent {
        let connection = ConnectionID(message.frames[0], key: message.key?.description)
        do {
            let envelope = try MessageCodec.decode(WorkerMessage.self, frames: Array(message.frames.dropFirst()))
            // Parts are hashed as they are kept.
            let isPart = if case .part = envelope.message { true } else { false }
            let blobs = isPart ? [] : envelope.blobs.map { Blob(digest: Digest(hashing: $0), bytes: $0) }
            return .received(envelope, blobs: blobs, from: connection)
        } catch {
            return .malformed(error, from: connection)
        }
    }

    /// Returns the answers to requests that are due.
    private func carryOut(
        _ effects: [CoordinatorEffect], of machine: Coordinator, socket: borrowing Socket, writer: LedgerWriter
    ) -> [(request: UInt64, reply: Reply)] {
        var answers: [(request: UInt64, reply: Reply)] = []
        for effect in effects {
            switch effect {
            case .send(let envelope, let connection):
                // A peer that is gone, or whose queue is full, misses the message: its session will notice.
                _ = try? socket.send(MessageCodec.encode(envelope), to: connection.bytes)
            case .sendChunk(let digest, let offset, let length, let session, let sequence, let connection):
                let envelope = chunk(digest, offset: offset, length: length, session: session, sequence: sequence)
                _ = try? socket.send(MessageCodec.encode(envelope), to: connection.bytes)
            case .store(let entry, let blobs, let ticket):
                writer.append(.entry(entry, blobs: blobs, ticket))
            case .keep(let part, let ticket):
                writer.append(.part(part, ticket))
            case .discardParts(let attempt):
                writer.append(.discardParts(attempt))
            case .release(let digest):
                writer.append(.release(digest))
            case .assemble(let job):
                if let snapshot = machine.snapshot(of: job) { assemble(snapshot) }
            case .reply(let request, let reply):
                answers.append((request, reply))
            case .log(let fact):
                log(fact)
            }
        }
        return answers
    }

    private func chunk(
        _ digest: Digest, offset: Int, length: Int, session: UInt64, sequence: UInt64
    ) -> Envelope<CoordinatorMessage> {
        // Not checked here, where it would hold up others: who puts the parts together checks the whole.
        guard let total = blobStore.byteCount(of: digest), offset <= total,
            let part = try? blobStore.bytes(of: digest, from: offset, count: length)
        else { return Envelope(message: .missing(digest: digest), session: session, sequence: sequence) }
        return Envelope(
            message: .chunk(digest: digest, offset: offset, total: total), session: session, sequence: sequence,
            blobs: [part])
    }

    private func publish(_ machine: Coordinator) {
        let jobs = machine.jobs.compactMap(machine.snapshot)
        let workers = machine.workers.map { ($0.name, $0.slots, $0.attempts.count) }
        published.withLock { $0 = Published(jobs: jobs, workers: workers) }
    }

    // MARK: Assembly

    /// Puts a job's results together on a thread of its own.
    private func assemble(_ snapshot: JobSnapshot) {
        let job = snapshot.id
        threads.enter()
        let thread = Thread { [self] in
            defer { threads.leave() }
            do {
                let verdict = try JobAssembly(snapshot: snapshot, blobStore: blobStore)
                    .write(to: resultsFolder(of: job))
                post(.assembled(job, succeeded: true, text: verdict))
            } catch {
                post(.assembled(job, succeeded: false, text: "the results cannot be put together: \(error)"))
            }
        }
        thread.name = "assembly \(job.number)"
        thread.stackSize = 8 << 20
        thread.start()
    }

    // MARK: Words

    private func log(_ fact: LogFact) {
        switch fact {
        case .workerJoined(let worker, let slots):
            logger.info("worker joined", metadata: ["worker": "\(worker)", "slots": "\(slots)"])
        case .workerLost(let text):
            logger.warning("worker lost", metadata: ["worker": "\(text)"])
        case .workerLeft(let text):
            logger.info("worker left", metadata: ["worker": "\(text)"])
        case .granted(let attempt, let label, let worker, let iteration):
            logger.info(
                "granted",
                metadata: metadata(attempt, label).merging(
                    ["worker": "\(worker)", "from": "\(iteration)"], uniquingKeysWith: { $1 }))
        case .attemptEnded(let attempt, let label, let reason):
            logger.warning(
                "attempt ended",
                metadata: metadata(attempt, label).merging(["reason": "\(reason)"], uniquingKeysWith: { $1 }))
        case .jobEnded(let job, let state, let text):
            logger.info("job ended", metadata: ["job": "\(job.number)", "state": "\(state)", "text": "\(text)"])
        case .malformed(let error):
            logger.warning(
                "a frame was dropped; more of this kind are not logged", metadata: ["error": "\(error)"])
        case .protocolViolation(let text):
            logger.warning("protocol violation", metadata: ["what": "\(text)"])
        case .determinismViolation(let task):
            logger.critical(
                "two results of one task differ: a machine computes other bits",
                metadata: ["job": "\(task.job.number)", "task": "\(task.index)"])
        case .clockGap(let seconds):
            logger.warning("this process was away", metadata: ["seconds": "\(seconds)"])
        }
    }

    private func metadata(_ attempt: AttemptID, _ label: String) -> Logger.Metadata {
        ["job": "\(attempt.task.job.number)", "task": "\(label)", "epoch": "\(attempt.epoch)"]
    }
}
