import Coordination
import Wire

// The workers' processes: agents with the production machine, and slots that compute toy chains.
extension Simulation {
    // MARK: Start and end

    mutating func startWorker(_ worker: Int) {
        guard hosts[worker].process == nil else { return }
        hosts[worker].lives += 1
        let life = hosts[worker].lives
        let name = "\(hosts[worker].node).\(life)"
        let identity = WorkerIdentity(
            // Whoever finds a spool goes on under the name that it was filled under.
            instance: bytesOfWord(UInt64(worker)) + bytesOfWord(scenario.spool == nil ? UInt64(life) : 0), name: name,
            slots: scenario.workers[worker], binary: kernels, kernels: kernels)
        // Hosts that are too short-lived for any progress are something that goes wrong.
        let walltime = isCalm ? nil : scenario.walltime
        let machine = Worker(
            settings: WorkerSettings(
                orphanLimit: scenario.orphanLimit, walltime: walltime, lifetime: isCalm ? nil : scenario.lifetime,
                drainLimit: scenario.drainLimit, stall: scenario.stall, slotMemoryMax: Scenario.slotMemory,
                spoolByteCountMax: scenario.spool), identity: identity, recovered: recoveredOutcomes(at: worker),
            makeDigest: { ToyDigest() }, at: hosts[worker].clock.reading(at: now))
        if let walltime {
            let end = hosts[worker].clock.time(of: hosts[worker].clock.reading(at: now) + walltime)
            heap.plan(.walltime(worker, life: life), at: end)
        }
        let slots = Array(repeating: SimulatedSlot(), count: scenario.workers[worker])
        hosts[worker].process = WorkerProcess(machine: machine, life: life, name: name, slots: slots)
        note(hosts[worker].node, "starts")
        disturb(worker)
        planConnection(worker)
        wake(worker)
    }

    /// The agent is gone, and its slots with it.
    mutating func endProcess(of worker: Int, away: Nanoseconds) {
        count("workers gone")
        let name = hosts[worker].process?.name
        hosts[worker].process = nil
        if scenario.isLocal, let name, coordinator.process != nil {
            coordinator.process?.requests.append(.workerEnded(name))
            planTurn(at: now)
        }
        hosts[worker].link.breakConnection(survivor: .toCoordinator, at: now)
        disturb(worker)
        heap.plan(.startWorker(worker), at: now + (isCalm ? .seconds(1) : away))
    }

    mutating func requestDrain(_ worker: Int, away: Nanoseconds) {
        guard hosts[worker].process != nil else { return }
        hosts[worker].awayAfterDrain = away
        if hosts[worker].process?.isDraining == true {
            // Asked twice it leaves at once.
            hosts[worker].process?.wasHurried = true
        }
        if hosts[worker].isPaused { hosts[worker].process?.stoodStillInDrain = true }
        handle(.drainRequested, at: worker)
    }

    /// Whoever has not left by then is killed.
    mutating func endByWalltime(_ worker: Int) {
        note(hosts[worker].node, "the host's time is over")
        count("walltimes run into")
        endProcess(of: worker, away: .seconds(5))
    }

    mutating func growSlot(_ worker: Int, _ slot: Int) {
        guard hosts[worker].process != nil else { return }
        count("slots out of memory")
        report(.memory(byteCount: Scenario.slotMemory + 1), from: slot, of: worker)
    }

    mutating func pause(_ worker: Int, host: Bool) {
        if !hosts[worker].isPaused { hosts[worker].pausedSince = now }
        if host { hosts[worker].suspensions += 1 } else { hosts[worker].pauses += 1 }
        if hosts[worker].process?.isDraining == true { hosts[worker].process?.stoodStillInDrain = true }
        disturb(worker)
    }

    mutating func resumeWorker(_ worker: Int) {
        if hosts[worker].suspensions == 0 {
            for slot in 0..<scenario.workers[worker] { resumeSlot(worker, slot) }
        }
        guard !hosts[worker].isPaused else { return }
        note(hosts[worker].node, "goes on")
        disturb(worker)
        guard hosts[worker].process != nil else { return }
        if now - hosts[worker].pausedSince > linkTimeout { breakConnection(worker, survivor: .toWorker) }
        let pipe = hosts[worker].process?.pipe ?? []
        hosts[worker].process?.pipe = []
        for (slot, event) in pipe { handle(.slot(slot, event), at: worker) }
        let inbox = hosts[worker].process?.inbox ?? []
        hosts[worker].process?.inbox = []
        for frames in inbox { receive(frames, at: worker) }
        wake(worker)
    }

    // MARK: The agent's thread

    /// A turn in which the socket was found empty.
    mutating func wake(_ worker: Int) {
        hosts[worker].process?.wakeAt = .max
        guard !hosts[worker].isPaused else { return }
        handle(.tick, at: worker)
    }

    mutating func receive(_ frames: [[UInt8]], at worker: Int) {
        guard hosts[worker].process != nil else { return }
        guard !hosts[worker].isPaused else {
            hosts[worker].process?.inbox.append(frames)
            return
        }
        guard var envelope = try? MessageCodec.decode(CoordinatorMessage.self, frames: frames) else {
            count("frames refused")
            disturb(worker)
            return
        }
        if bug == .silentDrain, let drain = hosts[worker].process?.drain { envelope = drain.incoming(envelope) }
        if bug == .restartFromZero, case .assign(let grants) = envelope.message {
            // The state is ignored from the first: nothing of it is fetched.
            envelope.message = .assign(
                grants.map { grant in
                    var grant = grant
                    grant.start = nil
                    return grant
                })
        }
        let reading = hosts[worker].clock.reading(at: now)
        hosts[worker].process?.leases.noteReceived(
            envelope.message, at: reading, countsFromReceipt: bug == .leaseFromReceipt)
        handle(.received(envelope), at: worker)
    }

    private mutating func handle(_ event: WorkerEvent, at worker: Int) {
        let reading = hosts[worker].clock.reading(at: now)
        guard let effects = hosts[worker].process?.machine.handle(event, at: reading) else { return }
        carryOut(effects, at: worker)
        guard let process = hosts[worker].process else { return }
        let due = max(hosts[worker].clock.time(of: process.machine.nextDeadline), now + .milliseconds(1))
        guard due < process.wakeAt else { return }
        hosts[worker].process?.wakeAt = due
        heap.plan(.wake(worker, life: process.life), at: due)
    }

    private mutating func carryOut(_ effects: [WorkerEffect], at worker: Int) {
        var answers: [WorkerEvent] = []
        for effect in effects {
            switch effect {
            case .send(let envelope): send(envelope, from: worker)
            case .run(let slot, let grant, let inputs, let state, let interval):
                run(grant, inputs: inputs, state: state, interval: interval, in: slot, of: worker)
            case .accepted(let slot):
                let seconds = hosts[worker].clock.reading(at: now).asSeconds
                hosts[worker].process?.slots[slot].work?.rhythm.noteStored(1, at: seconds)
            case .stop(let slot): hosts[worker].process?.slots[slot].work?.isStopping = true
            case .kill(let slot): killSlot(worker, slot)
            case .exit(let code):
                note(hosts[worker].node, "leaves with code \(code)")
                if code == 0 { checkDrained(worker) } else { checkSpooled(worker) }
                endProcess(of: worker, away: hosts[worker].awayAfterDrain)
                return
            case .spool(let outcome):
                let answer = spool(outcome, at: worker)
                if case .spoolRefused = answer { hosts[worker].process?.missedSpool = true }
                answers.append(answer)
            case .unspool(let numbers):
                for number in numbers { hosts[worker].spool[number] = nil }
            case .lookUp(let digest):
                answers.append(.lookedUp(digest, hostCopy(of: digest, at: worker)))
            case .share(let digest, let bytes):
                if scenario.sharesBundles { bundles[digest] = bytes }
            case .log(let fact):
                if case .draining = fact { hosts[worker].process?.isDraining = true }
                note(hosts[worker].node, Self.words(fact))
            }
        }
        for answer in answers { handle(answer, at: worker) }
    }

    /// All workers are on one host, where blobs are shared. Of two of them one leaves it to the other to fetch a blob that
    /// is not there: that one may be gone.
    private func hostCopy(of digest: Digest, at worker: Int) -> HostCopy {
        guard scenario.sharesBundles else { return .none }
        if let bytes = bundles[digest] { return .whole(bytes) }
        return worker % 2 == 0 ? .none : .onItsWay
    }

    private mutating func send(_ envelope: Envelope<WorkerMessage>, from worker: Int) {
        var envelope = envelope
        if bug == .silentDrain {
            let isDraining = hosts[worker].process?.isDraining == true
            guard let remaining = hosts[worker].process?.drain.outgoing(envelope, isDraining: isDraining) else {
                return
            }
            envelope = remaining
        }
        let reading = hosts[worker].clock.reading(at: now)
        hosts[worker].process?.leases.noteSent(envelope.message, at: reading)
        guard let connection = hosts[worker].link.connection else { return }
        send(MessageCodec.encode(envelope), .toCoordinator, connection: connection)
    }

    // MARK: Slots

    private mutating func run(
        _ grant: Grant, inputs: [[UInt8]], state: [UInt8]?, interval: Nanoseconds, in slot: SlotID, of worker: Int
    ) {
        guard var task = ToyTask(payload: grant.payload), let client = client(of: grant.attempt.task.job) else {
            violate("a task came that nobody submitted")
            return
        }
        let index = Int(grant.attempt.task.index)
        let waits = client.specification.schedule?.waiting.contains(index) == true
        let scoutDraws = waits ? client.scoutDraws : []
        guard inputs.first == client.bundle.bytes, inputs.dropFirst().flatMap(\.self) == scoutDraws else {
            violate("a task came without its inputs")
            return
        }
        var run = ToyRun(task, reading: scoutDraws)
        if let start = grant.start {
            guard let state, state == client.references[index].states[start.iteration],
                let resumed = ToyRun(task, state: state, chain: start.chain)
            else {
                violate("a state came that is not the one at iteration \(start.iteration)")
                return
            }
            run = resumed
        }
        if bug == .streamKeyedByWorker {
            task.key ^= UInt64(worker + 1) << 48
            run = ToyRun(task, from: run)
        }
        checkStart(grant.attempt, iteration: run.iteration)
        hosts[worker].process?.runs += 1
        guard let number = hosts[worker].process?.runs else { return }
        let seconds = hosts[worker].clock.reading(at: now).asSeconds
        hosts[worker].process?.slots[slot].work = SimulatedSlot.Work(
            number: number, attempt: grant.attempt, run: run, pace: client.paces[index],
            failsAt: client.failures[index], beganAt: now,
            rhythm: CheckpointRhythm(interval: interval.asSeconds, at: seconds))
        planIteration(worker, slot)
    }

    func client(of job: JobID) -> Client? { clients.first { $0.job == job } ?? unansweredClient(of: job) }

    /// The client's answer may have been lost with the coordinator that decided it.
    private func unansweredClient(of job: JobID) -> Client? {
        guard let digest = coordinator.durable.jobs[job]?.specification.digest else { return nil }
        return clients.first { $0.specification.digest == digest }
    }

    private mutating func planIteration(_ worker: Int, _ slot: SlotID) {
        guard let process = hosts[worker].process, let work = process.slots[slot].work else { return }
        let pace =
            scenario.isIrregular
            ? hosts[worker].chance.duration(work.pace / 2...work.pace * 3 / 2) : work.pace
        heap.plan(.iteration(worker, life: process.life, slot, run: work.number), at: now + pace)
    }

    mutating func resumeSlot(_ worker: Int, _ slot: SlotID) {
        guard let state = hosts[worker].process?.slots[slot], state.hasStalled, !state.standsStill,
            hosts[worker].suspensions == 0
        else { return }
        hosts[worker].process?.slots[slot].hasStalled = false
        planIteration(worker, slot)
    }

    /// One iteration, and what a slot does at its end: the order is that of the production executor.
    mutating func endIteration(_ worker: Int, _ slot: SlotID, run number: Int) {
        guard let state = hosts[worker].process?.slots[slot], var work = state.work, work.number == number else {
            return
        }
        guard !state.standsStill, hosts[worker].suspensions == 0 else {
            hosts[worker].process?.slots[slot].hasStalled = true
            return
        }
        count("iterations")
        // A state of the last iteration may be handed in: then only the result is missing.
        if !work.run.isFinished { work.run.step() }
        let seconds = hosts[worker].clock.reading(at: now).asSeconds
        var events: [SlotEvent] = [
            .progress(
                iteration: work.run.iteration, isWarmingUp: work.run.isWarmingUp, divergences: 0, stepSize: 1,
                gradientEvaluations: work.run.iteration)
        ]
        if work.run.iteration == work.failsAt {
            hosts[worker].process?.slots[slot].work = nil
            report(.failed(text: "the model refuses"), from: slot, of: worker)
            return
        }
        let isDue = work.rhythm.isDue(at: seconds, blockByteCount: work.run.blockByteCount)
        if work.isStopping || work.run.isFinished || isDue && work.rhythm.mayCut {
            events.append(cut(&work, at: seconds))
            hosts[worker].process?.cuts[work.attempt] = work.run.iteration
        }
        let isOver = work.isStopping || work.run.isFinished
        if work.isStopping {
            events.append(.stopped)
        } else if work.run.isFinished {
            let cost = AttemptCost(
                gradientEvaluations: work.run.iteration, divergences: 0, cpuNanoseconds: 0,
                wallNanoseconds: now - work.beganAt)
            events.append(.finished(digest: work.run.chain, cost: cost))
        }
        hosts[worker].process?.slots[slot].work = isOver ? nil : work
        if !isOver { planIteration(worker, slot) }
        for event in events { report(event, from: slot, of: worker) }
    }

    private func cut(_ work: inout SimulatedSlot.Work, at seconds: Double) -> SlotEvent {
        let before = work.run.chain
        let block = work.run.takeBlock()
        let state = work.run.state
        work.rhythm.noteCut(stateByteCount: state.count, blockByteCount: block.count, at: seconds)
        return .checkpoint(
            iteration: work.run.iteration, state: ToyDigest.blob(state),
            block: block.isEmpty ? nil : ToyDigest.blob(block), chainBefore: before, chainAfter: work.run.chain)
    }

    /// Through the pipe, which is read when the agent runs.
    private mutating func report(_ event: SlotEvent, from slot: SlotID, of worker: Int) {
        if hosts[worker].isPaused {
            hosts[worker].process?.pipe.append((slot, event))
        } else {
            handle(.slot(slot, event), at: worker)
        }
    }

    mutating func stopSlot(_ worker: Int, _ slot: Int) {
        // A process that is idle or ending does not show that it stands still.
        guard let state = hosts[worker].process?.slots[slot], state.work != nil, !state.isEnding else { return }
        note(hosts[worker].node, "slot \(slot + 1) stands still for good")
        count("slots stopped")
        hosts[worker].process?.slots[slot].isStopped = true
    }

    mutating func killSlot(_ worker: Int, _ slot: SlotID) {
        guard let process = hosts[worker].process, !process.slots[slot].isEnding else { return }
        note(hosts[worker].node, "slot \(slot + 1) is killed")
        count("slots killed")
        hosts[worker].process?.slots[slot].work = nil
        hosts[worker].process?.slots[slot].hasStalled = false
        hosts[worker].process?.slots[slot].isEnding = true
        let delay: Nanoseconds =
            scenario.isIrregular
            ? hosts[worker].chance.skewedDuration(.milliseconds(1)...(.milliseconds(500))) : .milliseconds(5)
        heap.plan(.slotExit(worker, life: process.life, slot), at: now + delay)
    }

    mutating func endSlot(_ worker: Int, _ slot: SlotID) {
        hosts[worker].process?.slots[slot].isEnding = false
        hosts[worker].process?.slots[slot].isStopped = false
        // What it was told meanwhile went into the pipe of a dead process.
        hosts[worker].process?.slots[slot].work = nil
        report(.exited(text: "the slot process: signal 9", failure: .signal), from: slot, of: worker)
    }
}
