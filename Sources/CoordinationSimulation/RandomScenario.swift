import Coordination

// What a seed decides before a world begins.
extension Scenario {
    /// The world of a seed: some are quiet, some have many faults, and most have kinds of faults of their own, so that
    /// each kind meets long runs without the others.
    package init(seed: UInt64) {
        var chance = Chance(seed: seed, part: .scenario)
        let workers = (0..<chance.number(1...4)).map { _ in chance.element(of: [1, 1, 2, 3]) }
        let pace = chance.skewedDuration(.milliseconds(200)...(.seconds(chance.happens(0.1) ? 30 : 3)))
        let large = chance.happens(0.01)
        var jobs = (0..<chance.element(of: [1, 1, 2])).map { number in
            Job(
                name: "job \(number + 1)", priority: chance.number(0...2),
                submittedAt: chance.duration(0...(.seconds(20))),
                tasks: (0..<chance.number(1...4)).map { _ in
                    let iterations = chance.number(5...(pace > .seconds(5) ? 8 : 40))
                    return Task(
                        key: UInt64(chance.number(1...1 << 40)), iterations: iterations,
                        warmUp: chance.number(0...iterations / 2), stateByteCount: large ? (1 << 20) + 100 : 40,
                        pace: chance.skewedDuration(pace / 2...pace * 2),
                        failsAt: chance.happens(0.01) ? chance.number(1...iterations) : nil)
                })
        }
        for index in jobs.indices where chance.happens(0.25) {
            jobs[index] = Self.scheduled(jobs[index], from: &chance)
        }
        if chance.happens(0.3) {
            // The same content under another job: states and blocks of the two are the same blobs.
            var again = jobs[0]
            again.name = "again"
            again.submittedAt = chance.duration(0...(.seconds(60)))
            jobs.append(again)
        }
        self.init(seed: seed, workers: workers, jobs: jobs)
        calmFrom = .seconds(Double(chance.number(20...120)))
        checkpoint = chance.skewedDuration(.milliseconds(300)...(.seconds(5)))
        // Spent tries end a job; most worlds are about what must not be lost.
        tries = .countless
        if !chance.happens(0.9) {
            tries = TryLimits()
            tries.circumstances = chance.number(0...3)
        }
        if chance.happens(0.1) { orphanLimit = .seconds(Double(chance.number(10...60))) }
        if chance.happens(0.1) {
            isLocal = true
            orphanLimit = 0
        }
        if chance.happens(0.4), !isLocal { spool = chance.happens(0.2) ? 4096 : 1 << 30 }
        if chance.happens(0.1) { walltime = .seconds(Double(chance.number(40...200))) }
        if chance.happens(0.1) { lifetime = .seconds(Double(chance.number(20...200))) }
        if chance.happens(0.2) { drainLimit = .seconds(15) }
        let slowest = chance.skewedDuration(.milliseconds(1)...(.milliseconds(500)))
        delay = .milliseconds(0.1)...slowest
        commit = .milliseconds(0.3)...chance.skewedDuration(.milliseconds(1)...(.seconds(1)))
        messagesPerTurnMax = chance.element(of: [1, 4, 256])
        queueMax = chance.element(of: [8, 1000, 1000])
        isIrregular = true
        sharesBundles = seed % 2 == 0
        // What comes when the work is done disturbs nobody.
        let work = jobs.flatMap(\.tasks).reduce(0) { $0 + Nanoseconds($1.iterations) * $1.pace }
        let horizon = 2 * work / Nanoseconds(workers.reduce(0, +)) + .seconds(20)
        faults = Self.faults(
            workers: workers, jobs: jobs.count, until: min(calmFrom, horizon), lease: lease, from: &chance)
        if chance.happens(0.15) { self.jobs.append(Self.short(from: &chance)) }
        if chance.happens(0.05) { poisonTask(from: &chance) }
    }

    /// A job of so many tasks, and such short ones, that they are handed out ahead.
    private static func short(from chance: inout Chance) -> Job {
        let pace = chance.skewedDuration(.milliseconds(1)...(.milliseconds(20)))
        // A few take much longer than the others let think.
        let stray = chance.happens(0.3) ? chance.number(8...30) : 0
        return Job(
            name: "short", priority: chance.number(0...2), submittedAt: chance.duration(0...(.seconds(20))),
            tasks: (0..<chance.number(12...60)).map { index in
                Task(
                    key: UInt64(chance.number(1...1 << 40)), iterations: 5, warmUp: 2, stateByteCount: 40,
                    pace: index + 1 == stray ? .seconds(2) : pace)
            })
    }

    /// No worker gets one task beyond an iteration: it is quarantined, for an operator to look at.
    private mutating func poisonTask(from chance: inout Chance) {
        tries.workersAtOnePlace = TryLimits().workersAtOnePlace
        let job = chance.number(0...jobs.count - 1)
        let task = chance.number(0...jobs[job].tasks.count - 1)
        jobs[job].tasks[task].failsAt = chance.number(1...jobs[job].tasks[task].iterations)
    }

    /// With a scout or none before its chains, which have as many iterations, and rounds after which they may end; and with
    /// tasks after them that wait for the scout, with the chains or alone.
    private static func scheduled(_ job: Job, from chance: inout Chance) -> Job {
        var job = job
        let scouts = chance.number(0...min(1, job.tasks.count - 1))
        let (iterations, warmUp) = (job.tasks[scouts].iterations, job.tasks[scouts].warmUp)
        let chains = scouts..<chance.number(scouts + 1...job.tasks.count)
        for index in chains {
            (job.tasks[index].iterations, job.tasks[index].warmUp) = (iterations, warmUp)
        }
        let ends = Set([iterations / 3, 2 * iterations / 3]).filter { $0 > warmUp }.sorted()
        let first = chance.happens(0.5) ? chains.lowerBound : chains.upperBound
        let schedule = ChainSchedule(
            chains: chains, scouted: first..<job.tasks.count, rounds: chance.happens(0.8) ? ends + [iterations] : [])
        return job.scheduled(schedule, enoughAt: chance.number(1...iterations))
    }

    private static func faults(
        workers: [Int], jobs: Int, until horizon: Nanoseconds, lease: Nanoseconds, from chance: inout Chance
    ) -> [PlannedFault] {
        var faults: [PlannedFault] = []
        // Weights of the kinds: most are drawn out of most worlds.
        let weights = (0..<kindCount).map { _ in chance.happens(0.6) ? 0 : chance.number(1...4) }
        let total = weights.reduce(0, +)
        if total > 0 {
            for _ in 0..<chance.element(of: [0, 3, 6, 12, 20]) {
                var rest = chance.number(0...total - 1)
                var kind = 0
                while rest >= weights[kind] {
                    rest -= weights[kind]
                    kind += 1
                }
                let time = chance.duration(0...horizon)
                faults += fault(kind, at: time, workers: workers, jobs: jobs, lease: lease, from: &chance)
            }
        }
        if chance.happens(0.15) {
            faults.append(
                PlannedFault(at: chance.duration(0...horizon), .cancelJob(chance.number(0...jobs - 1))))
        }
        return faults.sorted { $0.time < $1.time }
    }

    private static let kindCount = 25

    private static func fault(
        _ kind: Int, at time: Nanoseconds, workers: [Int], jobs: Int, lease: Nanoseconds, from chance: inout Chance
    ) -> [PlannedFault] {
        let worker = chance.number(0...workers.count - 1)
        let slot = chance.number(0...workers[worker] - 1)
        /// Shorter and longer than a lease.
        let length =
            chance.happens(0.3) ? chance.duration(lease...3 * lease) : chance.skewedDuration(.milliseconds(100)...lease)
        let crash: Crash = chance.happens(0.5) ? .killed : .powerLost
        func one(_ fault: Fault) -> [PlannedFault] { [PlannedFault(at: time, fault)] }
        switch kind {
        case 0, 1:
            let away = chance.skewedDuration(.milliseconds(100)...lease * 3)
            return one(.crashCoordinator(crash, afterSteps: chance.number(0...30), away: away))
        case 2: return one(.pauseCoordinator(length))
        case 3:
            // Beyond half a lease a turn is a gap.
            let cost = chance.skewedDuration(.milliseconds(50)...lease * 2 / 5)
            return one(.slowCoordinator(perMessage: cost, during: length))
        case 4: return one(.jumpCoordinatorClock(lease / 2 + length))
        case 5: return one(.fillDisk(during: length))
        case 6:
            return one(
                .slowDisk(perCommit: chance.skewedDuration(.milliseconds(10)...(.seconds(5))), during: length))
        case 7: return one(.failSync)
        case 8: return one(.killWorker(worker, away: length))
        case 9: return one(.pauseWorker(worker, during: length))
        case 10: return one(.suspendHost(worker, during: length))
        case 11: return one(.drainWorker(worker, away: length))
        case 12: return one(.killSlot(worker: worker, slot: slot))
        case 13: return one(.hangSlot(worker: worker, slot: slot, during: length))
        case 14: return one(.breakConnection(worker))
        case 15:
            let directions: [Direction] =
                chance.element(of: [[.toCoordinator, .toWorker], [.toCoordinator], [.toWorker]])
            return one(.clog(worker, directions, during: length))
        case 16:
            let probability = chance.element(of: [0.02, 0.1, 0.3])
            return one(
                chance.happens(0.7)
                    ? .loseMessages(worker, probability: probability, during: length)
                    : .corruptMessages(worker, probability: probability, during: length))
        case 17:
            return one(
                .delayMessages(
                    worker, by: chance.skewedDuration(.milliseconds(10)...(.seconds(8))), during: length))
        case 18: return one(.stopSlot(worker: worker, slot: slot))
        case 19: return one(.growSlot(worker: worker, slot: slot))
        case 20: return one(.fillSpool(worker, during: length))
        case 21: return one(.pauseJob(chance.number(0...jobs - 1), during: length))
        case 22: return one(.prioritiseJob(chance.number(0...jobs - 1), chance.number(-1...3)))
        case 23: return one(.loseDraws)
        default:
            // Swizzled clogging: links clog one by one and heal in another order.
            var begin = time
            return workers.indices.map { worker in
                begin += chance.duration(0...(.seconds(2)))
                let end = chance.skewedDuration(.milliseconds(100)...lease * 2)
                return PlannedFault(at: begin, .clog(worker, [.toCoordinator, .toWorker], during: end))
            }
        }
    }
}
