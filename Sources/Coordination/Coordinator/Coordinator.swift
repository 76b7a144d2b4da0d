import Wire

/// The coordinator without sockets, clocks or disk: events in, effects out.
///
/// What is decided takes effect in memory at once and is handed out as a ledger entry; whatever others can see of it
/// (a grant, an acknowledgement, an answer, the end of a job) waits for `stored`. A restart replays the entries
/// through the same code.
///
/// The shell calls `handle` at least as often as `nextDeadline` says, and sends `tick` after it has found its socket
/// empty: only then are leases judged, so renewals that lie in the queue count.
package struct Coordinator: Sendable {
    let settings: CoordinatorSettings
    /// Names the ledger: epochs and jobs are counted in one ledger.
    let ledger: UInt64
    let epoch: UInt64
    let build: String
    /// Digest of what this version's kernels compute; a worker that computes other bits is refused.
    let kernels: Digest

    var queue = JobQueue()
    var sessions = SessionTable()
    var outbox = Outbox()
    var uploads = UploadTable()
    /// Attempts that an earlier coordinator granted and no worker has claimed yet.
    var unclaimed: Set<AttemptID> = []
    var runs = RunningAttempts()
    var prefetched = PrefetchedGrants()
    var fairShare: FairShare
    var conduct = Conduct()
    /// Tasks that wait for their next try, sessions whose pause ends, jobs whose deadline comes.
    var delays = DeadlineHeap<TaskID>()
    var suspensions = DeadlineHeap<UInt64>()
    var deadlines = DeadlineHeap<JobID>()
    /// Seconds since 1970, when it was last told.
    var wallTime: Double?
    /// A turn has come since tasks were last placed.
    var needsPlacement = false
    /// When a project may get its turn for which another has to give way.
    var nextTurn: Nanoseconds?
    /// Tasks that wait and that no worker could run.
    var desertions = Desertions()
    /// Workers that were refused since they compute other bits.
    var foreignHosts: Set<String> = []
    /// The worker that went last had too little of its host's time left.
    var hasLostLastToTime = false
    /// The moment of the event that is dealt with.
    var now: Nanoseconds = 0
    var jitter: Jitter
    private var unclaimedDeadline: Nanoseconds = 0
    /// True from the first tick, which sorts out what an earlier coordinator left.
    private(set) var hasBegun = false
    /// When `handle` was called last.
    private var lastTurn: Nanoseconds?
    private var malformedKinds: Set<String> = []

    /// - Parameters:
    ///   - ledger: names the ledger, whatever the coordinator.
    ///   - epoch: greater than that of any earlier coordinator of the same ledger.
    ///   - entries: the ledger, in order.
    package init(
        settings: CoordinatorSettings, ledger: UInt64, epoch: UInt64, build: String, kernels: Digest,
        replaying entries: [LedgerEntry]
    ) {
        self.settings = settings
        self.ledger = ledger
        fairShare = FairShare(shares: settings.shares)
        jitter = Jitter(seed: withUnsafeBytes(of: (ledger, epoch)) { Array($0) })
        self.epoch = epoch
        self.build = build
        self.kernels = kernels
        for entry in entries { queue.apply(entry) }
        // What was superseded before is no blob of `referencedBlobs`.
        _ = queue.takeSupersededStates()
        for job in queue.open { unclaimed.formUnion(queue.leased(of: job)) }
        for job in queue.open.sorted() {
            if let deadline = queue.records[job]?.specification.deadline {
                deadlines.add(job, due: Self.wallClock(deadline))
            }
        }
    }

    // MARK: What others may look at

    package var jobs: [JobID] { queue.order }

    package func snapshot(of job: JobID) -> JobSnapshot? {
        guard let record = queue.records[job] else { return nil }
        var snapshot = record.snapshot
        snapshot.waitsForWorker = record.lane.map { desertions.isTold($0.needs) } ?? false
        return snapshot
    }

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

    package var workers: [WorkerSnapshot] { sessions.all.map { WorkerSnapshot($0, lease: settings.lease) } }

    /// Jobs that look different since the last call, in order.
    package mutating func takeChangedJobs() -> [JobID] { queue.takeChanged() }

    /// When `tick` is due even if nothing happens.
    package var nextDeadline: Nanoseconds? {
        guard hasBegun else { return 0 }
        var moments = [sessions.nextDeadline, delays.first, suspensions.first, nextTurn].compactMap { $0 }
        if !unclaimed.isEmpty { moments.append(unclaimedDeadline) }
        if let due = desertions.deadline(patience: settings.patience) { moments.append(due) }
        guard let first = moments.min() else { return nil }
        guard !sessions.isEmpty || !unclaimed.isEmpty else { return first }
        // While somebody's lease is counted, the machine must be able to tell a quiet time from its own absence.
        return min(first, (lastTurn ?? 0) + settings.lease / 4)
    }

    // MARK: Events

    package mutating func handle(_ event: CoordinatorEvent, at now: Nanoseconds) -> [CoordinatorEffect] {
        self.now = now
        noteTurn(at: now)
        switch event {
        case .submitted(let specification, let again, let request):
            submit(specification, again: again, request: request)
        case .received(let envelope, let blobs, let connection):
            receive(envelope, blobs: blobs, from: connection, at: now)
        case .refused(let envelope, let reason, let connection):
            refuse(envelope, reason: reason, from: connection, at: now)
        case .malformed(let error, _):
            // What the frame should have said is missing from its session, which the next message shows.
            if malformedKinds.insert(error.kind).inserted { outbox.log(.malformed(error)) }
        case .stored(let ticket):
            perform(outbox.actions(storedUpTo: ticket))
        case .damagedUpload(let attempt, let digest):
            damagedUpload(attempt, digest)
        case .tick:
            tick(at: now)
        case .changeRequested(let job, let change, let request):
            self.change(job, change, request: request)
        case .wallTime(let seconds):
            noteWallTime(seconds)
        case .assembled(let job, let succeeded, let text):
            guard queue.records[job]?.state == .assembling else { break }
            close(job, with: .assembled(job, succeeded: succeeded, text: text))
        case .missing(let digest):
            loseScouts(digest)
        case .judged(let job, let iteration, let isEnough):
            judged(job, iteration: iteration, isEnough: isEnough)
        case .notJudged(let job, let text):
            notJudged(job, text: text)
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
        placeWhatIsReady()
        noteDesertion()
        perform(outbox.takeImmediate())
        dropUnclaimedUploads()
        releaseStates()
        return outbox.takeEffects()
    }

    /// What many tickets have waited for goes to each worker in one message of a kind.
    private mutating func perform(_ actions: [Outbox.Action]) {
        var letters = Letters()
        for action in actions {
            switch action {
            case .sendGrant(let attempt):
                // A worker that was lost meanwhile has had the attempt ended already.
                guard let session = sessions.holder(of: attempt), let grant = queue.grant(attempt) else { break }
                sessions.noteSent(attempt, by: session.number)
                letters.add(grant, to: session.number)
            case .yield(let attempt):
                guard let session = sessions.holder(of: attempt) else { break }
                send(letters.take(session.number), to: session.number)
                sessions.send(.yield(attempt), to: session.number, through: &outbox)
            case .acknowledge(let session, let outcome):
                letters.add(outcome, to: session)
            case .forget(let attempt, let session):
                send(letters.take(session), to: session)
                sessions.send(.forget(attempt), to: session, through: &outbox)
            case .reveal(let job):
                queue.reveal(job)
            case .assemble(let job):
                // It may have been cancelled meanwhile.
                if queue.records[job]?.state == .assembling { outbox.effect(.assemble(job)) }
            case .judge(let job, let iteration):
                outbox.effect(.judge(job, iteration: iteration))
            case .reply(let request, let reply):
                outbox.effect(.reply(request: request, reply))
            case .partKept(let attempt, let digest, let end):
                partKept(attempt, digest, end: end)
            case .log(let fact):
                outbox.log(fact)
            }
        }
        for session in letters.sessions { send(letters.take(session), to: session) }
    }

    private mutating func send(_ messages: [CoordinatorMessage], to session: UInt64) {
        for message in messages { sessions.send(message, to: session, through: &outbox) }
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
        while let session = sessions.nextExpired(at: now) {
            lose(session, outcome: "worker lost", blame: .circumstances)
        }
        while let task = delays.takeDue(at: now) {
            queue.endDelay(of: task)
        }
        while let number = suspensions.takeDue(at: now) {
            applyConduct(to: number)
        }
        if let turn = nextTurn, turn <= now {
            nextTurn = nil
            needsPlacement = true
        }
        if !unclaimed.isEmpty, unclaimedDeadline <= now { releaseUnclaimed() }
    }

    /// What an earlier coordinator left: attempts that their workers may still claim, tasks whose last try was stored
    /// and its consequence not, results to put together.
    private mutating func begin(at now: Nanoseconds) {
        unclaimedDeadline = now + 2 * settings.lease
        if settings.workersDieWithCoordinator { releaseUnclaimed() }
        let open = queue.open.sorted()
        for job in open {
            // What was decided of it may not have come to the disk with what it rests on.
            for task in queue.ready(of: job) where queue.task(task)?.attempts.isEmpty == false {
                giveUpIfTriesAreSpent(task)
            }
            for attempt in queue.leased(of: job) { noteStart(of: attempt) }
            if queue.records[job]?.state == .assembling { outbox.afterStored(.assemble(job)) }
            judgeIfDue(job)
        }
        for job in queue.followers.keys.sorted() { abandonFollowers(of: job) }
    }

    private mutating func releaseUnclaimed() {
        let released = unclaimed.sorted()
        unclaimed = []
        for attempt in released { end(attempt, outcome: "coordinator restarted", blame: .nobody) }
    }
}
