import Coordination
import Wire

/// One world from one seed: the production machines and codec, and everything around them simulated, on one thread and
/// in virtual time.
package struct Simulation {
    /// The name of the only ledger there is.
    static let ledger: UInt64 = 1

    /// What is going to happen.
    enum Event {
        case fault(Int)
        case relief(Int)
        case calm
        case submit(Int)
        case attend(Int)
        case startCoordinator
        case turn(life: Int)
        case commit(life: Int)
        case assembled(JobID, life: Int)
        case judged(JobID, end: Int, life: Int)
        case startWorker(Int)
        case wake(Int, life: Int)
        case iteration(Int, life: Int, SlotID, run: Int)
        case slotExit(Int, life: Int, SlotID)
        /// The host ends the worker.
        case walltime(Int, life: Int)
        case arrival(Letter)
        case connect(Int)
        case linkTimeout(Int, Direction, connection: UInt64)
    }

    /// How a world ended.
    package struct Report: Sendable {
        package var seed: UInt64
        /// The first rule that was broken, with the moment; nil when all held.
        package var violation: String?
        package var events: Int
        package var virtualTime: Nanoseconds
        /// Of every frame and entry in order: equal worlds have equal digests.
        package var digest: Digest
        package var timeline: Timeline
        /// When each job was over for whoever had submitted it; nil where it was not.
        package var ends: [Nanoseconds?]
        /// How often each kind of thing happened that a simulation is worth nothing without.
        package var counts: [String: Int]
    }

    /// The transport gives a connection up after so long without a sign, as a part of the lease.
    private static let linkTimeoutShare = (part: Nanoseconds(6), of: Nanoseconds(15))
    /// More events than any world has: one that does not end in time spins.
    private static let eventsMax = 2_000_000
    /// Events between two recounts.
    private static let recountInterval = 50

    let scenario: Scenario
    let bug: PlantedBug?
    let settings: CoordinatorSettings
    let kernels = ToyDigest.of(Array("kernels".utf8))

    var heap = EventHeap<Event>()
    var now: Nanoseconds = 0
    var isCalm = false
    var coordinator: CoordinatorHost
    var hosts: [WorkerHost]
    /// What the workers of a host share, where they do.
    var bundles: [Digest: [UInt8]] = [:]
    var clients: [Client]
    var lastEpoch: UInt64 = 0
    private var activeFaults: Set<Int> = []
    private var events = 0
    private(set) var violation: String?
    var running = ToyDigest()
    private let records: Bool
    private let recounts: Bool
    private var timeline = Timeline()
    var counts: [String: Int] = [:]

    /// - Parameters:
    ///   - bug: is planted.
    ///   - records: keeps a timeline, which takes time.
    ///   - recounts: adds up again and again what the machines have added up, which takes long where there are thousands
    ///     of tasks.
    package init(_ scenario: Scenario, bug: PlantedBug? = nil, records: Bool = false, recounts: Bool = true) {
        self.scenario = scenario
        self.bug = bug
        self.records = records
        self.recounts = recounts
        let kernels = kernels
        settings = CoordinatorSettings(
            lease: scenario.lease, checkpoint: scenario.checkpoint,
            tries: scenario.tries,
            workersDieWithCoordinator: scenario.isLocal)
        var chance = Chance(seed: scenario.seed, part: .coordinator)
        coordinator = CoordinatorHost(
            clock: Self.clock(scenario, &chance),
            disk: SimulatedDisk(chance: Chance(seed: scenario.seed, part: .disk)), chance: chance,
            decided: LedgerModel(settings), durable: LedgerModel(settings))
        hosts = scenario.workers.indices.map { index in
            var chance = Chance(seed: scenario.seed, part: .worker, index: index)
            let clock = Self.clock(scenario, &chance)
            let link = Link(
                worker: index, delay: scenario.delay, queueMax: scenario.queueMax,
                chance: Chance(seed: scenario.seed, part: .network, index: index))
            return WorkerHost(index: index, clock: clock, link: link, chance: chance)
        }
        clients = scenario.jobs.enumerated().map { Client($1, number: $0, kernels: kernels) }
        for (index, planned) in scenario.faults.enumerated() { heap.plan(.fault(index), at: planned.time) }
        for (index, job) in scenario.jobs.enumerated() { heap.plan(.submit(index), at: job.submittedAt) }
        heap.plan(.calm, at: scenario.calmFrom)
        heap.plan(.startCoordinator, at: 0)
        for index in hosts.indices { heap.plan(.startWorker(index), at: 0) }
    }

    private static func clock(_ scenario: Scenario, _ chance: inout Chance) -> SimulatedClock {
        guard scenario.isIrregular else { return SimulatedClock(offset: .seconds(1000), drift: 0) }
        let drift = chance.number(-SimulatedClock.driftMax...SimulatedClock.driftMax)
        return SimulatedClock(offset: chance.duration(.seconds(1)...(.seconds(100_000))), drift: drift)
    }

    /// Runs until all work is done, a rule is broken, or the work is overdue.
    package mutating func run() -> Report {
        while violation == nil, let (time, event) = heap.next() {
            now = max(now, time)
            if now > scenario.deadline {
                violate("liveness: \(unfinished) by \(now.asSeconds) s although nothing goes wrong any more")
                break
            }
            events += 1
            if events > Self.eventsMax { violate("liveness: more than \(Self.eventsMax) events") }
            happen(event)
            if recounts, events % Self.recountInterval == 0 { recount() }
            if clients.allSatisfy(\.isOver) { break }
        }
        if violation == nil { recount() }
        return Report(
            seed: scenario.seed, violation: violation, events: events, virtualTime: now, digest: running.digest,
            timeline: timeline, ends: clients.map(\.endedAt), counts: counts)
    }

    private var unfinished: String {
        clients.filter { !$0.isOver }.map { client in
            let state = client.job.flatMap { coordinator.decided.jobs[$0]?.state.rawValue } ?? "not accepted"
            return "'\(client.specification.name)' is \(state)"
        }.joined(separator: ", ")
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .fault(let index): begin(index)
        case .relief(let index): relieve(index)
        case .calm: beginCalm()
        case .submit(let client):
            clients[client].isDue = true
            submit(client)
        case .attend(let client): attend(client)
        case .startCoordinator: startCoordinator()
        case .turn(let life):
            guard coordinator.process?.life == life, coordinator.process?.turnAt == now else { break }
            takeTurn()
        case .commit(let life):
            if coordinator.process?.life == life { commit() }
        case .assembled(let job, let life):
            if coordinator.process?.life == life { finishAssembly(job) }
        case .judged(let job, let end, let life):
            if coordinator.process?.life == life { finishJudgement(job, end: end) }
        case .startWorker(let worker): startWorker(worker)
        case .wake(let worker, let life):
            guard hosts[worker].process?.life == life, hosts[worker].process?.wakeAt == now else { break }
            wake(worker)
        case .iteration(let worker, let life, let slot, let run):
            if hosts[worker].process?.life == life { endIteration(worker, slot, run: run) }
        case .slotExit(let worker, let life, let slot):
            if hosts[worker].process?.life == life { endSlot(worker, slot) }
        case .walltime(let worker, let life):
            if hosts[worker].process?.life == life { endByWalltime(worker) }
        case .arrival(let letter): arrive(letter)
        case .connect(let worker): connect(worker)
        case .linkTimeout(let worker, let direction, let connection):
            let link = hosts[worker].link
            if link.connection == connection, link.isClogged(direction) {
                breakConnection(worker, survivor: nil)
                note(hosts[worker].node, "the transport gives the connection up")
            }
        }
    }

    // MARK: Words

    mutating func violate(_ rule: String) {
        guard violation == nil else { return }
        violation = rule
        note("RULE", rule)
    }

    mutating func note(_ node: String, _ text: @autoclosure () -> String) {
        if records { timeline.add(now, node, text()) }
    }

    mutating func count(_ what: String) {
        counts[what, default: 0] += 1
    }

    // MARK: Faults

    private mutating func begin(_ index: Int) {
        guard !isCalm else { return }
        let fault = scenario.faults[index].fault
        if let duration = duration(of: fault) {
            activeFaults.insert(index)
            heap.plan(.relief(index), at: now + duration)
        }
        apply(fault)
    }

    private mutating func relieve(_ index: Int) {
        if activeFaults.remove(index) != nil { lift(scenario.faults[index].fault) }
    }

    private mutating func beginCalm() {
        for index in activeFaults.sorted() { relieve(index) }
        isCalm = true
        coordinator.fuse = nil
        coordinator.disk.failsNextSync = false
        coordinator.drawsToLose = 0
        if coordinator.process == nil { startCoordinator() }
        for host in hosts where host.process == nil { startWorker(host.index) }
        note("world", "from here on nothing goes wrong")
    }

    private func duration(of fault: Fault) -> Nanoseconds? {
        switch fault {
        case .pauseCoordinator(let duration), .slowCoordinator(_, let duration), .fillDisk(let duration),
            .slowDisk(_, let duration), .pauseWorker(_, let duration), .suspendHost(_, let duration),
            .hangSlot(_, _, let duration), .fillSpool(_, let duration), .clog(_, _, let duration),
            .loseMessages(_, _, let duration),
            .corruptMessages(_, _, let duration), .delayMessages(_, _, let duration):
            duration
        // A coordinator with nothing to do takes no step: it dies then all the same.
        case .crashCoordinator: .seconds(1)
        case .pauseJob(_, let duration): duration
        case .jumpCoordinatorClock, .failSync, .loseDraws, .killWorker, .drainWorker, .killSlot, .stopSlot, .growSlot,
            .breakConnection, .cancelJob, .prioritiseJob:
            nil
        }
    }

    private mutating func apply(_ fault: Fault) {
        switch fault {
        case .crashCoordinator(let crash, let steps, let away):
            guard coordinator.process != nil else { break }
            // Here and not at the crash, which may lie between a decision and its effects.
            recount()
            coordinator.fuse = CoordinatorHost.Fuse(crash: crash, steps: steps, away: away)
        case .pauseCoordinator:
            note("coordinator", "stands still")
            if coordinator.pauses == 0 { coordinator.pausedSince = now }
            coordinator.pauses += 1
        case .slowCoordinator(let cost, _):
            note("coordinator", "needs \(cost.asSeconds) s for a message")
            coordinator.messageCost += cost
        case .jumpCoordinatorClock(let duration):
            note("coordinator", "the clock jumps by \(duration.asSeconds) s")
            coordinator.clock.jump(by: duration)
            coordinator.backSince = now
            disturbAll()
            planTurn()
        case .fillDisk:
            note("coordinator", "the disk is full")
            coordinator.fullDisks += 1
            coordinator.disk.isFull = true
        case .slowDisk(let cost, _):
            note("coordinator", "a commit takes \(cost.asSeconds) s more")
            coordinator.commitCost += cost
        case .failSync:
            coordinator.disk.failsNextSync = true
        case .loseDraws:
            coordinator.drawsToLose += 1
        case .killWorker(let worker, let away):
            guard hosts[worker].process != nil else { break }
            note(hosts[worker].node, "is killed")
            endProcess(of: worker, away: away)
        case .pauseWorker(let worker, _):
            note(hosts[worker].node, "stands still")
            pause(worker, host: false)
        case .suspendHost(let worker, _):
            note(hosts[worker].node, "its host is suspended")
            pause(worker, host: true)
        case .drainWorker(let worker, let away):
            requestDrain(worker, away: away)
        case .killSlot(let worker, let slot):
            killSlot(worker, slot)
        case .hangSlot(let worker, let slot, _):
            note(hosts[worker].node, "slot \(slot + 1) stands still")
            hosts[worker].process?.slots[slot].hangs += 1
        case .stopSlot(let worker, let slot):
            stopSlot(worker, slot)
        case .growSlot(let worker, let slot):
            growSlot(worker, slot)
        case .fillSpool(let worker, _):
            note(hosts[worker].node, "the disk is full")
            hosts[worker].fullSpools += 1
        case .breakConnection(let worker):
            note(hosts[worker].node, "the connection breaks")
            breakConnection(worker, survivor: hosts[worker].chance.element(of: [.toCoordinator, .toWorker, nil]))
        case .clog(let worker, let directions, _):
            note(hosts[worker].node, "nothing passes \(Self.words(directions))")
            for direction in directions { clog(worker, direction) }
        case .loseMessages(let worker, let probability, _):
            note(hosts[worker].node, "messages are lost")
            hosts[worker].link.lossProbability += probability
        case .corruptMessages(let worker, let probability, _):
            note(hosts[worker].node, "messages are damaged")
            hosts[worker].link.corruptionProbability += probability
        case .delayMessages(let worker, let delay, _):
            note(hosts[worker].node, "messages take \(delay.asSeconds) s more")
            hosts[worker].link.extraDelay += delay
            disturb(worker)
        case .cancelJob(let client):
            clients[client].wantsCancel = true
            cancel(client)
        case .pauseJob(let client, _):
            clients[client].pauses += 1
            clients[client].wasPaused = true
            pauseOrResume(client)
        case .prioritiseJob(let client, let priority):
            clients[client].priority = priority
            prioritise(client)
        }
    }

    private mutating func lift(_ fault: Fault) {
        switch fault {
        case .crashCoordinator:
            if let fuse = coordinator.fuse { crash(fuse.crash, away: fuse.away) }
        case .pauseCoordinator:
            coordinator.pauses -= 1
            if coordinator.pauses == 0 { resumeCoordinator() }
        case .slowCoordinator(let cost, _):
            coordinator.messageCost -= cost
            // What it was at is done at once: a turn of many slow messages would last for minutes.
            coordinator.process?.busyUntil = now
            disturbAll()
            planTurn(at: now)
        case .fillDisk:
            coordinator.fullDisks -= 1
            coordinator.disk.isFull = coordinator.fullDisks > 0
            note("coordinator", "the disk has room")
            askAgain()
        case .slowDisk(let cost, _):
            coordinator.commitCost -= cost
        case .pauseWorker(let worker, _):
            hosts[worker].pauses -= 1
            resumeWorker(worker)
        case .suspendHost(let worker, _):
            hosts[worker].suspensions -= 1
            resumeWorker(worker)
        case .hangSlot(let worker, let slot, _):
            guard let hangs = hosts[worker].process?.slots[slot].hangs, hangs > 0 else { break }
            hosts[worker].process?.slots[slot].hangs -= 1
            resumeSlot(worker, slot)
        case .fillSpool(let worker, _):
            note(hosts[worker].node, "the disk has room")
            hosts[worker].fullSpools -= 1
        case .clog(let worker, let directions, _):
            for direction in directions { unclog(worker, direction) }
            note(hosts[worker].node, "messages pass again")
        case .loseMessages(let worker, let probability, _):
            hosts[worker].link.lossProbability -= probability
            if hosts[worker].link.lossProbability < 1e-9 { hosts[worker].link.lossProbability = 0 }
        case .corruptMessages(let worker, let probability, _):
            hosts[worker].link.corruptionProbability -= probability
            if hosts[worker].link.corruptionProbability < 1e-9 { hosts[worker].link.corruptionProbability = 0 }
        case .delayMessages(let worker, let delay, _):
            hosts[worker].link.extraDelay -= delay
            disturb(worker)
        case .pauseJob(let client, _):
            clients[client].pauses -= 1
            pauseOrResume(client)
        case .jumpCoordinatorClock, .failSync, .loseDraws, .killWorker, .drainWorker, .killSlot, .stopSlot, .growSlot,
            .breakConnection, .cancelJob, .prioritiseJob:
            break
        }
    }

    private static func words(_ directions: [Direction]) -> String {
        directions.count == 2
            ? "either way" : directions == [.toCoordinator] ? "to the coordinator" : "from the coordinator"
    }

    // MARK: Network

    /// What the host says or hears from now on may be late: no lease can be held against anyone for what was before.
    mutating func disturb(_ worker: Int) {
        let link = hosts[worker].link
        hosts[worker].undisturbedSince = max(
            hosts[worker].undisturbedSince, now, link.lastArrival[0], link.lastArrival[1])
    }

    mutating func disturbAll() {
        for worker in hosts.indices { disturb(worker) }
    }

    mutating func send(_ frames: [[UInt8]], _ direction: Direction, connection: UInt64) {
        for frame in frames { running.append(frame.count > 256 ? Array(frame[..<256]) : frame) }
        let worker = Link.worker(of: connection)
        var letter = Letter(frames: frames, connection: connection, direction: direction)
        let wasOurs = hosts[worker].link.connection == connection
        guard let time = hosts[worker].link.send(&letter, at: now) else {
            if wasOurs { count("messages lost") }
            disturb(worker)
            return
        }
        heap.plan(.arrival(letter), at: time)
    }

    private mutating func arrive(_ letter: Letter) {
        let worker = Link.worker(of: letter.connection)
        guard hosts[worker].link.arrive(letter, at: now) else { return }
        deliver(letter)
    }

    private mutating func deliver(_ letter: Letter) {
        switch letter.direction {
        case .toCoordinator:
            guard coordinator.process != nil else { break }
            coordinator.process?.inbox.append((letter.frames, letter.connection))
            planTurn(at: now)
        case .toWorker:
            receive(letter.frames, at: Link.worker(of: letter.connection))
        }
    }

    private mutating func clog(_ worker: Int, _ direction: Direction) {
        hosts[worker].link.clog(direction)
        disturb(worker)
        planLinkTimeout(worker, direction)
    }

    private mutating func unclog(_ worker: Int, _ direction: Direction) {
        disturb(worker)
        for letter in hosts[worker].link.unclog(direction) { deliver(letter) }
    }

    var linkTimeout: Nanoseconds { scenario.lease / Self.linkTimeoutShare.of * Self.linkTimeoutShare.part }

    private mutating func planLinkTimeout(_ worker: Int, _ direction: Direction) {
        guard let connection = hosts[worker].link.connection else { return }
        heap.plan(.linkTimeout(worker, direction, connection: connection), at: now + linkTimeout)
    }

    mutating func breakConnection(_ worker: Int, survivor: Direction?) {
        guard hosts[worker].link.connection != nil else { return }
        count("connections broken")
        hosts[worker].link.breakConnection(survivor: survivor, at: now)
        disturb(worker)
        planConnection(worker)
    }

    /// The transport tries again, with pauses, as long as there is a process.
    mutating func planConnection(_ worker: Int) {
        let pause: Nanoseconds =
            scenario.isIrregular
            ? hosts[worker].chance.skewedDuration(.milliseconds(1)...(.seconds(2))) : .milliseconds(100)
        hosts[worker].connectionTries += 1
        heap.plan(.connect(worker), at: now + pause)
    }

    private mutating func connect(_ worker: Int) {
        hosts[worker].connectionTries -= 1
        guard hosts[worker].connectionTries == 0, hosts[worker].process != nil, hosts[worker].link.connection == nil
        else { return }
        guard coordinator.process != nil, coordinator.pauses == 0, !hosts[worker].isPaused,
            hosts[worker].link.isOpenBothWays
        else {
            planConnection(worker)
            return
        }
        let connection = hosts[worker].link.open()
        note(hosts[worker].node, "connected")
        disturb(worker)
        if let letter = hosts[worker].link.letterThatComesTwice() {
            count("messages duplicated")
            send(letter.frames, .toCoordinator, connection: connection)
        }
    }
}
