import Coordination
import Testing
import Wire

private typealias Cluster = PlacementCluster

private let second = PlacementCluster.second
private let millisecond: Nanoseconds = 1_000_000

@Suite("short tasks")
struct PrefetchTests {
    /// Two workers of one slot that hold as much as any would, and a job whose tasks are known to take so long.
    private func cluster(
        tasks: Int = 100, taking duration: Nanoseconds, settings: CoordinatorSettings? = nil, project: String? = nil,
        known: Int = 4
    ) -> Cluster {
        var cluster = Cluster(settings ?? CoordinatorSettings(checkpoint: second))
        for name in ["a", "b"] { join(name, &cluster) }
        cluster.submit(tasks: tasks, project: project)
        for _ in 0..<known { cluster.finish(cluster.held.keys.min()!, tookNanoseconds: duration) }
        return cluster
    }

    private func join(_ name: String, _ cluster: inout Cluster) {
        cluster.join(name)
        cluster.send(.capacity(grants: 1 + Prefetch.roomMax(slots: 1)), from: name)
    }

    private func held(by name: String, _ cluster: Cluster) -> Int { cluster.held.values.count { $0 == name } }

    @Test(
        "are handed out ahead of a slot, a fifth of a second of them and no more than 16, once four are finished",
        arguments: [(1, 16), (50, 4), (100, 2), (150, 1), (200, 1), (201, 0), (5000, 0)])
    func depth(milliseconds: UInt64, depth: Int) {
        let cluster = cluster(taking: milliseconds * millisecond)
        #expect(held(by: "a", cluster) == 1 + depth && held(by: "b", cluster) == 1 + depth)
    }

    @Test("are not handed out ahead while nothing is known of them, nor to a worker that holds no more than its slots")
    func unknown() {
        #expect(cluster(taking: millisecond, known: 3).held.count == 2)
        var cluster = Cluster()
        cluster.join("old")
        cluster.submit(tasks: 100)
        for _ in 0..<10 { cluster.finish(cluster.held.keys.min()!) }
        #expect(cluster.held.count == 1)
    }

    @Test("are left to whoever is free first when they are the last")
    func lastRound() {
        var cluster = cluster(tasks: 12, taking: millisecond)
        // Of twelve four are done, two run and two would be a round: the others wait at the workers.
        #expect(cluster.held.count == 6)
        for _ in 0..<5 { cluster.finish(cluster.held.keys.min()!) }
        #expect(cluster.held.count == 2, "of the last three one waits for the first free slot")
        cluster.finish(cluster.held.keys.min()!)
        #expect(cluster.held.count == 2)
    }

    @Test("count for the cap of their project as they would in a slot")
    func cap() {
        let shares = ["p": ProjectShare(slotsMax: 5)]
        let settings = CoordinatorSettings(checkpoint: second, shares: shares)
        let cluster = cluster(taking: millisecond, settings: settings, project: "p")
        #expect(cluster.held.count == 5)
    }

    @Test("that have not begun come back at once when a higher class waits, and none is handed out before it")
    func higherClass() {
        var cluster = cluster(taking: 50 * millisecond)
        let before = cluster.held
        let urgent = cluster.submit(priority: 2)
        // One slot is enough: what runs there gives way, and first what would take its place.
        let yielding = cluster.yields
        #expect(yielding.count == 5 && Set(yielding.map { before[$0] }).count == 1)
        #expect(yielding.last == before.filter { $0.value == before[yielding[0]] }.keys.min())
        for attempt in yielding { cluster.fail(attempt, .released) }
        #expect(cluster.running(of: urgent).count == 1)
        #expect(held(by: cluster.held[cluster.running(of: urgent)[0]]!, cluster) == 1)
        #expect(
            cluster.ledger.allSatisfy { if case .ended(_, _, _, let blame) = $0 { blame == .nobody } else { true } })
    }

    @Test("of another class wait while one that takes long is next in turn")
    func turn() {
        var cluster = cluster(taking: 50 * millisecond)
        let long = cluster.submit(tasks: 10, priority: 1)
        let ahead = cluster.held.count
        cluster.yields = []
        for _ in 0..<6 { cluster.finish(cluster.held.keys.filter { $0.task.job != long }.min()!) }
        #expect(cluster.held.keys.filter { $0.task.job != long }.count == ahead - 6)
    }

    @Test("that wait behind one that takes longer than was thought come back when another worker is free")
    func late() {
        var cluster = cluster(tasks: 14, taking: 50 * millisecond)
        #expect(held(by: "a", cluster) == 4 && held(by: "b", cluster) == 4)
        // Of a the first runs on and on; b does all that it has, and the last two.
        while held(by: "b", cluster) > 0 { cluster.finish(cluster.held.filter { $0.value == "b" }.keys.min()!) }
        #expect(held(by: "a", cluster) == 4 && cluster.yields.isEmpty)
        cluster.pass(second)
        #expect(cluster.yields.count == 3)
        for attempt in cluster.yields { cluster.fail(attempt, .released) }
        #expect(held(by: "a", cluster) == 1 && held(by: "b", cluster) == 1)
        // Each was asked once.
        cluster.pass(second)
        #expect(cluster.yields.count == 3)
    }

    @Test("that have not begun are nobody's fault when their worker is lost")
    func lostWorker() {
        var cluster = cluster(taking: millisecond)
        cluster.workers["b"] = nil
        let lost = cluster.held.filter { $0.value == "b" }.keys.sorted()
        cluster.pass(20 * second)
        let blames = cluster.ledger.compactMap { entry -> Blame? in
            guard case .ended(let attempt, _, _, let blame) = entry, lost.contains(attempt) else { return nil }
            return blame
        }
        #expect(blames.count == 17 && blames.count { $0 == .nobody } == 16)
    }

    @Test("slot time is counted from the moment that a slot is theirs")
    func slotTime() {
        let shares = ["short": ProjectShare(weight: 1), "long": ProjectShare(weight: 1)]
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, shares: shares))
        cluster.join("w", slots: 4)
        cluster.send(.capacity(grants: 4 + Prefetch.roomMax(slots: 4)), from: "w")
        let short = cluster.submit(tasks: 5000, project: "short")
        cluster.submit(tasks: 1000, project: "long")
        // The worker runs four at a time, in the order of the grants.
        var running: [AttemptID: Nanoseconds] = [:]
        var used: [JobID: Double] = [:]
        for _ in 0..<2500 {
            let waiting = cluster.grants.map(\.task).filter { task in
                cluster.held.keys.contains { $0.task == task } && !running.keys.contains { $0.task == task }
            }
            for task in waiting.prefix(4 - running.count) {
                let attempt = cluster.held.keys.first { $0.task == task }!
                running[attempt] = cluster.now + (task.job == short ? 50 : 1000) * millisecond
                used[task.job, default: 0] += task.job == short ? 0.05 : 1
            }
            let (next, end) = running.min { ($0.value, $0.key) < ($1.value, $1.key) }!
            running[next] = nil
            cluster.now = end
            cluster.finish(next, tookNanoseconds: next.task.job == short ? 50 * millisecond : second)
        }
        let share = used[short]! / used.values.reduce(0, +)
        #expect(abs(share - 0.5) < 0.05, "\(share)")
    }
}

@Suite("a worker that is given tasks ahead")
struct PrefetchingWorkerTests {
    private func worker(_ settings: WorkerSettings = WorkerSettings(), grants: Range<UInt32> = 0..<5) -> TestedWorker {
        var worker = TestedWorker(settings, slots: 2)
        worker.welcome()
        worker.hear(.assign(grants.map { TestedWorker.grant($0) }))
        worker.handle(.tick)
        return worker
    }

    @Test("says how many it holds, and begins them in their order as slots become free")
    func order() {
        var worker = worker()
        #expect(worker.words == ["hello", "capacity 34"])
        #expect(worker.begun == [0, 1])
        worker.handle(.slot(1, .failed(text: "the end")))
        #expect(worker.begun == [0, 1, 2])
        worker.handle(.slot(0, .exited(text: "killed", failure: .signal)))
        #expect(worker.begun == [0, 1, 2, 3])
        worker.hear(.forget(TestedWorker.grant(4).attempt))
        worker.handle(.slot(0, .failed(text: "the end")))
        #expect(worker.begun == [0, 1, 2, 3])
    }

    @Test("takes no more than it said")
    func full() {
        let worker = worker(grants: 0..<35)
        #expect(worker.words.last == "failed 34 released")
        #expect(worker.words.count == 3)
    }

    @Test("gives back what has not begun when it is asked for it, and goes on with the others")
    func yield() {
        var worker = worker()
        worker.hear(.yield(TestedWorker.grant(2).attempt))
        worker.handle(.tick)
        #expect(worker.words.last == "failed 2 released" && worker.stopped.isEmpty)
        worker.handle(.slot(1, .failed(text: "the end")))
        #expect(worker.begun == [0, 1, 3])
    }

    @Test("gives back what has not begun when it leaves")
    func drain() {
        var worker = worker()
        worker.handle(.drainRequested)
        #expect(worker.words.suffix(4) == ["draining", "failed 2 released", "failed 3 released", "failed 4 released"])
        #expect(worker.begun == [0, 1] && worker.stopped == [0, 1])
    }

    @Test("gives back what has not begun when too little time is left to begin it")
    func walltime() {
        var worker = worker(WorkerSettings(walltime: 100 * second, drainLimit: 20 * second))
        worker.pass(71 * second)
        #expect(worker.words.contains("capacity 0"))
        #expect(worker.words.filter { $0.hasSuffix("released") }.count >= 3)
        worker.handle(.slot(1, .failed(text: "the end")))
        #expect(worker.begun == [0, 1])
    }

    @Test("lists what it was given ahead, so that a coordinator that comes back leaves it there")
    func listed() throws {
        var worker = worker()
        worker.pass(3 * second)
        let heartbeat = worker.sent.last { if case .heartbeat = $0.message { true } else { false } }
        guard case .heartbeat(_, let attempts) = try #require(heartbeat).message else { return }
        #expect(attempts.map(\.attempt.task.index) == [0, 1, 2, 3, 4] && attempts.allSatisfy { $0.iteration == 0 })
    }
}
