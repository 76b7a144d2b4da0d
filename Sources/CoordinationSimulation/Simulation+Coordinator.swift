import Coordination
import Wire

// The coordinator's process: its control thread, its ledger writer and what puts results together, as the production
// shell has them. It can die between any two effects, and between any two calls on the disk.
extension Simulation {
    // MARK: Start and end

    mutating func startCoordinator() {
        guard coordinator.process == nil else { return }
        coordinator.lives += 1
        coordinator.startedAt = now
        coordinator.backSince = 0
        let epoch = coordinator.disk.nextCoordinatorEpoch()
        if epoch <= lastEpoch { violate("invariant 1: coordinator epoch \(epoch) after \(lastEpoch)") }
        lastEpoch = epoch
        let entries = coordinator.disk.entries
        let machine = Coordinator(
            settings: settings, ledger: Self.ledger, epoch: epoch, build: "simulation", kernels: kernels,
            replaying: entries)
        coordinator.process = CoordinatorProcess(machine: machine, life: coordinator.lives, epoch: epoch)
        coordinator.disk.removeAll(except: machine.referencedBlobs)
        note("coordinator", "starts with \(entries.count) entries, epoch \(epoch)")
        disturbAll()
        handle(.tick)
        planTurn()
        lookAtJobs()
        lookAtHeldJobs()
        askAgain()
    }

    /// Counts one more effect or call on the disk; true when the process dies before it.
    private mutating func diesNow() -> Bool {
        guard coordinator.process != nil else { return true }
        guard let fuse = coordinator.fuse else { return false }
        guard fuse.steps > 0 else {
            crash(fuse.crash, away: fuse.away)
            return true
        }
        coordinator.fuse?.steps -= 1
        return false
    }

    mutating func crash(_ crash: Crash, away: Nanoseconds) {
        coordinator.fuse = nil
        coordinator.process = nil
        switch crash {
        case .killed: coordinator.disk.processDied()
        case .powerLost: coordinator.disk.powerLost()
        }
        note("coordinator", crash == .killed ? "is killed" : "loses its power")
        count("coordinator crashes")
        for worker in hosts.indices {
            breakConnection(worker, survivor: .toWorker)
            if scenario.isLocal, hosts[worker].process != nil { endProcess(of: worker, away: .milliseconds(500)) }
        }
        let entries = coordinator.disk.entries
        coordinator.durableBatchCount = coordinator.disk.survivingBatches(from: 0).count
        coordinator.durable = LedgerModel(settings, entries: entries)
        coordinator.decided = coordinator.durable
        checkBlobsAfterCrash()
        for client in clients {
            if let job = client.job, coordinator.durable.jobs[job] == nil {
                violate("invariant 2: an accepted job is gone after a crash")
            }
        }
        heap.plan(.startCoordinator, at: now + (isCalm ? .seconds(1) : away))
    }

    mutating func resumeCoordinator() {
        note("coordinator", "goes on")
        if now > coordinator.pausedSince + scenario.lease / 2 + .milliseconds(1) { coordinator.backSince = now }
        // Its peers have given up connections that were silent for so long.
        if now - coordinator.pausedSince > linkTimeout {
            for worker in hosts.indices { breakConnection(worker, survivor: .toCoordinator) }
        }
        disturbAll()
        planTurn(at: now)
    }

    // MARK: The control thread

    /// Plans the turn that is due by the machine's own word.
    mutating func planTurn() {
        guard let deadline = coordinator.process?.machine.nextDeadline else { return }
        planTurn(at: max(coordinator.clock.time(of: deadline), now + .milliseconds(1)))
    }

    mutating func planTurn(at time: Nanoseconds) {
        guard let process = coordinator.process else { return }
        let time = max(time, process.busyUntil)
        guard time < process.turnAt else { return }
        coordinator.process?.turnAt = time
        heap.plan(.turn(life: process.life), at: time)
    }

    mutating func takeTurn() {
        guard coordinator.pauses == 0 else {
            coordinator.process?.turnAt = .max
            return
        }
        coordinator.process?.turnAt = .max
        if bug == .timersBeforeMessages { handle(.tick) }
        let requests = coordinator.process?.requests ?? []
        coordinator.process?.requests = []
        for request in requests { handle(request) }
        let taken = Array((coordinator.process?.inbox ?? []).prefix(scenario.messagesPerTurnMax))
        coordinator.process?.inbox.removeFirst(taken.count)
        for (frames, connection) in taken { receive(frames, from: connection) }
        // Leases are judged only when no renewal lies unread.
        if bug != .timersBeforeMessages, taken.count < scenario.messagesPerTurnMax { handle(.tick) }
        guard let process = coordinator.process else { return }
        coordinator.process?.busyUntil = now + .milliseconds(0.01) + coordinator.messageCost * Nanoseconds(taken.count)
        if !process.inbox.isEmpty || taken.count == scenario.messagesPerTurnMax || !process.requests.isEmpty {
            planTurn(at: now)
        }
        planTurn()
    }

    mutating func handle(_ event: CoordinatorEvent) {
        guard coordinator.process != nil else { return }
        let reading = coordinator.clock.reading(at: now)
        guard let effects = coordinator.process?.machine.handle(event, at: reading) else { return }
        carryOut(effects)
    }

    private mutating func receive(_ frames: [[UInt8]], from connection: UInt64) {
        let event: CoordinatorEvent
        let address = ConnectionID(bytesOfWord(connection))
        do {
            let envelope = try MessageCodec.decode(WorkerMessage.self, frames: frames)
            let isPart = if case .part = envelope.message { true } else { false }
            let blobs = isPart ? [] : envelope.blobs.map(ToyDigest.blob)
            event = .received(envelope, blobs: blobs, from: address)
            noteWord(envelope, from: connection)
            plantAtReceipt(envelope.message, blobs: blobs)
        } catch {
            count("frames refused")
            disturb(Link.worker(of: connection))
            event = .malformed(error, from: address)
        }
        handle(event)
    }

    // MARK: Effects

    private mutating func carryOut(_ effects: [CoordinatorEffect]) {
        var early: [Ticket] = []
        for effect in effects {
            guard !diesNow() else { return }
            switch effect {
            case .send(let envelope, let address):
                checkSend(envelope, to: word(in: address.bytes, at: 0))
                send(MessageCodec.encode(envelope), .toWorker, connection: word(in: address.bytes, at: 0))
            case .sendChunk(let digest, let offset, let length, let session, let sequence, let address):
                let envelope = chunk(digest, offset: offset, length: length, session: session, sequence: sequence)
                send(MessageCodec.encode(envelope), .toWorker, connection: word(in: address.bytes, at: 0))
            case .store(let entry, let blobs, let ticket):
                decide(entry)
                append(.entry(entry, blobs: blobs, ticket))
                if confirmsEarly(entry), isAlone(ticket) { early.append(ticket) }
            case .keep(let part, let ticket):
                count("parts of blobs")
                append(.part(part, ticket))
            case .discardParts(let attempt):
                append(.discardParts(attempt))
            case .release(let digest):
                checkRelease(digest)
                append(.release(digest))
            case .assemble(let job):
                beginAssembly(job)
            case .judge(let job, let end):
                checkJudgement(job, end: end)
                heap.plan(.judged(job, end: end, life: coordinator.lives), at: now + .milliseconds(50))
            case .reply(let request, let reply):
                receive(reply, request: request)
            case .log(let fact):
                checkFact(fact)
                note("coordinator", Self.words(fact))
            }
        }
        for ticket in early { handle(.stored(ticket)) }
    }

    /// A ticket speaks for all before it: only one that nothing else waits with can be confirmed by itself.
    private func isAlone(_ ticket: Ticket) -> Bool {
        guard let process = coordinator.process else { return false }
        return process.units.isEmpty && process.batch.count == 1 && process.batch[0].ticket == ticket
    }

    /// An entry is decided: an independent reader judges it, and it becomes part of the world's digest.
    mutating func decide(_ entry: LedgerEntry) {
        count(Self.kind(entry))
        checkExpiry(entry)
        if let rule = coordinator.decided.apply(entry) { violate(rule) }
    }

    private func chunk(
        _ digest: Digest, offset: Int, length: Int, session: UInt64, sequence: UInt64
    ) -> Envelope<CoordinatorMessage> {
        guard let bytes = coordinator.disk.bytes(of: digest), offset <= bytes.count else {
            return Envelope(message: .missing(digest: digest), session: session, sequence: sequence)
        }
        return Envelope(
            message: .chunk(digest: digest, offset: offset, total: bytes.count), session: session,
            sequence: sequence, blobs: [Array(bytes[offset..<min(offset + length, bytes.count)])])
    }

    // MARK: The ledger writer

    mutating func append(_ unit: LedgerUnit) {
        coordinator.process?.units.append(unit)
        beginCommit()
    }

    private mutating func beginCommit() {
        guard let process = coordinator.process, process.batch.isEmpty, !process.units.isEmpty else { return }
        let batch = Array(process.units.prefix(LedgerUnit.batchCountMax))
        coordinator.process?.batch = batch
        coordinator.process?.units.removeFirst(batch.count)
        let duration = coordinator.chance.skewedDuration(scenario.commit) + coordinator.commitCost
        heap.plan(.commit(life: process.life), at: now + duration)
    }

    /// The batch's calls on the disk, one by one; then others hear of it. While the disk is full the same batch is
    /// tried again; after a failed sync the process ends.
    mutating func commit() {
        guard let process = coordinator.process else { return }
        let batch = process.batch
        var arriving = process.arriving
        var damaged: [BlobPart] = []
        do {
            var entries: [LedgerEntry] = []
            for unit in batch {
                switch unit {
                case .entry(let entry, let blobs, _):
                    for blob in blobs { guard try put(blob) else { return } }
                    entries.append(entry)
                case .part(let part, _):
                    if part.offset == 0 { arriving[part.attempt] = [] }
                    arriving[part.attempt, default: []] += part.bytes
                    guard part.isLast, let bytes = arriving.removeValue(forKey: part.attempt) else { break }
                    let blob = ToyDigest.blob(bytes)
                    if blob.digest == part.digest {
                        guard try put(blob) else { return }
                    } else {
                        damaged.append(part)
                    }
                case .discardParts(let attempt):
                    arriving[attempt] = nil
                case .release:
                    break
                }
            }
            if !entries.isEmpty {
                guard try perform(.appendEntries(entries)), try syncLedger() else { return }
            }
            for digest in LedgerUnit.released(by: batch) {
                guard try perform(.removeBlob(digest)) else { return }
            }
        } catch DiskError.full {
            count("full disks")
            heap.plan(.commit(life: process.life), at: now + .seconds(1))
            return
        } catch {
            count("failed syncs")
            note("coordinator", "a sync fails")
            crash(.killed, away: .seconds(2))
            return
        }
        coordinator.process?.arriving = arriving
        coordinator.process?.batch = []
        followDisk()
        for part in damaged { coordinator.process?.requests.append(.damagedUpload(part.attempt, part.digest)) }
        for ticket in batch.compactMap(\.ticket) { coordinator.process?.requests.append(.stored(ticket)) }
        planTurn(at: now)
        beginCommit()
        lookAtJobs()
        lookAtHeldJobs()
    }

    /// False when the process died before the call.
    private mutating func perform(_ step: DiskStep) throws(DiskError) -> Bool {
        guard !diesNow() else { return false }
        try coordinator.disk.perform(step)
        return true
    }

    private mutating func put(_ blob: Blob) throws(DiskError) -> Bool {
        for step in coordinator.disk.steps(toPut: blob) {
            if case .syncFolder = step, bug == .noFolderSync { continue }
            guard try perform(step) else { return false }
        }
        return true
    }

    private mutating func syncLedger() throws(DiskError) -> Bool {
        do {
            return try perform(.syncLedger)
        } catch {
            guard bug == .syncTriedAgain else { throw error }
            return try perform(.syncLedger)
        }
    }

    // MARK: Results

    private mutating func beginAssembly(_ job: JobID) {
        guard let process = coordinator.process, process.assemblies[job] == nil else { return }
        checkAssembly(job)
        coordinator.process?.assemblies[job] = process.machine.snapshot(of: job)
        heap.plan(.assembled(job, life: process.life), at: now + .milliseconds(50))
    }

    mutating func finishAssembly(_ job: JobID) {
        guard let snapshot = coordinator.process?.assemblies.removeValue(forKey: job) else { return }
        if loseDraws(of: job, 0..<snapshot.tasks.count) { return }
        // A job that was cancelled meanwhile has no results to be held against anyone.
        if coordinator.decided.jobs[job]?.ending == nil { checkResults(snapshot) }
        coordinator.process?.requests.append(.assembled(job, succeeded: true, text: ""))
        planTurn(at: now)
    }

    mutating func finishJudgement(_ job: JobID, end: Int) {
        guard let client = client(of: job), let chains = client.specification.schedule?.chains else { return }
        if loseDraws(of: job, chains) { return }
        count("rounds judged")
        coordinator.process?.requests.append(.judged(job, iteration: end, isEnough: end >= client.enoughAt))
        planTurn(at: now)
    }

    /// True when whoever reads the draws of these tasks finds those of one unreadable.
    private mutating func loseDraws(of job: JobID, _ tasks: Range<Int>) -> Bool {
        guard coordinator.drawsToLose > 0 else { return false }
        coordinator.drawsToLose -= 1
        let task = TaskID(job: job, index: UInt32(coordinator.chance.number(tasks.lowerBound...tasks.upperBound - 1)))
        coordinator.process?.requests.append(.drawsLost([task]))
        planTurn(at: now)
        return true
    }
}
