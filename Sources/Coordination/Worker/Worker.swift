import Wire

/// The worker without sockets, clocks or processes: events in, effects out.
///
/// An outcome (a checkpoint, a result, a failure) is kept and sent again until the coordinator says that it is
/// stored. The worker computes on while the coordinator is away, and says `hello` again when it is back.
///
/// The shell calls `handle` at least as often as `nextDeadline` says, and sends `tick` after it has found its socket
/// empty: only then is a silent coordinator judged to be away.
package struct Worker {
    private enum Link {
        /// No session. `hello` goes out when due, with growing pauses. Can become `active` by `welcome`.
        case seeking(nextHello: Nanoseconds, pause: Nanoseconds)
        /// Can become `seeking` by `who`, or by silence.
        case active(session: UInt64)
    }

    private static let helloPauseMin: Nanoseconds = 100_000_000
    private static let helloPauseMax: Nanoseconds = 2_000_000_000
    /// Unanswered heartbeats after which the coordinator counts as away.
    private static let missedLeasesMax: UInt64 = 3
    /// A coordinator that is back so soon takes what there is before a disk would.
    private static let spoolDelay: Nanoseconds = 1_000_000_000
    /// How long a worker waits for its first `welcome`, whatever its orphan limit.
    private static let firstWelcomePatience: Nanoseconds = 30_000_000_000

    private let settings: WorkerSettings
    private let identity: WorkerIdentity

    private var link: Link
    private var slots: SlotTable
    private var outcomes = OutcomeQueue()
    private var spool: SpoolBook
    private var fetch: BlobFetch
    private let makeDigest: @Sendable () -> any RunningDigest
    private var upload = BlobUpload()
    private var jitter: Jitter
    private var lifespan: Lifespan
    /// The last sequence numbers of this session, sent and received.
    private var sent: UInt64 = 0
    private var received: UInt64 = 0
    /// The newest session and coordinator epoch seen of the ledger: older ones are those of a coordinator that is gone.
    private var newest: (ledger: UInt64?, session: UInt64, epoch: UInt64) = (nil, 0, 0)
    private var heartbeatInterval: Nanoseconds = 2_000_000_000
    private var checkpointInterval: Nanoseconds = 2_000_000_000
    private var heartbeats: UInt64 = 0
    private var nextHeartbeat: Nanoseconds = 0
    /// When the coordinator was heard last.
    private var lastContact: Nanoseconds
    private var lastBusy: Nanoseconds
    private var drainStarted: Nanoseconds?
    /// Grants that the coordinator has been told this worker will hold, in this session.
    private var announcedCapacity = 0
    /// Too little time is left for another task.
    private var hasStoppedAccepting = false
    /// When the machine was last called.
    private var lastCall: Nanoseconds
    private var isOver = false
    private var effects: [WorkerEffect] = []

    /// - Parameters:
    ///   - recovered: what an earlier process of the same instance has left in its spool.
    ///   - makeDigest: begins a SHA-256, handed in since this module computes none.
    package init(
        settings: WorkerSettings, identity: WorkerIdentity, recovered: [SpooledOutcome] = [],
        makeDigest: @escaping @Sendable () -> any RunningDigest, at now: Nanoseconds
    ) {
        precondition(identity.slots >= 1 && identity.slots <= Limits.slotsMax, "a worker has 1 to 1,024 slots")
        precondition(identity.instance.count == 16, "an instance has 16 bytes")
        precondition(
            [
                settings.orphanLimit, settings.idleLimit ?? 0, settings.drainLimit, settings.walltime ?? 0,
                settings.lifetime ?? 0, settings.stall.floor, settings.stall.start, settings.stall.stop,
            ].allSatisfy { $0 <= Limits.durationMax * 100 },
            "a limit of more than \(Limits.durationMax / 1_000_000_000 * 100) s")
        self.settings = settings
        self.identity = identity
        spool = SpoolBook(byteCountMax: settings.spoolByteCountMax, holding: recovered)
        fetch = BlobFetch(makeDigest: makeDigest)
        self.makeDigest = makeDigest
        link = .seeking(nextHello: now, pause: Self.helloPauseMin)
        slots = SlotTable(count: identity.slots)
        jitter = Jitter(seed: identity.instance)
        lifespan = Lifespan(settings, jitter: &jitter, at: now)
        lastContact = now
        lastBusy = now
        lastCall = now
        takeOver(recovered)
    }

    /// Names what the coordinator keeps, in which attempts are counted; 0 until a coordinator has said it.
    package var ledger: UInt64 { newest.ledger ?? 0 }

    /// When `tick` is due even if nothing happens.
    package var nextDeadline: Nanoseconds {
        var deadlines: [Nanoseconds] = [lastContact + orphanPatience]
        switch link {
        case .seeking(let nextHello, _):
            deadlines.append(nextHello)
        case .active:
            deadlines.append(nextHeartbeat)
            deadlines.append(lastContact + Self.missedLeasesMax * heartbeatInterval)
            if let due = outcomes.deadline { deadlines.append(due) }
            if let due = fetch.deadline { deadlines.append(due) }
            if let due = upload.deadline { deadlines.append(due) }
        }
        if let limit = settings.idleLimit, isIdle { deadlines.append(lastBusy + limit) }
        if let drainStarted {
            deadlines.append(lifespan.drainEnd(startedAt: drainStarted))
        } else {
            if let end = lifespan.end { deadlines.append(end) }
            if let end = acceptsUntil, !hasStoppedAccepting { deadlines.append(end) }
        }
        if let due = spoolDeadline { deadlines.append(due) }
        let stalls = stallDeadlines
        if !stalls.isEmpty { deadlines.append(lastCall + absenceLimit / 2) }
        deadlines += stalls.map(\.deadline)
        return deadlines.min() ?? 0
    }

    package mutating func handle(_ event: WorkerEvent, at now: Nanoseconds) -> [WorkerEffect] {
        guard !isOver else { return [] }
        if now > lastCall + absenceLimit { slots.noteAbsence(at: now) }
        lastCall = now
        switch event {
        case .received(let envelope): receive(envelope, at: now)
        case .slot(let slot, let event): slotEvent(slot, event, at: now)
        case .spooled(let number): spooled(number, at: now)
        case .spoolRefused(let number): spoolRefused(number, at: now)
        case .lookedUp(let digest, let copy): if fetch.take(digest, copy, at: now) { runWhatIsReady(at: now) }
        case .tick: judge(at: now)
        case .drainRequested: if drainStarted == nil { drain(reason: "asked to leave", at: now) } else { end(code: 1) }
        }
        keepTime(at: now)
        defer { effects = [] }
        return effects
    }

    // MARK: Time

    /// Before the coordinator is given up it has to be away by the protocol's own measure.
    private var orphanPatience: Nanoseconds {
        let away = newest.session == 0 ? Self.firstWelcomePatience : Self.missedLeasesMax * heartbeatInterval
        return max(settings.orphanLimit, away)
    }

    private mutating func judge(at now: Nanoseconds) {
        if case .active = link, now >= lastContact + Self.missedLeasesMax * heartbeatInterval {
            effects.append(.log(.lostCoordinator))
            seek(at: now)
        }
        if now >= lastContact + orphanPatience {
            // One that stood still until now has had no time for it.
            spoolWhatMayBeLost(at: now)
            end(code: 1)
        }
        for (attempt, deadline) in stallDeadlines where now >= deadline { endStalled(attempt) }
    }

    /// Called later than this the worker was away, its host suspended or it stopped: of its slots it knows nothing since.
    private var absenceLimit: Nanoseconds { settings.stall.floor / 2 }

    private var stallDeadlines: [(attempt: AttemptID, deadline: Nanoseconds)] {
        slots.stallDeadlines(settings.stall) { outcomes.contains($0) }
    }

    /// Kills the process of a slot that stands still. The attempt goes on from its last checkpoint, here or elsewhere.
    private mutating func endStalled(_ attempt: AttemptID) {
        guard let slot = slots.slot(running: attempt), let iteration = slots.running(slot)?.iteration else { return }
        _ = slots.drop(attempt)
        let text = "the slot process stood still and was killed"
        effects.append(.kill(slot))
        if drainStarted == nil {
            fail(attempt, .hang, text: text, iteration: iteration)
        } else {
            effects.append(.log(.ended(attempt, text: text)))
            giveBack(attempt, text: "worker drained", iteration: iteration)
        }
    }

    private mutating func keepTime(at now: Nanoseconds) {
        guard !isOver else { return }
        if !isIdle { lastBusy = now }
        if let end = acceptsUntil, now >= end { hasStoppedAccepting = true }
        giveBackQueue()
        if slots.fill() { runWhatIsReady(at: now) }
        switch link {
        case .seeking(let nextHello, let pause):
            guard now >= nextHello else { break }
            sendHello(at: now)
            link = .seeking(nextHello: now + jitter(pause), pause: min(2 * pause, Self.helloPauseMax))
        case .active:
            if now >= nextHeartbeat { sendHeartbeat(at: now) }
            announceCapacity()
            for index in outcomes.sendable where now >= outcomes.pending[index].due { sendOutcome(index, at: now) }
            upload.need(outcomes.nextUpload)
            if let part = upload.nextPart(at: now) { send(part.message, blobs: [part.bytes]) }
            if let digest = fetch.nextLookUp(at: now) { effects.append(.lookUp(digest)) }
            if let request = fetch.nextRequest(at: now) { send(request) }
        }
        if let limit = settings.idleLimit, isIdle, drainStarted == nil, now >= lastBusy + limit {
            drain(reason: "nothing to do", at: now)
        }
        if drainStarted == nil, let reason = lifespan.reasonToLeave(at: now) { drain(reason: reason, at: now) }
        if drainStarted == nil, isIdle, hasStoppedAccepting {
            drain(reason: "too little time is left for another task", at: now)
        }
        spoolWhatMayBeLost(at: now)
        guard let drainStarted else { return }
        if isIdle {
            send(.goodbye(reason: "drained"))
            end(code: 0)
        } else if now >= lifespan.drainEnd(startedAt: drainStarted) {
            end(code: 1)
        }
    }

    /// The last moment at which a task is worth beginning; nil: there is none. Not known before a coordinator has said how
    /// often it wants checkpoints; it has heard of the worker then, and can say why it has none.
    private var acceptsUntil: Nanoseconds? {
        newest.session == 0 ? nil : lifespan.acceptsUntil(checkpointInterval: checkpointInterval)
    }

    /// Nothing runs and nothing waits to be stored.
    private var isIdle: Bool { outcomes.isEmpty && slots.isIdle }

    private mutating func end(code: Int32) {
        guard !isOver else { return }
        isOver = true
        effects.append(.exit(code: code))
    }

    private mutating func drain(reason: String, at now: Nanoseconds) {
        drainStarted = now
        effects.append(.log(.draining(reason: reason)))
        send(.draining(reason: "leaving"))
        for slot in slots.runningSlots {
            effects.append(.stop(slot))
            slots.noteStopAsked(slot, at: now)
        }
        for attempt in slots.dropWaiting(where: { _ in true }) { giveBack(attempt, text: "worker drained") }
        fetch.need(slots.neededBlobs)
    }

    // MARK: Sending

    private mutating func send(_ message: WorkerMessage, blobs: [[UInt8]] = []) {
        guard case .active(let session) = link else { return }
        sent += 1
        effects.append(.send(Envelope(message: message, session: session, sequence: sent, blobs: blobs)))
    }

    private mutating func sendHello(at now: Nanoseconds) {
        var attempts = slots.attempts
        for attempt in outcomes.attempts where !attempts.contains(attempt) { attempts.append(attempt) }
        // Every session counts from its hello.
        sent = 1
        effects.append(
            .send(
                Envelope(
                    message: .hello(
                        instance: identity.instance, host: identity.name, slots: identity.slots,
                        binary: identity.binary, kernels: identity.kernels,
                        resources: WorkerResources(
                            slotMemory: identity.slotMemory, walltime: lifespan.walltime(at: now),
                            tags: identity.tags),
                        ledger: newest.ledger ?? 0, attempts: attempts),
                    session: 0, sequence: sent)))
    }

    private mutating func sendHeartbeat(at now: Nanoseconds) {
        heartbeats += 1
        nextHeartbeat = now + heartbeatInterval
        send(.heartbeat(number: heartbeats, attempts: slots.progress))
    }

    /// Tells how many grants are welcome, where that has changed.
    private mutating func announceCapacity() {
        let capacity = isAccepting ? slots.capacity : 0
        guard drainStarted == nil, capacity != announcedCapacity else { return }
        announcedCapacity = capacity
        send(.capacity(grants: capacity))
    }

    private var isAccepting: Bool { !hasStoppedAccepting && !spool.isNearlyFull(at: lastCall) }

    /// What has not begun goes back as soon as nothing more is to begin here.
    private mutating func giveBackQueue() {
        guard !isAccepting else { return }
        let dropped = slots.dropQueue()
        guard !dropped.isEmpty else { return }
        for attempt in dropped { giveBack(attempt, text: "the worker takes no more tasks") }
        fetch.need(slots.neededBlobs)
    }

    private mutating func sendOutcome(_ index: Int, at now: Nanoseconds) {
        let outcome = outcomes.pending[index]
        send(outcome.message, blobs: outcome.blobs)
        outcomes.noteSent(index, sequence: sent, at: now, due: now + jitter(outcome.pause))
    }

    private mutating func seek(at now: Nanoseconds) {
        link = .seeking(nextHello: now, pause: Self.helloPauseMin)
        fetch.restart()
    }

    // MARK: Receiving

    private mutating func receive(_ envelope: Envelope<CoordinatorMessage>, at now: Nanoseconds) {
        switch envelope.message {
        case .welcome(let session, let ledger, let epoch, let heartbeat, _, let checkpoint, let build):
            if let known = newest.ledger, known != ledger {
                // The state folder is another one: of what this worker has nothing was promised there.
                guard case .seeking = link else { return }
                dropEverything()
            } else {
                // One that is not newer is late, or of a coordinator that another has replaced.
                guard session > newest.session, epoch >= newest.epoch else { return }
            }
            newest = (ledger, session, epoch)
            lastContact = now
            received = envelope.sequence
            welcome(session: session, heartbeat: heartbeat, checkpoint: checkpoint, build: build, at: now)
            return
        case .reject(let reason, let retryAfter):
            guard case .seeking = link else { return }
            lastContact = now
            effects.append(.log(.rejected(reason: reason)))
            link = .seeking(nextHello: now + retryAfter, pause: Self.helloPauseMin)
            return
        case .who:
            guard case .active(let session) = link, session == envelope.session else { return }
            lastContact = now
            seek(at: now)
            return
        default:
            break
        }
        guard case .active(let session) = link, session == envelope.session, envelope.sequence > received else {
            return
        }
        // A gap is no harm on this side: whatever was lost is asked for, or sent, again.
        received = envelope.sequence
        lastContact = now
        switch envelope.message {
        case .assign(let grants):
            for grant in grants { take(grant, at: now) }
        case .acknowledged(let verdicts):
            for outcome in verdicts { acknowledged(outcome, at: now) }
        case .yield(let attempt):
            yield(attempt, at: now)
        case .forget(let attempt):
            unspool(outcomes.drop(attempt))
            if let slot = slots.drop(attempt) { effects.append(.kill(slot)) }
            fetch.need(slots.neededBlobs)
        case .drain:
            if drainStarted == nil { drain(reason: "the coordinator asks", at: now) }
        case .chunk(let digest, let offset, let total):
            switch fetch.take(digest, offset: offset, total: total, bytes: envelope.blobs.first ?? [], at: now) {
            case .nothing: break
            case .whole(let bytes, let isShared):
                if isShared { effects.append(.share(digest, bytes)) }
                runWhatIsReady(at: now)
            case .damaged:
                // On the way or at rest: of the task it says nothing, and another try may have better bytes.
                doWithout(digest, .signal, text: "the coordinator's blob \(digest) is damaged")
            }
        case .missing(let digest):
            doWithout(digest, .error, text: "the coordinator does not have blob \(digest)")
        case .have(let digest, let offset):
            if let attempt = upload.take(digest, has: offset, at: now) { outcomes.noteDelivered(attempt, digest) }
        case .lease, .welcome, .reject, .who:
            break
        }
    }

    /// What waits for the blob cannot be run.
    private mutating func doWithout(_ digest: Digest, _ failure: Failure, text: String) {
        for attempt in slots.dropWaiting(where: { $0.inputs.contains(digest) || $0.start?.state == digest }) {
            fail(attempt, failure, text: text, iteration: 0)
        }
        fetch.need(slots.neededBlobs)
    }

    private mutating func welcome(
        session: UInt64, heartbeat: Nanoseconds, checkpoint: Nanoseconds, build: String, at now: Nanoseconds
    ) {
        link = .active(session: session)
        sent = 1
        heartbeatInterval = max(heartbeat, 1_000_000)
        checkpointInterval = checkpoint
        nextHeartbeat = now
        announcedCapacity = identity.slots
        effects.append(.log(.joined(build: build)))
        if drainStarted != nil { send(.draining(reason: "leaving")) }
        outcomes.restart()
        fetch.restart()
        upload.restart()
    }

    /// Its slot is wanted for something else: it goes back to the queue with its last checkpoint.
    private mutating func yield(_ attempt: AttemptID, at now: Nanoseconds) {
        if let slot = slots.slot(running: attempt) {
            effects.append(.stop(slot))
            slots.noteStopAsked(slot, at: now)
        } else if !slots.dropWaiting(where: { $0.attempt == attempt }).isEmpty {
            giveBack(attempt, text: "gave way")
            fetch.need(slots.neededBlobs)
        }
    }

    private mutating func dropEverything() {
        for attempt in slots.attempts {
            if let slot = slots.drop(attempt) { effects.append(.kill(slot)) }
        }
        unspool(outcomes.dropAll())
        fetch.need([])
        upload.restart()
    }

    private mutating func take(_ grant: Grant, at now: Nanoseconds) {
        guard !slots.contains(grant.attempt), !outcomes.contains(grant.attempt) else { return }
        guard drainStarted == nil, !hasStoppedAccepting, slots.take(grant) else {
            giveBack(grant.attempt, text: "no free slot")
            return
        }
        runWhatIsReady(at: now)
    }

    private mutating func runWhatIsReady(at now: Nanoseconds) {
        for (slot, grant) in slots.waiting {
            let inputs = grant.inputs.compactMap(fetch.bytes)
            let state = grant.start.flatMap { fetch.bytes(of: $0.state) }
            guard inputs.count == grant.inputs.count, (grant.start == nil) == (state == nil) else { continue }
            slots.start(slot, at: now)
            effects.append(.log(.started(grant.attempt, fromIteration: grant.start?.iteration ?? 0)))
            effects.append(
                .run(slot, grant, inputs: inputs, state: state, checkpointInterval: checkpointInterval))
            // Inputs serve the next task too, a state this one only.
            if let start = grant.start { fetch.forget(start.state) }
        }
        fetch.need(slots.neededBlobs)
    }

    private mutating func acknowledged(_ outcome: Outcome, at now: Nanoseconds) {
        let isStored = outcome.verdict != .refused
        var known = isStored ? outcomes.removeEarlier(thanSequence: outcome.sequence) : []
        if let done = outcomes.remove(sequence: outcome.sequence, at: now) { known.append(done) }
        unspool(known.map(\.number))
        // A refused checkpoint is followed by `forget`.
        guard isStored else { return }
        for done in known {
            if case .checkpoint = done.message { release(done.cuts, of: done.attempt, at: now) }
        }
    }

    /// The slot of the attempt need not wait any longer for so many cuts to be stored.
    private mutating func release(_ cuts: Int, of attempt: AttemptID, at now: Nanoseconds) {
        guard let slot = slots.slot(running: attempt) else { return }
        slots.excuse(slot, at: now)
        for _ in 0..<cuts { effects.append(.accepted(slot)) }
    }

    // MARK: The spool

    /// Hands in what an earlier process has left behind. Its slots are gone: what they ran is given back.
    private mutating func takeOver(_ recovered: [SpooledOutcome]) {
        guard let last = recovered.last else { return }
        newest.ledger = last.ledger
        for outcome in recovered { outcomes.restore(outcome) }
        for attempt in recovered.map(\.attempt) {
            guard let last = recovered.last(where: { $0.attempt == attempt }),
                case .checkpoint(_, let iteration, _, _, _, _) = last.message,
                outcomes.pending.last(where: { $0.attempt == attempt })?.number == last.number
            else { continue }
            giveBack(attempt, text: "the worker was killed and started again", iteration: iteration)
        }
        effects.append(.log(.recovered(outcomes: recovered.count)))
    }

    /// In the second half of a drain what is not stored is put on disk too: nobody may be there to take it.
    private func spoolsFrom(drainStarted: Nanoseconds) -> Nanoseconds {
        drainStarted + (lifespan.drainEnd(startedAt: drainStarted) - drainStarted) / 2
    }

    /// From when on outcomes are put on disk, since nobody is there to take them; nil: they are not.
    private var spoolsFrom: Nanoseconds? {
        guard spool.isThere, !outcomes.isEmpty else { return nil }
        let drain = drainStarted.map { spoolsFrom(drainStarted: $0) }
        guard case .seeking = link else { return drain }
        return min(drain ?? .max, lastContact + Self.spoolDelay)
    }

    private var spoolDeadline: Nanoseconds? {
        guard let start = spoolsFrom else { return nil }
        return start > lastCall ? start : spool.nextTry(after: lastCall)
    }

    private mutating func spoolWhatMayBeLost(at now: Nanoseconds) {
        guard let start = spoolsFrom, now >= start else { return }
        for (gone, number) in outcomes.joinCheckpoints(makeDigest: makeDigest) {
            spool.noteReplaced(gone, by: number)
        }
        // What follows draws that have no room is of no use without them.
        var left: Set<AttemptID> = []
        for outcome in outcomes.unspooled(of: newest.ledger ?? 0) {
            guard !left.contains(outcome.attempt), spool.take(outcome, at: now) else {
                left.insert(outcome.attempt)
                continue
            }
            outcomes.noteSpooling(outcome.number, .begun)
            effects.append(.spool(outcome))
        }
    }

    private mutating func spooled(_ number: UInt64, at now: Nanoseconds) {
        outcomes.noteSpooling(number, .done)
        unspool(spool.noteStored(number))
        if let (attempt, cuts) = outcomes.takeCuts(of: number) { release(cuts, of: attempt, at: now) }
    }

    private mutating func spoolRefused(_ number: UInt64, at now: Nanoseconds) {
        if !spool.isNearlyFull(at: now) { effects.append(.log(.spoolFull)) }
        outcomes.noteSpooling(number, .no)
        spool.noteRefused(at: now)
    }

    private mutating func unspool(_ numbers: [UInt64]) {
        let there = spool.remove(numbers)
        if !there.isEmpty { effects.append(.unspool(there)) }
    }

    // MARK: Slots

    private mutating func slotEvent(_ slot: SlotID, _ event: SlotEvent, at now: Nanoseconds) {
        guard var progress = slots.running(slot) else {
            switch event {
            case .exited:
                slots.processEnded(slot)
                runWhatIsReady(at: now)
            case .memory(let byteCount):
                // What a task has left behind is not held against the next one.
                guard let limit = settings.slotMemoryMax, byteCount > limit / 2, slots.endIdle(slot) else { break }
                effects.append(.kill(slot))
            case .progress, .checkpoint, .finished, .stopped, .failed:
                break
            }
            return
        }
        let attempt = progress.attempt
        switch event {
        case .progress(let iteration, let isWarmingUp, let divergences, let stepSize, let gradientEvaluations):
            slots.note(
                AttemptProgress(
                    attempt: attempt, iteration: iteration, isWarmingUp: isWarmingUp, divergences: divergences,
                    stepSize: stepSize, gradientEvaluations: gradientEvaluations), in: slot, at: now)
        case .checkpoint(let iteration, let state, let block, let before, let after):
            progress.iteration = max(progress.iteration, iteration)
            slots.noteCut(progress, in: slot, at: now)
            if let duration = slots.noteCheckpoint(slot, at: now) { lifespan.noteStart(duration) }
            outcomes.add(
                attempt,
                .checkpoint(
                    attempt: attempt, iteration: iteration, state: state.digest, block: block?.digest,
                    chainBefore: before, chainAfter: after), blobs: [state] + (block.map { [$0] } ?? []))
        case .finished(let digest, let cost):
            slots.release(slot)
            outcomes.add(attempt, .result(attempt: attempt, digest: digest, cost: cost))
        case .stopped:
            slots.release(slot)
            giveBack(
                attempt, text: drainStarted == nil ? "gave way" : "worker drained", iteration: progress.iteration)
        case .failed(let text):
            slots.release(slot)
            fail(attempt, .error, text: text, iteration: progress.iteration)
        case .memory(let byteCount):
            guard let limit = settings.slotMemoryMax, byteCount > limit else { break }
            _ = slots.drop(attempt)
            effects.append(.kill(slot))
            let text =
                "the slot process held \(byteCount >> 20) MiB of memory; a slot may have \(limit >> 20) MiB"
            fail(attempt, .outOfMemory, text: text, iteration: progress.iteration)
        case .exited(let text, let failure):
            slots.release(slot)
            fail(attempt, failure, text: text, iteration: progress.iteration)
        }
    }

    /// Returns an attempt in good order: nobody's fault.
    private mutating func giveBack(_ attempt: AttemptID, text: String, iteration: Int = 0) {
        outcomes.add(attempt, .failed(attempt: attempt, failure: .released, text: text, iteration: iteration))
    }

    private mutating func fail(_ attempt: AttemptID, _ failure: Failure, text: String, iteration: Int) {
        effects.append(.log(.ended(attempt, text: text)))
        var text = text
        while text.utf8.count > Limits.textByteCountMax { text = String(text.prefix(text.count / 2)) }
        outcomes.add(attempt, .failed(attempt: attempt, failure: failure, text: text, iteration: iteration))
    }
}
