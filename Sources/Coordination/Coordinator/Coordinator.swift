import Wire

/// The coordinator without sockets, clocks or disk: events in, effects out.
///
/// What is decided takes effect in memory at once and is handed out as a ledger entry; whatever others can see of it
/// (a grant, an acknowledgement, an answer, the end of a job) waits for `stored`. A restart replays the entries
/// through the same code.
///
/// The shell calls `handle` at least as often as `nextDeadline` says, and sends `tick` after it has found its socket
/// empty: only then are leases judged, so renewals that lie in the queue count.
package struct Coordinator {
    let settings: CoordinatorSettings
    let epoch: UInt64
    let build: String
    /// Digest of what this version's kernels compute; a worker that computes other bits is refused.
    let kernels: Digest

    var queue = JobQueue()
    var sessions = SessionTable()
    var outbox = Outbox()
    var uploads = UploadTable()
    /// Attempts that an earlier coordinator granted and no worker has claimed yet.
    var unclaimed: [AttemptID] = []
    private var unclaimedDeadline: Nanoseconds = 0
    /// True from the first tick, which sorts out what an earlier coordinator left.
    private(set) var hasBegun = false
    /// When `handle` was called last.
    private var lastTurn: Nanoseconds?
    private var malformedKinds: Set<String> = []

    /// - Parameters:
    ///   - epoch: greater than that of any earlier coordinator of the same ledger.
    ///   - entries: the ledger, in order.
    package init(
        settings: CoordinatorSettings, epoch: UInt64, build: String, kernels: Digest, replaying entries: [LedgerEntry]
    ) {
        self.settings = settings
        self.epoch = epoch
        self.build = build
        self.kernels = kernels
        for entry in entries { queue.apply(entry) }
        // What was superseded before is no blob of `referencedBlobs`.
        _ = queue.takeSupersededStates()
        unclaimed = queue.openTasks().leased
    }

    // MARK: What others may look at

    package var jobs: [JobID] { queue.order }

    package func snapshot(of job: JobID) -> JobSnapshot? { queue.records[job]?.snapshot }

    /// The latest of that content.
    package func job(withDigest digest: Digest) -> JobID? { queue.job(withDigest: digest) }

    /// Names of unfinished jobs whose tasks were begun by kernels that compute other bits: to go on with them would mix
    /// two sets of bits in one chain.
    package var foreignJobs: [String] {
        queue.order.compactMap { queue.records[$0] }
            .filter { !$0.state.isOver && $0.specification.kernels != kernels }
            .map(\.specification.name)
    }

    /// Every blob that a job or its results may still need.
    package var referencedBlobs: Set<Digest> { queue.referencedBlobs }

    package var workers: [(name: String, slots: Int, attempts: [AttemptID])] {
        sessions.all.map { ($0.worker, $0.slots, $0.attempts) }
    }

    /// When `tick` is due even if nothing happens.
    package var nextDeadline: Nanoseconds? {
        guard hasBegun else { return 0 }
        var deadlines = sessions.all.map(\.deadline)
        if !unclaimed.isEmpty { deadlines.append(unclaimedDeadline) }
        guard let first = deadlines.min() else { return nil }
        // While somebody's lease is counted, the machine must be able to tell a quiet time from its own absence.
        return min(first, (lastTurn ?? 0) + settings.lease / 4)
    }

    // MARK: Events

    package mutating func handle(_ event: CoordinatorEvent, at now: Nanoseconds) -> [CoordinatorEffect] {
        noteTurn(at: now)
        switch event {
        case .submitted(let specification, let again, let request):
            submit(specification, again: again, request: request)
        case .received(let envelope, let blobs, let connection):
            receive(envelope, blobs: blobs, from: connection, at: now)
        case .malformed(let error, _):
            // What the frame should have said is missing from its session, which the next message shows.
            if malformedKinds.insert(error.kind).inserted { outbox.log(.malformed(error)) }
        case .stored(let ticket):
            perform(outbox.actions(storedUpTo: ticket))
        case .damagedUpload(let attempt, let digest):
            damagedUpload(attempt, digest)
        case .tick:
            tick(at: now)
        case .cancelRequested(let job, let request):
            cancel(job, request: request)
        case .assembled(let job, let succeeded, let text):
            guard queue.records[job]?.state == .assembling else { break }
            close(job, with: .assembled(job, succeeded: succeeded, text: text))
        case .drawsLost(let tasks):
            for task in tasks { loseDraws(of: task) }
        case .workerEnded(let worker):
            for session in sessions.all where session.worker == worker {
                lose(session, outcome: "worker ended", blame: .circumstances)
            }
        case .keyRevoked(let key):
            for session in sessions.all where session.connection.key == key {
                lose(session, outcome: "key revoked", blame: .nobody)
            }
        }
        grantWhatIsReady()
        perform(outbox.takeImmediate())
        dropUnclaimedUploads()
        releaseStates()
        return outbox.takeEffects()
    }

    private mutating func submit(_ specification: JobSpecification, again: Bool, request: UInt64) {
        if !again, let job = queue.job(withDigest: specification.digest), let state = queue.records[job]?.state,
            state != .failed, state != .cancelled
        {
            outbox.afterStored(.reply(request, .job(job, existed: true)))
            return
        }
        guard (1...Limits.tasksMax).contains(specification.tasks.count) else {
            outbox.afterStored(
                .reply(
                    request,
                    .refused("a job has 1 to \(Limits.tasksMax) tasks, this one has \(specification.tasks.count)")))
            return
        }
        let job = JobID(UInt64(queue.order.count + 1))
        let entry = LedgerEntry.submitted(job, specification)
        queue.apply(entry)
        outbox.store(entry, then: [.reply(request, .job(job, existed: false))])
    }

    private mutating func cancel(_ job: JobID, request: UInt64) {
        guard let record = queue.records[job] else {
            outbox.afterStored(.reply(request, .unknownJob))
            return
        }
        guard !record.state.isOver else {
            outbox.afterStored(.reply(request, .tooLate(record.state)))
            return
        }
        close(job, with: .cancelled(job))
        outbox.afterStored(.reply(request, .cancelled))
    }

    private mutating func perform(_ actions: [Outbox.Action]) {
        for action in actions {
            switch action {
            case .sendGrant(let attempt):
                // A worker that was lost meanwhile has had the attempt ended already.
                guard let session = sessions.holder(of: attempt), let grant = queue.grant(attempt) else { break }
                sessions.noteSent(attempt, by: session.number)
                sessions.send(.assign([grant]), to: session.number, through: &outbox)
            case .acknowledge(let session, let outcome):
                sessions.send(.acknowledged([outcome]), to: session, through: &outbox)
            case .forget(let attempt, let session):
                sessions.send(.forget(attempt), to: session, through: &outbox)
            case .reveal(let job):
                queue.reveal(job)
            case .assemble(let job):
                // It may have been cancelled meanwhile.
                if queue.records[job]?.state == .assembling { outbox.effect(.assemble(job)) }
            case .reply(let request, let reply):
                outbox.effect(.reply(request: request, reply))
            case .partKept(let attempt, let digest, let end):
                partKept(attempt, digest, end: end)
            case .log(let fact):
                outbox.log(fact)
            }
        }
    }

    // MARK: Time

    /// A gap between two turns means that this process was away (suspended, or its disk stalled): renewals may lie in
    /// the queue that it never read, so every lease gets a fresh grace.
    private mutating func noteTurn(at now: Nanoseconds) {
        if let lastTurn, now > lastTurn, now - lastTurn > settings.lease / 2, nextDeadline != nil {
            outbox.log(.clockGap(seconds: Double(now - lastTurn) / 1e9))
            sessions.extendAll(to: now + 2 * settings.lease)
            unclaimedDeadline = max(unclaimedDeadline, now + 2 * settings.lease)
        }
        lastTurn = now
    }

    private mutating func tick(at now: Nanoseconds) {
        if !hasBegun {
            hasBegun = true
            begin(at: now)
        }
        for session in sessions.all where session.deadline <= now {
            lose(session, outcome: "worker lost", blame: .circumstances)
        }
        if !unclaimed.isEmpty, unclaimedDeadline <= now { releaseUnclaimed() }
    }

    /// What an earlier coordinator left: attempts that their workers may still claim, tasks whose last try was stored
    /// and its consequence not, results to put together.
    private mutating func begin(at now: Nanoseconds) {
        unclaimedDeadline = now + 2 * settings.lease
        if settings.workersDieWithCoordinator { releaseUnclaimed() }
        for task in queue.openTasks().ready { failIfTriesAreSpent(task) }
        for job in queue.order where queue.records[job]?.state == .assembling { outbox.afterStored(.assemble(job)) }
    }

    private mutating func releaseUnclaimed() {
        let released = unclaimed
        unclaimed = []
        for attempt in released { end(attempt, outcome: "coordinator restarted", blame: .nobody) }
    }
}
