import Coordination
import CoreMetrics
import Foundation
import Logging
import Storage
import Synchronization
import Tracing
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
    /// How long what is finished is kept.
    package var retention: RetentionRule
    /// Is given signs of life by the control thread; nil: nobody is.
    package var supervisor: Supervisor?
    /// Where what happens is counted.
    package var metrics: any MetricsFactory
    /// Makes spans of jobs; nil: nobody does.
    package var tracer: (any Tracer)?

    package init(
        state: String, endpoint: String, settings: CoordinatorSettings = CoordinatorSettings(), gate: Gate? = nil,
        retention: RetentionRule = RetentionRule(), supervisor: Supervisor? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, tracer: (any Tracer)? = nil
    ) {
        self.state = state
        self.endpoint = endpoint
        self.settings = settings
        self.gate = gate
        self.retention = retention
        self.supervisor = supervisor
        self.metrics = metrics
        self.tracer = tracer
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

    package init(description: String) {
        self.description = description
    }
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

/// A coordinator in this process: opens the state folder, starts the control thread, and lets others ask.
package final class CoordinatorService: Sendable {
    package let state: StateFolder
    /// The jobs that the ledger held at the start.
    package let earlierJobs: [JobSnapshot]
    /// Where workers connect, with the port that was bound.
    package let endpoint: String
    private let blobStore: BlobStore
    private let desk: RequestDesk
    private let board: JobBoard
    /// What has happened since the start.
    package let events: EventLog
    /// What the draws of jobs that run say so far.
    private let forming: FormingDesk
    private let health: CoordinatorHealth
    private let assemblies: AssemblyRunner
    private let housekeeper: Housekeeper
    private let storageBounds: StorageBounds
    private let gate: Gate?
    /// Seconds between two looks at what is over.
    private static let tidyingInterval: Double = 5
    /// Ends with the control thread.
    private let control = DispatchGroup()

    /// Opens the state folder, replays the ledger, binds the socket and starts the threads.
    /// - Parameters:
    ///   - openingLedger: the ledger of a state folder; stands for the one in SQLite in tests.
    ///   - inspecting: what looks at the content of checkpoints; stands for nothing where a benchmark's have none.
    package init(
        _ configuration: CoordinatorConfiguration, logger: Logger,
        openingLedger: (StateFolder) throws -> any LedgerStore = { try Ledger($0) },
        inspecting: (BlobStore) -> CheckpointInspection = { store in
            { CheckpointInspector(store).fault(of: $0, blobs: $1) }
        }
    ) throws {
        let state = try StateFolder(opening: configuration.state)
        let wakeUp = try WakeUp()
        let ledger = try openingLedger(state)
        let blobStore = try BlobStore(state, rows: ledger)
        // What an earlier coordinator has left of jobs that are over is not replayed.
        for job in try ledger.unfoldedJobs() { try ledger.fold(job) }
        let epoch = try ledger.nextCoordinatorEpoch()
        let ledgerName = try ledger.identity()
        var machine = Coordinator(
            settings: configuration.settings, ledger: ledgerName, epoch: epoch, build: Build.version,
            kernels: Build.kernelFingerprint,
            replaying: try ledger.entries())
        let foreign = machine.foreignJobs
        guard foreign.isEmpty else { throw ForeignState(folder: state.path, jobs: foreign) }
        try blobStore.removeAll(except: machine.referencedBlobs.union(try ledger.references()))

        let desk = RequestDesk(wakeUp: wakeUp)
        let board = JobBoard()
        let health = CoordinatorHealth()
        events = EventLog(metrics: configuration.metrics)
        let assemblies = AssemblyRunner(
            tries: try AssemblyTries(state), logger: logger, hasRoom: { state.hasRoom },
            assemble: { snapshot in
                try JobAssembly(snapshot: snapshot, blobStore: blobStore)
                    .write(to: Self.resultsFolder(of: snapshot.id, in: state))
            },
            judge: { snapshot, iteration in
                try JobAssembly(snapshot: snapshot, blobStore: blobStore).isEnough(at: iteration)
            },
            onEnd: { desk.post(.assembled($0)) })
        self.state = state
        self.blobStore = blobStore
        self.desk = desk
        self.board = board
        self.health = health
        self.assemblies = assemblies
        housekeeper = try Housekeeper(
            ledger: ledger, blobStore: blobStore, rule: configuration.retention, logger: logger,
            results: { Self.resultsFolder(of: $0, in: state) })
        storageBounds = StorageBounds(shares: configuration.settings.shares, housekeeper: housekeeper)
        let inspect = inspecting(blobStore)
        let gate = configuration.gate
        let supervisor = configuration.supervisor
        self.gate = gate
        forming = FormingDesk(logger: logger) { try JobAssembly(snapshot: $0, blobStore: blobStore).forming() }
        let earlierJobs = machine.jobs.compactMap(machine.snapshot)
        self.earlierJobs = earlierJobs
        let tracer = configuration.tracer
        // Whoever asks from now on sees them.
        board.publish(&machine, at: Clock.now())

        // The socket is born on the thread that will use it; this one waits to learn where it is bound.
        let bound = Mutex<Result<String, any Error>?>(nil)
        let isBound = DispatchSemaphore(value: 0)
        let wish = configuration.endpoint
        let lease = Duration.nanoseconds(Int64(configuration.settings.lease))
        control.enter()
        let thread = Thread { [control, machine, events] in
            do {
                try Self.withSocket(boundTo: wish, lease: lease, gate: gate) { socket, endpoint in
                    bound.withLock { $0 = .success(endpoint) }
                    isBound.signal()
                    var loop = ControlLoop(
                        machine: machine, ledger: ledger, blobStore: blobStore, desk: desk, wakeUp: wakeUp,
                        board: board, events: events, health: health, assemblies: assemblies, gate: gate,
                        inspect: inspect,
                        supervisor: supervisor,
                        traces: tracer.map { CoordinatorTraces($0, ledger: ledgerName, open: earlierJobs) },
                        logger: logger)
                    loop.run(socket: socket)
                }
            } catch {
                bound.withLock { $0 = .failure(error) }
                isBound.signal()
            }
            control.leave()
        }
        thread.name = "control"
        thread.start()
        isBound.wait()
        endpoint = try bound.withLock { $0 }!.get()
        housekeeper.start(every: Self.tidyingInterval)
        gate?.watch { desk.post(.keyRevoked($0.description)) }
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
        let monitor = try gate?.monitor(socket, context: context)
        do {
            try socket.bind(wish)
        } catch {
            throw CoordinatorError(
                description: "\(error). Mend: stop what listens there, or name another address with --bind.")
        }
        body(socket, try socket.lastEndpoint())
        withExtendedLifetime((gatekeeper, monitor)) {}
    }

    // MARK: What others ask

    /// Stores the bundle and queues the fit; returns when that is durable.
    /// - Parameter again: a new job also where the same content was submitted before and has not failed.
    /// - Throws: `SubmissionRefusal`; `CoordinatorError` when it cannot be answered now: the same submission again is
    ///   the same job.
    package func submit(
        _ submission: FitSubmission, again: Bool = false, wishes: QueueWishes = QueueWishes()
    ) async throws -> SubmissionReceipt {
        try storageBounds.check(submission, beside: jobs, again: again)
        let reply = try await blobStore.holding(submission.bundleDigest) {
            do {
                try blobStore.put(Blob(digest: submission.bundleDigest, bytes: submission.bundle))
            } catch {
                throw CoordinatorError(description: "the submission cannot be stored: \(error)")
            }
            return try await desk.ask({ .submit(submission.job(wishes), again: again, number: $0) })
        }
        switch reply {
        case .job(let job, let existed): return SubmissionReceipt(job: job, existed: existed)
        case .refused(let text): throw SubmissionRefusal(description: text)
        default: throw CoordinatorError(description: "the submission was not understood")
        }
    }

    /// Cancels a job; nil when it is done, otherwise why not.
    /// - Throws: `CoordinatorError` when it cannot be answered now.
    package func cancel(_ job: JobID) async throws -> String? {
        try await change(job, .cancel)
    }

    /// Cancels, pauses, resumes a job or moves it to another class; nil when it is done, otherwise why not.
    /// - Throws: `CoordinatorError` when it cannot be answered now.
    package func change(_ job: JobID, _ change: JobChange) async throws -> String? {
        switch try await desk.ask({ .change(job, change, number: $0) }) {
        case .changed: nil
        case .tooLate(let state): "the job has \(state.rawValue) already"
        default: "there is no such job"
        }
    }

    /// Why the job waits, or that it does not; nil when there is no such job.
    /// - Throws: `CoordinatorError` when it cannot be answered now.
    package func reason(of job: JobID) async throws -> WaitReason? {
        if case .reason(let reason) = try await desk.ask({ .reason(job, number: $0) }) { reason } else { nil }
    }

    /// Keeps a job's results whatever the rule of retention says, or leaves them to it again; durable when it returns.
    /// - Returns: false when there is no such job, or its results are gone.
    /// - Throws: `CoordinatorError` when it cannot be stored.
    package func pin(_ job: JobID, _ isPinned: Bool) throws(CoordinatorError) -> Bool {
        do {
            return try housekeeper.pin(job, isPinned)
        } catch {
            throw CoordinatorError(description: "the pin cannot be stored: \(error)")
        }
    }

    package func isPinned(_ job: JobID) -> Bool { housekeeper.isPinned(job) }

    /// The process of this worker is gone.
    func workerEnded(_ name: String) {
        desk.post(.workerEnded(name))
    }

    package var jobs: [JobSnapshot] { board.content.jobs }

    package func job(_ id: JobID) -> JobSnapshot? { jobs.first { $0.id == id } }

    package var workers: [JobBoard.Worker] { board.content.workers }

    /// Jobs, workers and paces of one moment.
    package var content: JobBoard.Content { board.content }

    /// What the draws of a job that have come so far say, as of the last look at them; nil where there are too few, or
    /// none has been taken. Begins another look where it is time for one.
    package func forming(_ job: JobSnapshot) -> FormingFigures? { forming.figures(of: job) }

    /// Why the coordinator has stopped by itself; nil while it runs.
    package var failureText: String? { health.failure }

    /// False while nothing can be stored.
    package var isReady: Bool { health.failure == nil && !health.isDiskFull }

    /// The folder of a finished job's results.
    package func resultsFolder(of job: JobID) -> String { Self.resultsFolder(of: job, in: state) }

    private static func resultsFolder(of job: JobID, in state: StateFolder) -> String {
        "\(state.results)/\(job.number)"
    }

    /// Ends the threads and closes the ledger; what is queued for it is stored first, unless the disk is full. Nothing
    /// of this coordinator touches the state folder after that, except that it stays locked until the coordinator is
    /// gone.
    package func stop() {
        gate?.stop()
        housekeeper.stop()
        forming.stop()
        assemblies.stop()
        desk.post(.stop)
        control.wait()
    }
}
