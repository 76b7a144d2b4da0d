import Wire

// What workers say. Anything not listed for a session's state is answered with `who`, never with an action.
extension Coordinator {
    mutating func receive(
        _ envelope: Envelope<WorkerMessage>, blobs: [Blob], from connection: ConnectionID, at now: Nanoseconds
    ) {
        let sequence = envelope.sequence
        if case .hello(let instance, let host, let slots, _, let kernels, let resources, let ledger, let attempts) =
            envelope.message
        {
            guard sequence == 1 else {
                reject(connection, worker: host, reason: "a hello is the first message of a session")
                return
            }
            guard kernels == self.kernels else {
                foreignHosts.insert(host)
                let reason = "this worker's program or machine computes other bits than the coordinator's"
                reject(connection, worker: host, reason: reason)
                return
            }
            hello(
                instance: instance, worker: host, offer: Offer(slots: slots, resources, at: now),
                // Attempts of another ledger may bear the names of this one's.
                attempts: ledger == self.ledger ? attempts : [],
                from: connection, at: now)
            return
        }
        guard let session = takeTurn(of: envelope, from: connection, at: now) else { return }
        switch envelope.message {
        case .hello:
            preconditionFailure("a hello is dealt with above")
        case .heartbeat(let number, let attempts):
            heartbeat(number, attempts, of: session)
        case .capacity(let grants):
            sessions.setCapacity(grants, of: session.number)
        case .checkpoint(let attempt, let iteration, let state, let block, let before, let after):
            checkpoint(
                attempt, StartingPoint(state: state, iteration: iteration, chain: after), block: block,
                continuing: before, blobs: blobs, sequence: sequence, of: session)
        case .result(let attempt, let digest, let cost):
            result(attempt, digest, cost, sequence: sequence, of: session)
        case .failed(let attempt, let failure, let text, let iteration):
            failed(attempt, failure, text: text, iteration: iteration, sequence: sequence, of: session)
        case .draining:
            sessions.setDraining(session.number)
        case .goodbye(let reason):
            outbox.log(.workerLeft("\(session.worker): \(reason)"))
            sessions.remove(session.number)
            hasLostLastToTime = session.takesNothingMore
            conduct.forget(session.worker)
            for attempt in session.attempts { end(attempt, outcome: "worker left", blame: .nobody) }
        case .fetch(let digest, let offset, let length):
            sessions.sendChunk(digest, offset: offset, length: length, to: session.number, through: &outbox)
        case .part(let attempt, let digest, let offset, let total):
            part(
                BlobPart(
                    attempt: attempt, digest: digest, offset: offset, total: total,
                    bytes: envelope.blobs.first ?? []),
                of: session)
        }
    }

    /// The session that the message belongs to, when it is the next of it.
    private mutating func takeTurn(
        of envelope: Envelope<WorkerMessage>, from connection: ConnectionID, at now: Nanoseconds
    ) -> Session? {
        let sequence = envelope.sequence
        guard let session = sessions[envelope.session], session.connection == connection, !session.isClosed else {
            outbox.effect(.send(Envelope(message: .who, session: envelope.session, sequence: 0), to: connection))
            return nil
        }
        // One that came twice was dealt with the first time.
        guard sequence > session.received else { return nil }
        guard sequence == session.received + 1 else {
            outbox.log(.protocolViolation("\(session.worker): a gap in the sequence numbers"))
            sessions.close(session.number)
            outbox.effect(.send(Envelope(message: .who, session: session.number, sequence: 0), to: connection))
            return nil
        }
        sessions.noteReceived(session.number, sequence: sequence, deadline: now + settings.lease)
        return session
    }

    /// A checkpoint whose blobs are no draws or no state: as one that does not continue what is stored.
    mutating func refuse(
        _ envelope: Envelope<WorkerMessage>, reason: String, from connection: ConnectionID, at now: Nanoseconds
    ) {
        guard case .checkpoint(let attempt, _, _, _, _, _) = envelope.message,
            let session = takeTurn(of: envelope, from: connection, at: now)
        else { return }
        if queue.isCurrent(attempt), sessions.holds(attempt, session.number) {
            refuse(attempt, of: session, reason, outcome: "checkpoint refused: \(reason)", blame: .invalid)
        }
        acknowledge(envelope.sequence, .refused, of: session)
    }

    private mutating func reject(_ connection: ConnectionID, worker: String, reason: String) {
        outbox.log(.protocolViolation("\(worker): \(reason)"))
        let message = CoordinatorMessage.reject(reason: reason, retryAfter: settings.rejectionPause)
        outbox.effect(.send(Envelope(message: message, session: 0, sequence: 0), to: connection))
    }

    private mutating func hello(
        instance: [UInt8], worker: String, offer: Offer, attempts: [AttemptID], from connection: ConnectionID,
        at now: Nanoseconds
    ) {
        // A process has one session and a connection has one process: an earlier session of either is over.
        var inherited: [Holding] = []
        for old in sessions.earlier(of: instance, on: connection) {
            if old.instance == instance {
                sessions.remove(old.number)
                inherited += old.holdings
            } else {
                lose(old, outcome: "another process took its connection", blame: .circumstances)
            }
        }
        let number = sessions.open(
            epoch: epoch, connection: connection, instance: instance, worker: worker, offer: offer, received: 1,
            deadline: now + settings.lease)
        if conduct.isSuspended(worker, at: now) || conduct.isOnProbation(worker) {
            applyConduct(to: number)
            suspensions.add(number, due: conduct.suspensionEnd(of: worker))
        }
        outbox.log(.workerJoined(worker, slots: offer.slots))
        sessions.send(
            .welcome(
                session: number, ledger: ledger, coordinatorEpoch: epoch, heartbeatInterval: settings.heartbeat,
                leaseDuration: settings.lease, checkpointInterval: settings.checkpoint, build: build),
            to: number, through: &outbox)
        for attempt in attempts {
            let isKnown = unclaimed.contains(attempt) || inherited.contains { $0.attempt == attempt }
            if isKnown, queue.isCurrent(attempt) {
                unclaimed.remove(attempt)
                inherited.removeAll { $0.attempt == attempt }
                sessions.add(Holding(attempt: attempt, isSent: true, isListed: true), to: number)
                if runs.isYielding(attempt) { outbox.afterStored(.yield(attempt)) }
            } else {
                outbox.afterStored(.forget(attempt, session: number))
            }
        }
        for holding in inherited where !attempts.contains(holding.attempt) {
            // A checkpoint of it is as good a sign as a listing that an earlier process of this instance had it.
            if holding.isListed || holding.isSent && queue.grant(holding.attempt) == nil {
                end(holding.attempt, outcome: "worker came back without it", blame: .circumstances)
            } else if sessions[number]?.freeSlots == 0 {
                end(holding.attempt, outcome: "no free slot", blame: .nobody)
            } else {
                // The grant was on its way, or is not stored yet.
                sessions.add(holding, to: number)
                if holding.isSent { outbox.afterStored(.sendGrant(holding.attempt)) }
                if runs.isYielding(holding.attempt) { outbox.afterStored(.yield(holding.attempt)) }
            }
        }
    }

    private mutating func heartbeat(_ number: UInt64, _ attempts: [AttemptProgress], of session: Session) {
        let held = Set(session.attempts)
        for progress in attempts where held.contains(progress.attempt) { queue.note(progress) }
        let listed = attempts.map(\.attempt)
        sessions.send(
            .lease(heartbeat: number, attempts: listed.filter(held.contains)), to: session.number, through: &outbox)
        for attempt in listed where !held.contains(attempt) {
            outbox.afterStored(.forget(attempt, session: session.number))
        }
        for attempt in sessions.noteListing(Set(listed), of: session.number) {
            outbox.afterStored(.sendGrant(attempt))
        }
    }

    private mutating func checkpoint(
        _ attempt: AttemptID, _ point: StartingPoint, block: Digest?, continuing before: Digest, blobs: [Blob],
        sequence: UInt64, of session: Session
    ) {
        guard let task = queue.task(attempt.task), queue.isCurrent(attempt), sessions.holds(attempt, session.number)
        else {
            acknowledge(sequence, .refused, of: session)
            forget(attempt, of: session.number)
            return
        }
        guard point.iteration > task.knownIteration else {
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        let expected = [point.state] + (block.map { [$0] } ?? [])
        let delivered = uploads.delivered(by: attempt)
        guard before == task.chainEnd, blobs.map(\.digest) == expected.filter({ !delivered.contains($0) }),
            point.iteration <= task.specification.iterations
        else {
            refuse(
                attempt, of: session, "a checkpoint that does not continue what is stored",
                outcome: "checkpoint refused")
            acknowledge(sequence, .refused, of: session)
            return
        }
        let entry = LedgerEntry.checkpointed(attempt, point, block: block)
        queue.apply(entry)
        uploads.note(expected, areNamedBy: attempt)
        noteProgress(of: session, finished: false)
        outbox.store(
            entry, blobs: blobs,
            then: [.acknowledge(session.number, Outcome(sequence: sequence, verdict: .accepted))])
        settleAgain(attempt.task)
        judgeIfDue(attempt.task.job)
    }

    private mutating func result(
        _ attempt: AttemptID, _ digest: Digest, _ cost: AttemptCost, sequence: UInt64, of session: Session
    ) {
        sessions.remove(attempt, from: session.number)
        guard let task = queue.task(attempt.task), let state = queue.records[attempt.task.job]?.state else {
            acknowledge(sequence, .refused, of: session)
            return
        }
        if let known = task.result, known != digest { outbox.log(.determinismViolation(attempt.task)) }
        guard !state.isOver, task.state != .done else {
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        // All draws of the task are stored and end in this digest: a valid result, whatever the epoch.
        let isComplete = task.knownIteration == task.specification.iterations
        guard isComplete, task.chainEnd == digest else {
            if isComplete { outbox.log(.determinismViolation(attempt.task)) }
            if queue.isCurrent(attempt) {
                outbox.log(.protocolViolation("\(session.worker): a result without all its draws"))
                end(attempt, outcome: "result refused", blame: .circumstances, on: session)
            }
            acknowledge(sequence, .refused, of: session)
            return
        }
        let current = AttemptID(task: attempt.task, epoch: task.epoch)
        if task.state == .leased, current != attempt {
            end(current, outcome: "an earlier attempt finished", blame: .nobody)
            if let holder = sessions.holder(of: current) { forget(current, of: holder.number) }
        }
        let entry = LedgerEntry.done(attempt, result: digest, cost: cost)
        queue.apply(entry)
        unclaimed.remove(attempt)
        noteEnd(of: attempt)
        prefetched.note(cost.wallNanoseconds, of: attempt.task.job, iterations: task.specification.iterations)
        noteProgress(of: session, finished: true)
        outbox.store(
            entry, then: [.acknowledge(session.number, Outcome(sequence: sequence, verdict: .accepted))])
        assembleIfDone(attempt.task.job)
        judgeIfDue(attempt.task.job)
    }

    private mutating func failed(
        _ attempt: AttemptID, _ failure: Failure, text: String, iteration: Int, sequence: UInt64, of session: Session
    ) {
        guard sessions.holds(attempt, session.number), queue.isCurrent(attempt) else {
            acknowledge(sequence, .duplicate, of: session)
            return
        }
        sessions.remove(attempt, from: session.number)
        let blame: Blame =
            switch failure {
            case .error: .task
            case .signal: .circumstances
            case .hang: .hang
            case .crash: .crash
            case .outOfMemory: .memory
            case .released: .nobody
            }
        end(attempt, outcome: text, blame: blame, iteration: iteration, on: session)
        acknowledge(sequence, .accepted, of: session)
    }

    /// An acknowledgement never overtakes what it may rest on.
    private mutating func acknowledge(_ sequence: UInt64, _ verdict: Verdict, of session: Session) {
        outbox.afterStored(.acknowledge(session.number, Outcome(sequence: sequence, verdict: verdict)))
    }
}
