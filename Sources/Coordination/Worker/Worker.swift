import Wire

/// The worker without sockets, clocks or processes: events in, effects out.
///
/// An outcome (a checkpoint, a result, a failure) is kept and sent again until the coordinator says that it is
/// stored. The worker computes on while the coordinator is away, and says `hello` again when it is back.
package struct Worker {
    private enum Link {
        /// No session. `hello` goes out when due, with growing pauses.
        case seeking(nextHello: Nanoseconds, pause: Nanoseconds)
        case active(session: UInt64)
    }

    private enum Slot {
        case idle
        /// Waits for blobs.
        case fetching(Grant)
        case running(Grant, AttemptProgress)
        /// Its process is being ended; what it ran is dropped.
        case ending
    }

    /// Something that must be stored before it may be forgotten.
    private struct PendingOutcome {
        var attempt: AttemptID
        var message: WorkerMessage
        var blobs: [[UInt8]]
        /// Sequence numbers under which it went out in this session.
        var sequences: [UInt64] = []
        var sentAt: Nanoseconds = 0
    }

    private static let helloPauseMin: Nanoseconds = 100_000_000
    private static let helloPauseMax: Nanoseconds = 2_000_000_000
    /// After so long without an acknowledgement an outcome is sent again.
    private static let resendPause: Nanoseconds = 5_000_000_000
    /// Unanswered heartbeats after which the coordinator counts as away.
    private static let missedLeasesMax: UInt64 = 3

    private let settings: WorkerSettings
    private let identity: WorkerIdentity
    private let hash: @Sendable ([UInt8]) -> Digest

    private var link: Link
    private var slots: [Slot]
    private var outcomes: [PendingOutcome] = []
    private var fetch = BlobFetch()
    private var sent: UInt64 = 0
    private var heartbeatInterval: Nanoseconds = 2_000_000_000
    private var checkpointInterval: Nanoseconds = 2_000_000_000
    private var heartbeats: UInt64 = 0
    private var nextHeartbeat: Nanoseconds = 0
    /// When the coordinator was heard last.
    private var lastContact: Nanoseconds
    private var lastBusy: Nanoseconds
    private var drainStarted: Nanoseconds?
    private var hasSaidDraining = false
    private var isOver = false
    private var effects: [WorkerEffect] = []

    /// - Parameter hash: SHA-256 of bytes, handed in since this module computes none.
    package init(
        settings: WorkerSettings, identity: WorkerIdentity, hash: @escaping @Sendable ([UInt8]) -> Digest,
        at now: Nanoseconds
    ) {
        precondition(identity.slots >= 1 && identity.slots <= Limits.slotsMax, "a worker has 1 to 1,024 slots")
        self.settings = settings
        self.identity = identity
        self.hash = hash
        link = .seeking(nextHello: now, pause: Self.helloPauseMin)
        slots = Array(repeating: .idle, count: identity.slots)
        lastContact = now
        lastBusy = now
    }

    /// When `tick` is due even if nothing happens.
    package var nextDeadline: Nanoseconds {
        var deadlines: [Nanoseconds] = [lastContact &+ settings.orphanLimit]
        switch link {
        case .seeking(let nextHello, _): deadlines.append(nextHello)
        case .active:
            deadlines.append(nextHeartbeat)
            if let sentAt = outcomes.map(\.sentAt).min() { deadlines.append(sentAt + Self.resendPause) }
        }
        if let limit = settings.idleLimit, isIdle { deadlines.append(lastBusy + limit) }
        if let drainStarted { deadlines.append(drainStarted + settings.drainLimit) }
        return deadlines.min() ?? 0
    }

    package mutating func handle(_ event: WorkerEvent, at now: Nanoseconds) -> [WorkerEffect] {
        guard !isOver else { return [] }
        switch event {
        case .received(let envelope): receive(envelope, at: now)
        case .slot(let slot, let event): slotEvent(slot, event, at: now)
        case .tick: break
        case .drainRequested:
            if drainStarted != nil { return leave(code: 1) }
            drain(reason: "asked to leave", at: now)
        }
        keepTime(at: now)
        defer { effects = [] }
        return effects
    }

    // MARK: Time

    private mutating func keepTime(at now: Nanoseconds) {
        guard !isOver else { return }
        if !isIdle { lastBusy = now }
        if case .active = link, now > lastContact,
            now - lastContact > Self.missedLeasesMax * heartbeatInterval
        {
            effects.append(.log(.lostCoordinator))
            seek(at: now)
        }
        switch link {
        case .seeking(let nextHello, let pause) where now >= nextHello:
            sendHello()
            link = .seeking(nextHello: now + pause, pause: min(2 * pause, Self.helloPauseMax))
        case .seeking:
            break
        case .active:
            if now >= nextHeartbeat { sendHeartbeat(at: now) }
            for index in outcomes.indices where now >= outcomes[index].sentAt + Self.resendPause {
                sendOutcome(index, at: now)
            }
            if let askedAt = fetch.askedAt, now >= askedAt + Self.resendPause { fetch.restart() }
            if let request = fetch.nextRequest(at: now) { send(request) }
        }
        if let limit = settings.idleLimit, isIdle, drainStarted == nil, now >= lastBusy + limit {
            drain(reason: "nothing to do", at: now)
        }
        if let drainStarted {
            if isIdle {
                send(.goodbye(reason: "drained"))
                end(code: 0)
            } else if now >= drainStarted + settings.drainLimit {
                end(code: 1)
            }
        }
        if !isOver, now > lastContact, now - lastContact > settings.orphanLimit { end(code: 1) }
    }

    /// Nothing runs and nothing waits to be stored.
    private var isIdle: Bool {
        outcomes.isEmpty
            && slots.allSatisfy {
                switch $0 {
                case .idle, .ending: true
                case .fetching, .running: false
                }
            }
    }

    private mutating func leave(code: Int32) -> [WorkerEffect] {
        end(code: code)
        defer { effects = [] }
        return effects
    }

    private mutating func end(code: Int32) {
        isOver = true
        effects.append(.exit(code: code))
    }

    private mutating func drain(reason: String, at now: Nanoseconds) {
        drainStarted = now
        effects.append(.log(.draining(reason: reason)))
        if case .active = link { sayDraining() }
        for index in slots.indices {
            switch slots[index] {
            case .running:
                effects.append(.stop(index))
            case .fetching(let grant):
                slots[index] = .idle
                add(.failed(attempt: grant.attempt, failure: .released, text: "worker drained", iteration: 0), at: now)
            case .idle, .ending:
                break
            }
        }
    }

    // MARK: Sending

    private mutating func send(_ message: WorkerMessage, blobs: [[UInt8]] = []) {
        guard case .active(let session) = link else { return }
        sent += 1
        effects.append(.send(Envelope(message: message, session: session, sequence: sent, blobs: blobs)))
    }

    private mutating func sendHello() {
        // Every session counts from its hello.
        sent = 1
        effects.append(
            .send(
                Envelope(
                    message: .hello(
                        instance: identity.instance, host: identity.name, slots: identity.slots,
                        binary: identity.binary, kernels: identity.kernels, attempts: attemptsInHand),
                    session: 0, sequence: sent)))
    }

    private mutating func sendHeartbeat(at now: Nanoseconds) {
        heartbeats += 1
        nextHeartbeat = now + heartbeatInterval
        var listed: [AttemptProgress] = []
        for slot in slots {
            switch slot {
            case .running(_, let progress): listed.append(progress)
            case .fetching(let grant): listed.append(Self.startOf(grant))
            case .idle, .ending: break
            }
        }
        send(.heartbeat(number: heartbeats, attempts: listed))
    }

    private mutating func sayDraining() {
        guard !hasSaidDraining else { return }
        hasSaidDraining = true
        send(.draining(reason: "leaving"))
    }

    private mutating func add(_ message: WorkerMessage, blobs: [[UInt8]] = [], at now: Nanoseconds) {
        let attempt: AttemptID
        switch message {
        case .checkpoint(let of, _, _, _, _, _), .result(let of, _, _), .failed(let of, _, _, _): attempt = of
        default: preconditionFailure("not an outcome: \(message)")
        }
        outcomes.append(PendingOutcome(attempt: attempt, message: message, blobs: blobs))
        sendOutcome(outcomes.count - 1, at: now)
    }

    private mutating func sendOutcome(_ index: Int, at now: Nanoseconds) {
        outcomes[index].sentAt = now
        guard case .active = link else { return }
        send(outcomes[index].message, blobs: outcomes[index].blobs)
        outcomes[index].sequences.append(sent)
    }

    private var attemptsInHand: [AttemptID] {
        var attempts: [AttemptID] = []
        for slot in slots {
            switch slot {
            case .running(let grant, _), .fetching(let grant): attempts.append(grant.attempt)
            case .idle, .ending: break
            }
        }
        for outcome in outcomes where !attempts.contains(outcome.attempt) { attempts.append(outcome.attempt) }
        return attempts
    }

    private mutating func seek(at now: Nanoseconds) {
        link = .seeking(nextHello: now, pause: Self.helloPauseMin)
        hasSaidDraining = false
        fetch.restart()
        for index in outcomes.indices { outcomes[index].sequences = [] }
    }

    // MARK: Receiving

    private mutating func receive(_ envelope: Envelope<CoordinatorMessage>, at now: Nanoseconds) {
        switch envelope.message {
        case .welcome(let session, _, let heartbeat, _, let checkpoint, let build):
            lastContact = now
            welcome(session: session, heartbeat: heartbeat, checkpoint: checkpoint, build: build, at: now)
            return
        case .reject(let reason, let retryAfter):
            effects.append(.log(.rejected(reason: reason)))
            link = .seeking(nextHello: now + retryAfter, pause: Self.helloPauseMin)
            return
        case .who:
            if case .active(let session) = link, session == envelope.session { seek(at: now) }
            return
        default:
            break
        }
        guard case .active(let session) = link, session == envelope.session else { return }
        lastContact = now
        switch envelope.message {
        case .assign(let grants):
            for grant in grants { take(grant, at: now) }
        case .acknowledged(let verdicts):
            for outcome in verdicts { acknowledged(outcome) }
        case .forget(let attempt):
            forget(attempt)
        case .drain:
            if drainStarted == nil { drain(reason: "the coordinator asks", at: now) }
        case .chunk(let digest, let offset, let total):
            let bytes = envelope.blobs.first ?? []
            if fetch.take(digest, offset: offset, total: total, bytes: bytes, hash: hash) { runWhatIsReady() }
        case .missing(let digest):
            fetch.drop(digest)
            failWaiting(for: digest, at: now)
        case .lease, .welcome, .reject, .who:
            break
        }
    }

    private mutating func welcome(
        session: UInt64, heartbeat: Nanoseconds, checkpoint: Nanoseconds, build: String, at now: Nanoseconds
    ) {
        link = .active(session: session)
        sent = 1
        heartbeatInterval = max(heartbeat, 1_000_000)
        checkpointInterval = checkpoint
        nextHeartbeat = now
        effects.append(.log(.joined(build: build)))
        hasSaidDraining = false
        if drainStarted != nil { sayDraining() }
        for index in outcomes.indices {
            outcomes[index].sequences = []
            sendOutcome(index, at: now)
        }
    }

    private mutating func take(_ grant: Grant, at now: Nanoseconds) {
        guard !attemptsInHand.contains(grant.attempt) else { return }
        let free = slots.firstIndex {
            if case .idle = $0 { true } else { false }
        }
        guard drainStarted == nil, let free else {
            // It crossed a drain or a slot that is still ending: given back.
            add(.failed(attempt: grant.attempt, failure: .released, text: "no free slot", iteration: 0), at: now)
            return
        }
        slots[free] = .fetching(grant)
        for digest in grant.inputs { fetch.want(digest) }
        if let start = grant.start { fetch.want(start.state) }
        runWhatIsReady()
    }

    private mutating func runWhatIsReady() {
        for index in slots.indices {
            guard case .fetching(let grant) = slots[index] else { continue }
            let inputs = grant.inputs.compactMap(fetch.bytes)
            let state = grant.start.flatMap { fetch.bytes(of: $0.state) }
            guard inputs.count == grant.inputs.count, (grant.start == nil) == (state == nil) else { continue }
            slots[index] = .running(grant, Self.startOf(grant))
            effects.append(.log(.started(grant.attempt, fromIteration: grant.start?.iteration ?? 0)))
            effects.append(
                .run(index, grant, inputs: inputs, state: state, checkpointInterval: checkpointInterval))
        }
    }

    private static func startOf(_ grant: Grant) -> AttemptProgress {
        AttemptProgress(
            attempt: grant.attempt, iteration: grant.start?.iteration ?? 0, isWarmingUp: false, divergences: 0,
            stepSize: 0, gradientEvaluations: 0)
    }

    private mutating func failWaiting(for digest: Digest, at now: Nanoseconds) {
        for index in slots.indices {
            guard case .fetching(let grant) = slots[index],
                grant.inputs.contains(digest) || grant.start?.state == digest
            else { continue }
            slots[index] = .idle
            add(
                .failed(
                    attempt: grant.attempt, failure: .error, text: "the coordinator does not have blob \(digest)",
                    iteration: 0), at: now)
        }
    }

    private mutating func acknowledged(_ outcome: Outcome) {
        guard let index = outcomes.firstIndex(where: { $0.sequences.contains(outcome.sequence) }) else { return }
        let done = outcomes.remove(at: index)
        guard case .checkpoint = done.message, let slot = slot(running: done.attempt) else { return }
        // A refused checkpoint is followed by `forget`.
        if outcome.verdict != .refused { effects.append(.accepted(slot)) }
    }

    private mutating func forget(_ attempt: AttemptID) {
        outcomes.removeAll { $0.attempt == attempt }
        for index in slots.indices {
            switch slots[index] {
            case .running(let grant, _) where grant.attempt == attempt:
                slots[index] = .ending
                effects.append(.kill(index))
            case .fetching(let grant) where grant.attempt == attempt:
                slots[index] = .idle
            default:
                break
            }
        }
    }

    private func slot(running attempt: AttemptID) -> SlotID? {
        slots.firstIndex {
            if case .running(let grant, _) = $0 { grant.attempt == attempt } else { false }
        }
    }

    // MARK: Slots

    private mutating func slotEvent(_ slot: SlotID, _ event: SlotEvent, at now: Nanoseconds) {
        guard case .running(let grant, var progress) = slots[slot] else {
            if case .exited = event { slots[slot] = .idle }
            return
        }
        let attempt = grant.attempt
        switch event {
        case .progress(let iteration, let isWarmingUp, let divergences, let stepSize, let gradientEvaluations):
            progress = AttemptProgress(
                attempt: attempt, iteration: iteration, isWarmingUp: isWarmingUp, divergences: divergences,
                stepSize: stepSize, gradientEvaluations: gradientEvaluations)
            slots[slot] = .running(grant, progress)
        case .checkpoint(let iteration, let state, let block, let before, let after):
            progress.iteration = max(progress.iteration, iteration)
            slots[slot] = .running(grant, progress)
            add(
                .checkpoint(
                    attempt: attempt, iteration: iteration, state: state.digest, block: block?.digest,
                    chainBefore: before, chainAfter: after),
                blobs: [state.bytes] + (block.map { [$0.bytes] } ?? []), at: now)
        case .finished(let digest, let cost):
            slots[slot] = .idle
            add(.result(attempt: attempt, digest: digest, cost: cost), at: now)
        case .stopped:
            slots[slot] = .idle
            add(
                .failed(
                    attempt: attempt, failure: .released, text: "worker drained", iteration: progress.iteration),
                at: now)
        case .failed(let text):
            slots[slot] = .idle
            fail(attempt, .error, text: text, iteration: progress.iteration, at: now)
        case .exited(let text, let bySignal):
            slots[slot] = .idle
            fail(attempt, bySignal ? .signal : .error, text: text, iteration: progress.iteration, at: now)
        }
    }

    private mutating func fail(
        _ attempt: AttemptID, _ failure: Failure, text: String, iteration: Int, at now: Nanoseconds
    ) {
        effects.append(.log(.ended(attempt, text: text)))
        var text = text
        while text.utf8.count > Limits.textByteCountMax { text = String(text.prefix(text.count / 2)) }
        add(.failed(attempt: attempt, failure: failure, text: text, iteration: iteration), at: now)
    }
}
