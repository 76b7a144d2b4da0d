import Coordination
import Wire

// What must hold at every moment, by the numbers of the proof's page. Not here, since the machines have nothing yet
// that could break them: roles and keys (9, second half), a worker's spool (10, second half), and two versions of the
// program side by side.
extension Simulation {
    // MARK: 1, 2: what leaves the coordinator

    /// 2: nothing leaves that a loss of power at this moment would undo. 1: epochs only grow.
    mutating func checkSend(_ envelope: Envelope<CoordinatorMessage>, to connection: UInt64) {
        switch envelope.message {
        case .welcome(let session, _, let epoch, _, _, _, _):
            if epoch != lastEpoch { violate("invariant 1: epoch \(epoch) in a welcome of coordinator \(lastEpoch)") }
            coordinator.process?.welcomed[session] = connection
        case .assign(let grants):
            for grant in grants { checkGrant(grant) }
        case .acknowledged(let outcomes):
            for outcome in outcomes { checkAcknowledgement(outcome, session: envelope.session) }
        case .yield:
            count("attempts asked to give way")
        case .reject, .lease, .forget, .drain, .who, .chunk, .missing, .have:
            break
        }
    }

    private mutating func checkGrant(_ grant: Grant) {
        if !coordinator.durable.wasGranted(grant.attempt) {
            violate("invariant 2: a grant left before it was committed")
        }
        guard let task = coordinator.decided.task(grant.attempt.task), task.epoch == grant.attempt.epoch else {
            violate("invariant 1: a grant left that is not current")
            return
        }
        if grant.start != task.point { violate("a grant does not go on from the newest checkpoint") }
        if let state = grant.start?.state, !coordinator.disk.survives(state) {
            violate("invariant 5: a grant names a state that would not survive")
        }
    }

    private mutating func checkAcknowledgement(_ outcome: Outcome, session: UInt64) {
        let word = Word(session: session, sequence: outcome.sequence)
        guard let message = coordinator.process?.words.removeValue(forKey: word) else {
            violate("invariant 9: an acknowledgement of what was not received")
            return
        }
        guard outcome.verdict != .refused else { return }
        let survives: Bool
        switch message {
        case .checkpoint(let attempt, let iteration, _, _, _, _):
            let task = coordinator.durable.task(attempt.task)
            survives = (task?.iteration ?? 0) >= iteration || task?.hasLostDraws == true
        case .result(let attempt, _, _):
            let job = coordinator.durable.jobs[attempt.task.job]
            let task = coordinator.durable.task(attempt.task)
            survives = job?.ending != nil || task?.state == .done || task?.hasLostDraws == true
        case .failed(let attempt, _, _, _):
            // A duplicate speaks of an attempt that was over before.
            survives = outcome.verdict == .duplicate || coordinator.durable.endedAttempts.contains(attempt)
        default:
            survives = false
        }
        if !survives { violate("invariant 2: what was acknowledged would not survive a crash now") }
    }

    // MARK: 9: what reaches it

    /// Notes what may be acknowledged.
    mutating func noteWord(_ envelope: Envelope<WorkerMessage>, from connection: UInt64) {
        guard coordinator.process?.welcomed[envelope.session] == connection else { return }
        switch envelope.message {
        case .checkpoint, .result, .failed:
            coordinator.process?.words[Word(session: envelope.session, sequence: envelope.sequence)] =
                envelope.message
        default:
            break
        }
    }

    // MARK: 5: blobs

    mutating func checkRelease(_ digest: Digest) {
        if coordinator.decided.needs(digest) { violate("invariant 5: a blob was released that is needed") }
    }

    /// Takes in what is on disk now; what the ledger names must be there too.
    mutating func followDisk() {
        var named: [Digest] = []
        for entries in coordinator.disk.survivingBatches(from: coordinator.durableBatchCount) {
            coordinator.durableBatchCount += 1
            for entry in entries {
                _ = coordinator.durable.apply(entry)
                guard case .checkpointed(let attempt, let point, let block) = entry else { continue }
                note("coordinator", "\(Self.name(attempt)) is stored up to \(point.iteration)")
                named += [point.state] + (block.map { [$0] } ?? [])
            }
        }
        // A later entry may have replaced the state, and what it replaced is released.
        for digest in named where coordinator.durable.needs(digest) && !coordinator.disk.survives(digest) {
            violate("invariant 2: a blob of a stored checkpoint would not survive")
        }
    }

    /// After a crash all is there that the ledger names.
    mutating func checkBlobsAfterCrash() {
        for digest in coordinator.durable.neededBlobs {
            if coordinator.disk.bytes(of: digest).map(ToyDigest.of) != digest {
                violate("invariant 5: a blob that the ledger names is gone, or torn, after a crash")
            }
        }
    }

    mutating func checkAssembly(_ job: JobID) {
        guard let tasks = coordinator.durable.jobs[job]?.tasks, tasks.allSatisfy({ $0.state == .done }) else {
            violate("invariant 2: results are put together before all tasks are stored")
            return
        }
    }

    /// All chains have stored what is judged, and the rounds before it were not enough.
    mutating func checkJudgement(_ job: JobID, end: Int) {
        guard let durable = coordinator.durable.jobs[job], let schedule = durable.specification.schedule,
            let client = client(of: job)
        else {
            violate("draws of a job without rounds are judged")
            return
        }
        if !schedule.rounds.dropLast().contains(end) { violate("draws are judged at the end of no round") }
        if durable.tasks[schedule.chains].contains(where: { $0.iteration < end }) {
            violate("invariant 2: draws are judged before all are stored")
        }
        if schedule.rounds.contains(where: { $0 < end && $0 >= client.enoughAt }) {
            violate("a round is judged after one that was enough")
        }
    }

    /// The bytes of the sequential run, whatever has happened.
    mutating func checkResults(_ snapshot: JobSnapshot) {
        guard let client = client(of: snapshot.id) else {
            violate("results of a job that nobody submitted")
            return
        }
        if let rounds = client.specification.schedule?.rounds, rounds.count > 1,
            snapshot.settled != rounds.first(where: { $0 >= client.enoughAt }) ?? rounds[rounds.count - 1]
        {
            violate("final check: the chains of '\(client.specification.name)' end at \(snapshot.settled ?? 0)")
        }
        let isCut = snapshot.settled.map { $0 != client.specification.schedule?.rounds.last } ?? false
        let chains = isCut ? client.specification.schedule?.chains ?? 0..<0 : 0..<0
        for (index, (task, reference)) in zip(snapshot.tasks, client.references).enumerated() {
            var draws: [UInt8] = []
            for block in task.blocks {
                guard let bytes = coordinator.disk.bytes(of: block), ToyDigest.of(bytes) == block else {
                    violate("invariant 5: a result without all its blobs")
                    return
                }
                draws += bytes
            }
            if chains.contains(index), let iteration = snapshot.settled {
                let needed = max(0, iteration - client.tasks[index].warmUp) * ToyRun.drawByteCount
                if draws.count < needed || draws[..<needed] != reference.draws[..<needed] {
                    violate(
                        "final check: the first draws of \(task.specification.label) differ from the sequential run")
                }
            } else if draws != reference.draws || task.result != reference.result {
                violate("final check: \(task.specification.label) differs from the sequential run")
            }
        }
    }

    // MARK: 7, 11: leases

    /// 7: a worker's own view of its lease ends first. Two clocks may differ by twice their drift over a lease. And an
    /// absence of the coordinator is nobody's expiry.
    mutating func checkExpiry(_ entry: LedgerEntry) {
        let tolerance = scenario.lease / 1_000_000 * Nanoseconds(4 * SimulatedClock.driftMax)
        if case .ended(_, "coordinator restarted", _, _) = entry, !scenario.isLocal,
            now + tolerance < coordinator.startedAt + 2 * scenario.lease
        {
            violate("an attempt was taken that its worker might still claim")
        }
        if case .ended(_, let outcome, _, _) = entry, outcome == "checkpoint refused" || outcome == "result refused",
            !scenario.hasCorruption
        {
            violate("an honest worker's word was refused: \(outcome)")
        }
        guard case .ended(let attempt, "worker lost", _, _) = entry else { return }
        if now + tolerance < coordinator.backSince + scenario.lease {
            violate("a lease was judged that nobody could renew while the coordinator was away")
        }
        for host in hosts {
            guard let end = host.process?.leases.end(of: attempt) else { continue }
            count("leases lost by living workers")
            if host.clock.time(of: end) > now + tolerance {
                violate("invariant 7: \(host.node) believes to hold what was taken from it")
            }
        }
    }

    /// 11: a worker that was alive and reachable for the whole lease does not lose it.
    mutating func checkFact(_ fact: LogFact) {
        switch fact {
        case .workerLost(let text):
            let lost = ": worker lost"
            guard text.hasSuffix(lost) else { break }
            count("leases lost")
            let name = text.dropLast(lost.count)
            for host in hosts where host.process.map({ $0.name == name }) == true && host.isReachable {
                // Where a word and its answer take as long as three heartbeats, which are two fifths of a lease, the worker
                // takes the coordinator for silent and says hello again and again.
                guard 5 * host.link.extraDelay < scenario.lease else { continue }
                // A turn may come a little late.
                if now >= host.undisturbedSince + scenario.lease + .milliseconds(1) {
                    violate("invariant 11: \(host.node) lost its lease, alive and reachable all the time")
                }
            }
            for host in hosts where host.process.map({ $0.name == name }) == true {
                if coordinator.process?.inbox.contains(where: { $0.connection == host.link.connection }) == true {
                    violate("invariant 11: \(host.node) lost its lease while its word lay unread")
                }
            }
        case .determinismViolation(let task):
            violate("final check: two results of task \(task.index + 1) differ")
        case .clockGap:
            count("clock gaps")
        case .protocolViolation:
            count("protocol violations")
        case .workerJoined, .workerLeft, .granted, .attemptEnded, .jobEnded, .taskQuarantined, .malformed, .drawsLost,
            .jobChanged, .workerSuspended, .noWorker, .settled:
            break
        }
    }

    // MARK: 10: drains

    /// A drained worker leaves nothing unacknowledged: what it has cut is stored, unless it is another's by now.
    mutating func checkDrained(_ worker: Int) {
        guard let process = hosts[worker].process, process.isDraining else { return }
        count("drains")
        for (attempt, iteration) in process.cuts where coordinator.durable.isCurrent(attempt) {
            if (coordinator.durable.task(attempt.task)?.iteration ?? 0) < iteration {
                violate("invariant 10: \(hosts[worker].node) left with a checkpoint that is not stored")
            }
        }
    }

    // MARK: Progress

    /// An attempt begins where the newest checkpoint was when it was granted.
    mutating func checkStart(_ attempt: AttemptID, iteration: Int) {
        guard let task = coordinator.durable.task(attempt.task), attempt.epoch <= UInt64(task.starts.count) else {
            violate("invariant 2: an attempt runs that was never granted")
            return
        }
        if task.starts[Int(attempt.epoch) - 1] != iteration {
            violate("an attempt starts at \(iteration), not at its checkpoint")
        }
        if iteration > 0 { count("resumptions") }
    }

    // MARK: 4, 6, 8: recounts

    /// 4: counters equal a recount. 6: bounds. 8: a replay gives the state of the live machine.
    mutating func recount() {
        guard let process = coordinator.process, violation == nil else { return }
        for worker in process.machine.workers {
            if worker.attempts.count > worker.slots { count("prefetched") }
            guard worker.attempts.count > worker.slots + Prefetch.roomMax(slots: worker.slots) else { continue }
            violate("invariant 6: \(worker.name) holds \(worker.attempts.count) grants on \(worker.slots) slots")
        }
        // Decisions that are not stored yet lie in the writer, in order.
        let pending = (process.batch + process.units).compactMap { unit in
            if case .entry(let entry, _, _) = unit { entry } else { nil }
        }
        let hasPending = !process.batch.isEmpty || !process.units.isEmpty || !process.requests.isEmpty
        let replayed = Coordinator(
            settings: settings, ledger: Self.ledger, epoch: process.epoch, build: "", kernels: kernels,
            replaying: coordinator.disk.entries + pending)
        guard replayed.jobs == process.machine.jobs else {
            violate("invariant 8: a replay has other jobs")
            return
        }
        for job in replayed.jobs.sorted() {
            guard let live = process.machine.snapshot(of: job), let stored = replayed.snapshot(of: job),
                let model = coordinator.decided.jobs[job]
            else { continue }
            if !hasPending, live.state != stored.state {
                violate("invariant 8: a replay says \(stored.state), the live machine \(live.state)")
            }
            if live.state.isOver, coordinator.durable.jobs[job]?.ending != live.state {
                violate("invariant 2: a job is seen to be \(live.state), which would not survive")
            }
            if stored.state != model.state {
                violate("invariant 4: the job is \(model.state) by the ledger, \(stored.state) by the machine")
            }
            for index in live.tasks.indices {
                recount(live.tasks[index], stored.tasks[index], model.tasks[index], isOpen: model.ending == nil)
            }
        }
    }

    private mutating func recount(
        _ live: JobSnapshot.Task, _ stored: JobSnapshot.Task, _ model: LedgerModel.Task, isOpen: Bool
    ) {
        if live.state != stored.state || live.blocks != stored.blocks || live.result != stored.result
            || live.cost != stored.cost || live.attempts.map(\.startIteration) != stored.attempts.map(\.startIteration)
            || live.attempts.map(\.outcome) != stored.attempts.map(\.outcome)
        {
            violate("invariant 8: a replay of \(live.specification.label) differs from the live machine")
        }
        if isOpen && stored.state != model.state || stored.blocks != model.blocks || stored.result != model.result
            || stored.attempts.map(\.startIteration) != model.starts
        {
            violate("invariant 4: \(live.specification.label) differs from a recount of the ledger")
        }
    }
}
