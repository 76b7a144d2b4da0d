import Wire

/// The coordinator without sockets, clocks or disk: events in, effects out.
///
/// What is decided takes effect in memory at once and is handed out as a ledger entry; whatever others can see of it
/// (a grant, an acknowledgement, an answer) waits for `stored`. A restart replays the entries through the same code.
package struct Coordinator {
    private let settings: CoordinatorSettings
    private let epoch: UInt64
    private let build: String
    /// Digest of what this version's kernels compute; a worker that computes other bits is refused.
    private let kernels: Digest

    private var queue = JobQueue()
    private var sessions = SessionTable()
    private var outbox = Outbox()
    /// Attempts that an earlier coordinator granted and no worker has claimed yet.
    private var unclaimed: [AttemptID] = []
    private var unclaimedDeadline: Nanoseconds = 0
    private var lastTick: Nanoseconds?
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
        unclaimed = queue.leasedAttempts
    }

    // MARK: What others may look at

    package var jobs: [JobID] { queue.order }

    package func snapshot(of job: JobID) -> JobSnapshot? { queue.records[job]?.snapshot }

    package func job(withDigest digest: Digest) -> JobID? { queue.job(withDigest: digest) }

    package var workers: [(name: String, slots: Int, attempts: [AttemptID])] {
        sessions.all.map { ($0.worker, $0.slots, $0.attempts) }
    }

    /// When `tick` is due even if nothing happens.
    package var nextDeadline: Nanoseconds? {
        var deadlines = sessions.all.map(\.deadline)
        if !unclaimed.isEmpty { deadlines.append(unclaimedDeadline) }
        return deadlines.min()
    }

    // MARK: Events

    package mutating func handle(_ event: CoordinatorEvent, at now: Nanoseconds) -> [CoordinatorEffect] {
        switch event {
        case .submitted(let specification, let request):
            submit(specification, request: request)
        case .received(let envelope, let blobs, let connection):
            receive(envelope, blobs: blobs, from: connection, at: now)
        case .malformed(let error, _):
            if malformedKinds.insert(error.kind).inserted { outbox.log(.malformed(error)) }
        case .stored(let ticket):
            stored(ticket)
        case .tick:
            tick(at: now)
        case .cancelRequested(let job, let request):
            cancel(job, request: request)
        case .assembled(let job, let succeeded, let text):
            guard let record = queue.records[job], record.state == .assembling else { break }
            // The end of a job becomes visible only when it is durable.
            let entry = LedgerEntry.assembled(job, succeeded: succeeded, text: text)
            outbox.store(entry, then: [.apply(entry), .log(.jobEnded(job, succeeded ? .succeeded : .failed, text))])
        case .workerEnded(let worker):
            for session in sessions.all where session.worker == worker {
                lose(session, outcome: "worker ended", blame: .circumstances)
            }
        }
        grantWhatIsReady()
        perform(outbox.takeImmediate())
        return outbox.takeEffects()
    }

    private mutating func submit(_ specification: JobSpecification, request: UInt64) {
        if let job = queue.job(withDigest: specification.digest) {
            outbox.perform([.reply(request, .job(job, existed: true))], after: outbox.lastTicket)
            return
        }
        let job = JobID(UInt64(queue.order.count + 1))
        let entry = LedgerEntry.submitted(job, specification)
        queue.apply(entry)
        outbox.store(entry, then: [.reply(request, .job(job, existed: false))])
    }

    private mutating func cancel(_ job: JobID, request: UInt64) {
        guard let record = queue.records[job] else {
            outbox.perform([.reply(request, .unknownJob)], after: nil)
            return
        }
        guard !record.state.isOver else {
            outbox.perform([.reply(request, .tooLate(record.state))], after: nil)
            return
        }
        let entry = LedgerEntry.cancelled(job)
        queue.apply(entry)
        outbox.store(entry, then: [.reply(request, .cancelled), .log(.jobEnded(job, .cancelled, ""))])
        forgetAttempts(of: job)
    }

    private mutating func stored(_ ticket: Ticket) {
        perform(outbox.actions(storedUpTo: ticket))
    }

    private mutating func perform(_ actions: [Outbox.Action]) {
        for action in actions {
            switch action {
            case .apply(let entry):
                queue.apply(entry)
            case .sendGrant(let grant, let session):
                // A worker that was lost meanwhile has had the attempt ended already.
                if sessions[session]?.attempts.contains(grant.attempt) == true {
                    sessions.send(.assign([grant]), to: session, through: &outbox)
                }
            case .acknowledge(let session, let outcome):
                sessions.send(.acknowledged([outcome]), to: session, through: &outbox)
            case .assemble(let job):
                outbox.effect(.assemble(job))
            case .reply(let request, let reply):
                outbox.effect(.reply(request: request, reply))
            case .log(let fact):
                outbox.log(fact)
            }
        }
    }

    private mutating func tick(at now: Nanoseconds) {
        guard let lastTick else {
            self.lastTick = now
            begin(at: now)
            return
        }
        self.lastTick = now
        if now > lastTick, now - lastTick > settings.lease / 2 {
            // This process was away (suspended, or its disk stalled): renewals may lie in the queue it never read.
            outbox.log(.clockGap(seconds: Double(now - lastTick) / 1e9))
            sessions.extendAll(to: now + 2 * settings.lease)
            unclaimedDeadline = max(unclaimedDeadline, now + 2 * settings.lease)
            return
        }
        for session in sessions.all where session.deadline <= now {
            lose(session, outcome: "worker lost", blame: .circumstances)
        }
        if !unclaimed.isEmpty, unclaimedDeadline <= now { releaseUnclaimed() }
    }

    /// What an earlier coordinator left: attempts that their workers may still claim, results to put together.
    private mutating func begin(at now: Nanoseconds) {
        unclaimedDeadline = now + 2 * settings.lease
        if settings.workersDieWithCoordinator { releaseUnclaimed() }
        for job in queue.order where queue.records[job]?.state == .assembling { outbox.effect(.assemble(job)) }
    }

    private mutating func releaseUnclaimed() {
        for attempt in unclaimed { end(attempt, outcome: "coordinator restarted", blame: .nobody) }
        unclaimed = []
    }

    // MARK: Messages

    private mutating func receive(
        _ envelope: Envelope<WorkerMessage>, blobs: [Blob], from connection: ConnectionID, at now: Nanoseconds
    ) {
        if case .hello(let instance, let host, let slots, _, let kernels, let attempts) = envelope.message {
            hello(
                instance: instance, worker: host, slots: slots, kernels: kernels, attempts: attempts,
                sequence: envelope.sequence, from: connection, at: now)
            return
        }
        guard let session = sessions[envelope.session], session.connection == connection else {
            outbox.effect(.send(Envelope(message: .who, session: envelope.session, sequence: 0), to: connection))
            return
        }
        guard envelope.sequence == session.received + 1 else {
            outbox.log(.protocolViolation("\(session.worker): a gap in the sequence numbers"))
            close(session, tellingItToReturn: true)
            return
        }
        sessions.noteReceived(session.number, sequence: envelope.sequence, deadline: now + settings.lease)
        switch envelope.message {
        case .hello:
            break
        case .heartbeat(let number, let attempts):
            heartbeat(number, attempts, of: session)
        case .checkpoint(let attempt, let iteration, let state, let block, let before, let after):
            checkpoint(
                attempt, StartingPoint(state: state, iteration: iteration, chain: after), block: block,
                continuing: before, blobs: blobs, sequence: envelope.sequence, of: session)
        case .result(let attempt, let digest, let cost):
            result(attempt, digest, cost, sequence: envelope.sequence, of: session)
        case .failed(let attempt, let failure, let text, let iteration):
            failed(attempt, failure, text: text, iteration: iteration, sequence: envelope.sequence, of: session)
        case .draining:
            sessions.setDraining(session.number)
        case .goodbye(let reason):
            outbox.log(.workerLeft("\(session.worker): \(reason)"))
            lose(session, outcome: "worker left", blame: .nobody)
        case .fetch(let digest, let offset, let length):
            sessions.sendChunk(digest, offset: offset, length: length, to: session.number, through: &outbox)
        }
    }

    private mutating func hello(
        instance: [UInt8], worker: String, slots: Int, kernels: Digest, attempts: [AttemptID], sequence: UInt64,
        from connection: ConnectionID, at now: Nanoseconds
    ) {
        guard kernels == self.kernels else {
            let reason = "this worker's program or machine computes other bits than the coordinator's"
            outbox.log(.protocolViolation("\(worker): \(reason)"))
            let message = CoordinatorMessage.reject(reason: reason, retryAfter: 60_000_000_000)
            outbox.effect(.send(Envelope(message: message, session: 0, sequence: 0), to: connection))
            return
        }
        // A process has one session: an earlier one of the same process, or of the same connection, is over.
        var inherited: [AttemptID] = []
        for old in sessions.all where old.instance == instance || old.connection == connection {
            inherited += old.attempts
            sessions.remove(old.number)
        }
        let number = sessions.open(
            epoch: epoch, connection: connection, instance: instance, worker: worker, slots: slots,
            received: sequence, deadline: now + settings.lease)
        outbox.log(.workerJoined(worker, slots: slots))
        sessions.send(
            .welcome(
                session: number, coordinatorEpoch: epoch, heartbeatInterval: settings.heartbeat,
                leaseDuration: settings.lease, checkpointInterval: settings.checkpoint, build: build),
            to: number, through: &outbox)
        for attempt in attempts {
            let isInherited = inherited.contains(attempt)
            let isUnclaimed = unclaimed.contains(attempt)
            if (isInherited || isUnclaimed), queue.isCurrent(attempt) {
                unclaimed.removeAll { $0 == attempt }
                sessions.add(attempt, to: number)
            } else {
                sessions.send(.forget(attempt), to: number, through: &outbox)
            }
        }
        for attempt in inherited where !attempts.contains(attempt) {
            end(attempt, outcome: "worker came back without it", blame: .circumstances)
        }
    }

    private mutating func heartbeat(_ number: UInt64, _ attempts: [AttemptProgress], of session: Session) {
        let held = session.attempts
        for progress in attempts where held.contains(progress.attempt) { queue.note(progress) }
        let listed = attempts.map(\.attempt)
        sessions.send(
            .lease(heartbeat: number, attempts: listed.filter(held.contains)), to: session.number, through: &outbox)
        for attempt in listed where !held.contains(attempt) {
            sessions.send(.forget(attempt), to: session.number, through: &outbox)
        }
        for attempt in sessions.unconfirmed(session.number, listed: listed) {
            if let grant = queue.grant(attempt) {
                sessions.send(.assign([grant]), to: session.number, through: &outbox)
            }
        }
    }

    private mutating func checkpoint(
        _ attempt: AttemptID, _ point: StartingPoint, block: Digest?, continuing before: Digest, blobs: [Blob],
        sequence: UInt64, of session: Session
    ) {
        guard let task = queue.task(attempt.task), task.epoch == attempt.epoch, task.state == .leased,
            session.attempts.contains(attempt)
        else {
            acknowledge(sequence, .refused, of: session)
            sessions.send(.forget(attempt), to: session.number, through: &outbox)
            return
        }
        guard point.iteration > task.knownIteration else {
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        let expected = [point.state] + (block.map { [$0] } ?? [])
        guard before == task.chainEnd, blobs.map(\.digest) == expected,
            point.iteration <= task.specification.iterations
        else {
            outbox.log(.protocolViolation("\(session.worker): a checkpoint that does not continue what is stored"))
            acknowledge(sequence, .refused, of: session)
            sessions.remove(attempt, from: session.number)
            sessions.send(.forget(attempt), to: session.number, through: &outbox)
            end(attempt, outcome: "checkpoint refused", blame: .circumstances)
            return
        }
        let entry = LedgerEntry.checkpointed(attempt, point, block: block)
        queue.apply(entry)
        outbox.store(
            entry, blobs: blobs,
            then: [.acknowledge(session.number, Outcome(sequence: sequence, verdict: .accepted))])
    }

    private mutating func result(
        _ attempt: AttemptID, _ digest: Digest, _ cost: AttemptCost, sequence: UInt64, of session: Session
    ) {
        sessions.remove(attempt, from: session.number)
        guard let task = queue.task(attempt.task), let job = queue.records[attempt.task.job], !job.state.isOver,
            task.state != .done
        else {
            if let task = queue.task(attempt.task), let known = task.result, known != digest {
                outbox.log(.determinismViolation(attempt.task))
            }
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        // All draws of the task are stored and end in this digest: a valid result, whatever the epoch.
        guard task.chainEnd == digest, task.knownIteration == task.specification.iterations else {
            acknowledge(sequence, .refused, of: session)
            if queue.isCurrent(attempt) {
                outbox.log(.protocolViolation("\(session.worker): a result without all its draws"))
                end(attempt, outcome: "result refused", blame: .circumstances)
            }
            return
        }
        let entry = LedgerEntry.done(attempt, result: digest, cost: cost)
        queue.apply(entry)
        var actions: [Outbox.Action] = [
            .acknowledge(session.number, Outcome(sequence: sequence, verdict: .accepted))
        ]
        if queue.records[attempt.task.job]?.state == .assembling { actions.append(.assemble(attempt.task.job)) }
        outbox.store(entry, then: actions)
    }

    private mutating func failed(
        _ attempt: AttemptID, _ failure: Failure, text: String, iteration: Int, sequence: UInt64, of session: Session
    ) {
        sessions.remove(attempt, from: session.number)
        guard queue.isCurrent(attempt) else {
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        let blame: Blame =
            switch failure {
            case .error: .task
            case .signal: .circumstances
            case .released: .nobody
            }
        end(attempt, outcome: text, blame: blame, iteration: iteration)
        acknowledge(sequence, .accepted, of: session)
    }

    // MARK: Parts of several reactions

    /// An acknowledgement never overtakes what it may rest on.
    private mutating func acknowledge(_ sequence: UInt64, _ verdict: Verdict, of session: Session) {
        outbox.perform(
            [.acknowledge(session.number, Outcome(sequence: sequence, verdict: verdict))], after: outbox.lastTicket)
    }

    private mutating func close(_ session: Session, tellingItToReturn: Bool) {
        if tellingItToReturn { sessions.send(.who, to: session.number, through: &outbox) }
        lose(session, outcome: "session closed", blame: .nobody)
    }

    private mutating func lose(_ session: Session, outcome: String, blame: Blame) {
        sessions.remove(session.number)
        outbox.log(.workerLost("\(session.worker): \(outcome)"))
        for attempt in session.attempts { end(attempt, outcome: outcome, blame: blame) }
    }

    /// Ends a current attempt without a result; its task goes back to the queue, or fails when its tries are spent.
    private mutating func end(_ attempt: AttemptID, outcome: String, blame: Blame, iteration: Int = 0) {
        guard queue.isCurrent(attempt), let task = queue.task(attempt.task) else { return }
        let last = max(iteration, task.progress?.iteration ?? 0, task.knownIteration)
        let entry = LedgerEntry.ended(attempt, outcome: outcome, lastIteration: last, blame: blame)
        queue.apply(entry)
        outbox.store(
            entry, then: [.log(.attemptEnded(attempt, label: task.specification.label, reason: outcome))])
        guard let after = queue.task(attempt.task) else { return }
        guard after.errors >= settings.errorsMax || after.triesWithoutProgress > settings.triesWithoutProgressMax
        else { return }
        let failure = LedgerEntry.taskFailed(attempt.task, text: outcome)
        queue.apply(failure)
        let job = attempt.task.job
        let text = queue.records[job]?.failure ?? outcome
        outbox.store(failure, then: [.log(.jobEnded(job, .failed, text))])
        forgetAttempts(of: job)
    }

    private mutating func forgetAttempts(of job: JobID) {
        for session in sessions.all {
            for attempt in session.attempts where attempt.task.job == job {
                sessions.remove(attempt, from: session.number)
                sessions.send(.forget(attempt), to: session.number, through: &outbox)
            }
        }
    }

    private mutating func grantWhatIsReady() {
        // Nothing is granted before the first tick has sorted out what an earlier coordinator left.
        guard lastTick != nil, sessions.hasFreeSlots else { return }
        for job in queue.byPriority {
            while let task = queue.nextReady(of: job) {
                guard let session = sessions.bestFree(avoiding: task.worker) else { return }
                let attempt = AttemptID(task: task.id, epoch: task.epoch + 1)
                let entry = LedgerEntry.granted(attempt, worker: session.worker)
                queue.apply(entry)
                sessions.add(attempt, to: session.number)
                guard let grant = queue.grant(attempt) else { return }
                outbox.store(
                    entry,
                    then: [
                        .sendGrant(grant, session: session.number),
                        .log(
                            .granted(
                                attempt, label: task.label, worker: session.worker,
                                fromIteration: grant.start?.iteration ?? 0)),
                    ])
            }
        }
    }
}
