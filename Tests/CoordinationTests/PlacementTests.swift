import Coordination
import Testing
import Wire

private func digest(_ byte: Int) -> Digest { Digest(bytes: [UInt8](repeating: UInt8(byte % 256), count: 32))! }

private typealias Cluster = PlacementCluster

private let second = PlacementCluster.second

@Suite("who is given what")
struct PlacementTests {
    @Test("a higher class goes first, then who came first")
    func classes() {
        var cluster = Cluster()
        let low = cluster.submit(tasks: 2, priority: -1)
        let normal = cluster.submit(tasks: 1)
        let high = cluster.submit(tasks: 1, priority: 1)
        let last = cluster.submit(tasks: 1)
        cluster.join("a")
        while let attempt = cluster.held.keys.first { cluster.finish(attempt) }
        #expect(cluster.grants.map(\.task.job) == [high, normal, last, low, low])
    }

    @Test("a chain gives way to a higher class, once, and goes on when that is done")
    func yielding() {
        var cluster = Cluster()
        cluster.join("a")
        let low = cluster.submit(priority: -1)
        let running = cluster.running(of: low)[0]
        cluster.submit(priority: 1)
        #expect(cluster.yields == [running])
        cluster.pass(5 * second)
        #expect(cluster.yields == [running], "it is asked once")
        cluster.fail(running, .released)
        let high = cluster.held.keys.sorted()
        #expect(high.map(\.task.job) == [JobID(2)])
        cluster.finish(high[0])
        #expect(cluster.running(of: low).map(\.epoch) == [2])
        #expect(cluster.coordinator.snapshot(of: low)?.state == .running, "giving way is no failed try")
    }

    @Test("nobody gives way for a task that would not go there")
    func nobodyForNothing() throws {
        var cluster = Cluster()
        cluster.join("a")
        let high = cluster.submit(priority: 1)
        let first = cluster.running(of: high)[0]
        cluster.join("b")
        // The other worker has something of the same class, and the task has failed on the first.
        cluster.submit(priority: 1)
        cluster.fail(first, .error)
        let low = cluster.submit(priority: -1)
        #expect(cluster.running(of: low).count == 1 && cluster.running(of: high).isEmpty)
        cluster.pass(60 * second)
        #expect(cluster.yields.isEmpty)
        // A worker from which nothing is free, whoever gives way.
        cluster.submit(priority: 2)
        #expect(cluster.yields.count == 1)
    }

    @Test("nobody gives way to its own class")
    func equals() {
        var cluster = Cluster()
        cluster.join("a", slots: 2)
        cluster.submit(tasks: 4)
        cluster.submit(tasks: 4)
        cluster.pass(100 * second)
        #expect(cluster.yields.isEmpty && cluster.held.count == 2)
    }

    @Test("a project without a slot gets its share from one that has had its turn, not before")
    func starvedProject() {
        var cluster = Cluster()
        cluster.join("a", slots: 4)
        cluster.submit(tasks: 8, project: "rich")
        cluster.pass(5 * second)
        cluster.submit(tasks: 4, project: "poor")
        #expect(cluster.yields.isEmpty)
        cluster.pass(6 * second)
        #expect(cluster.yields.count == 2, "half of four slots")
        for attempt in cluster.yields { cluster.fail(attempt, .released) }
        #expect(cluster.running(of: JobID(2)).count == 2)
        cluster.pass(60 * second)
        #expect(cluster.yields.count == 2, "each has its share now")
    }

    @Test("two projects of weights 3 and 1 share slot time so over 500 tasks, whatever their tasks take")
    func weights() {
        let shares = ["a": ProjectShare(weight: 3), "b": ProjectShare(weight: 1)]
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, shares: shares))
        cluster.join("w", slots: 4)
        cluster.submit(tasks: 1000, project: "a")
        cluster.submit(tasks: 1000, project: "b")
        // Tasks of b take three times as long.
        var ends: [AttemptID: Nanoseconds] = [:]
        var used: [JobID: Double] = [:]
        var finished = 0
        while finished < 500 {
            for attempt in cluster.held.keys where ends[attempt] == nil {
                let duration: Nanoseconds = attempt.task.job == JobID(1) ? 2 * second : 6 * second
                ends[attempt] = cluster.now + duration
                used[attempt.task.job, default: 0] += Double(duration)
            }
            let next = cluster.held.keys.min { (ends[$0]!, $0) < (ends[$1]!, $1) }!
            cluster.pass(ends[next]! - cluster.now)
            cluster.finish(next)
            finished += 1
        }
        let share = used[JobID(1)]! / (used[JobID(1)]! + used[JobID(2)]!)
        #expect(abs(share - 0.75) < 0.05 * 0.75, "\(share)")
    }

    @Test("a project holds no more slots than its cap, and no more tasks are taken than it may have")
    func caps() {
        let shares = ["a": ProjectShare(slotsMax: 1, tasksMax: 3)]
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, shares: shares))
        cluster.join("w", slots: 4)
        cluster.submit(tasks: 3, project: "a")
        #expect(cluster.held.count == 1)
        cluster.submit(tasks: 1, project: "a")
        guard case .refused(let text) = cluster.replies.last else {
            Issue.record("\(String(describing: cluster.replies.last))")
            return
        }
        #expect(text == "project 'a' has 3 unfinished tasks of at most 3, and this job has 1")
        cluster.finish(cluster.held.keys.first!)
        #expect(cluster.held.count == 1)
    }

    @Test("a paused job gives way and is granted nothing; resumed, it goes on; a restart remembers")
    func pause() {
        var cluster = Cluster()
        cluster.join("a", slots: 1)
        let job = cluster.submit(tasks: 2)
        let attempt = cluster.running(of: job)[0]
        cluster.handle(.changeRequested(job, .pause, request: 1))
        #expect(cluster.replies.last == .changed && cluster.yields == [attempt])
        cluster.fail(attempt, .released)
        #expect(cluster.held.isEmpty && cluster.coordinator.snapshot(of: job)?.state == .paused)
        let other = cluster.submit()
        #expect(cluster.running(of: other).count == 1, "others go on")
        #expect(Cluster(replaying: cluster.ledger).coordinator.snapshot(of: job)?.state == .paused)
        cluster.finish(cluster.running(of: other)[0])
        cluster.handle(.changeRequested(job, .resume, request: 1))
        #expect(cluster.running(of: job).count == 1)
        let entries = cluster.ledger.count
        cluster.handle(.changeRequested(job, .resume, request: 1))
        #expect(cluster.ledger.count == entries, "resumed twice it is resumed once")
    }

    @Test("a job that is moved to a higher class goes first")
    func change() {
        var cluster = Cluster()
        cluster.submit()
        let last = cluster.submit()
        cluster.handle(.changeRequested(last, .prioritise(2), request: 1))
        cluster.join("a")
        #expect(cluster.grants.map(\.task.job) == [last])
        #expect(Cluster(replaying: cluster.ledger).coordinator.snapshot(of: last)?.priority == 2)
    }

    @Test("a job begins when those it follows have succeeded, and is given up when one does not")
    func after() {
        var cluster = Cluster()
        cluster.join("a", slots: 4)
        let first = cluster.submit()
        let follower = cluster.submit(after: [first])
        let last = cluster.submit(after: [follower])
        #expect(cluster.running(of: follower).isEmpty)
        cluster.finish(cluster.running(of: first)[0])
        #expect(cluster.running(of: follower).isEmpty, "its results are not there yet")
        cluster.handle(.assembled(first, succeeded: true, text: ""))
        #expect(cluster.running(of: follower).count == 1)
        cluster.handle(.changeRequested(follower, .cancel, request: 1))
        let snapshot = cluster.coordinator.snapshot(of: last)
        #expect(snapshot?.state == .cancelled && snapshot?.text == "job 2, which it was to follow, was cancelled")
        cluster.submit(after: [JobID(99)])
        #expect(cluster.replies.last == .refused("job 99, which it is to follow, does not exist"))
        // The end of the second is stored and what follows from it is not.
        let cut = cluster.ledger.prefix { if case .abandoned = $0 { false } else { true } }
        #expect(Cluster(replaying: Array(cut)).coordinator.snapshot(of: last)?.state == .cancelled)
    }

    @Test("a job whose deadline passes is given up, by the wall clock alone")
    func deadline() {
        var cluster = Cluster()
        cluster.join("a")
        cluster.handle(.wallTime(1000))
        let job = cluster.submit(deadline: 1060)
        cluster.pass(100 * second)
        #expect(cluster.coordinator.snapshot(of: job)?.state == .running)
        cluster.handle(.wallTime(1059))
        #expect(cluster.coordinator.snapshot(of: job)?.state == .running)
        cluster.handle(.wallTime(1060))
        #expect(cluster.coordinator.snapshot(of: job)?.text == "its deadline has passed")
        cluster.submit(deadline: 1060)
        #expect(cluster.replies.last == .refused("its deadline has passed"))
    }

    // MARK: What ends badly

    @Test("one bad host takes at most a try of two tasks, whatever waits")
    func badHost() {
        var cluster = Cluster()
        for _ in 0..<6 { cluster.submit(tasks: 4) }
        cluster.join("bad", slots: 4)
        // Everything that is given to it dies at once, for an hour.
        for _ in 0..<3600 {
            for attempt in cluster.held.keys.sorted() where cluster.held[attempt] == "bad" {
                cluster.fail(attempt, .signal)
            }
            cluster.pass(second)
            if cluster.workers["good"] == nil, cluster.now > 103 * second { cluster.join("good", slots: 1) }
            // The healthy one is slow, so that there is always something to lose.
            if cluster.now % (60 * second) < second {
                for attempt in cluster.held.keys.sorted() where cluster.held[attempt] == "good" {
                    cluster.finish(attempt)
                }
            }
        }
        let states = cluster.coordinator.jobs.map { cluster.coordinator.snapshot(of: $0)!.state }
        #expect(!states.contains(.failed), "\(states)")
        let lost = cluster.grants.count { $0.worker == "bad" }
        #expect(lost < 30, "\(lost) tries in an hour")
        #expect(cluster.facts.contains { if case .workerSuspended("bad", _) = $0 { true } else { false } })
    }

    @Test("a task waits longer before each try that follows a bad end, and fails when its tries are spent")
    func backOff() {
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, workersDieWithCoordinator: true))
        cluster.join("a")
        let job = cluster.submit()
        var waits: [Nanoseconds] = []
        while let attempt = cluster.running(of: job).first {
            let end = cluster.now
            cluster.fail(attempt, .signal)
            while cluster.running(of: job).isEmpty, cluster.coordinator.snapshot(of: job)?.state != .failed {
                cluster.pass(second / 4)
            }
            waits.append(cluster.now - end)
        }
        #expect(waits.count == 6, "five tries more")
        #expect(waits[0] == 0, "the first retry is immediate")
        for (index, wait) in waits.dropLast().enumerated().dropFirst() {
            let most = second << (index - 1)
            #expect(wait >= most / 2 && wait <= most + second / 4, "\(index): \(wait)")
        }
        #expect(cluster.coordinator.snapshot(of: job)?.state == .failed)
    }

    @Test("an error of the model is tried once more, elsewhere if there is another worker, however busy")
    func elsewhere() {
        var cluster = Cluster()
        cluster.join("a")
        cluster.join("b")
        cluster.submit(tasks: 2)
        let job = cluster.submit()
        let first = cluster.held.keys.sorted()[0]
        let name = cluster.held[first]!
        cluster.fail(first, .error)
        #expect(cluster.held.values.count { $0 == name } == 1, "another job's task takes its place")
        #expect(cluster.running(of: job).count == 1)
        let other = cluster.running(of: JobID(1))[0]
        cluster.finish(other)
        #expect(cluster.grants.last?.task == first.task && cluster.grants.last?.worker != name)
        cluster.fail(cluster.held.keys.first { $0.task == first.task }!, .error, at: 1)
        #expect(cluster.coordinator.snapshot(of: JobID(1))?.state == .failed, "at one place it would be held")
    }

    @Test("what waits for its next try, a suspended worker and a turn are looked at when they are due")
    func deadlines() {
        var heap = DeadlineHeap<Int>()
        var due: [(Nanoseconds, Int)] = []
        var state: UInt64 = 7
        for key in 0..<200 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            due.append((state >> 60, key))
            heap.add(key, due: state >> 60)
        }
        #expect(heap.first == due.map(\.0).min())
        var taken: [Int] = []
        while let key = heap.takeDue(at: 9) { taken.append(key) }
        #expect(taken == due.filter { $0.0 <= 9 }.sorted { $0 < $1 }.map(\.1))
    }

    @Test("the tasks that are ready are those of a plain set")
    func readyTasks() {
        var ready = ReadyTasks(count: 40)
        var plain = Set(0..<40)
        var state: UInt64 = 3
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            let index = Int(state >> 33) % 40
            if state >> 63 == 0 {
                ready.insert(index)
                plain.insert(index)
            } else {
                ready.remove(index)
                plain.remove(index)
            }
            #expect(Array(ready.all) == plain.sorted() && ready.count == plain.count)
            #expect(ready.heads.first == plain.min() && ready.contains(index) == plain.contains(index))
        }
    }
}

@Suite("why a job waits")
struct WaitReasonTests {
    private func reason(_ cluster: Cluster, _ job: JobID) -> WaitReason? { cluster.coordinator.reason(of: job) }

    @Test("no worker, none with its bits, none that stays")
    func workers() {
        var cluster = Cluster()
        let job = cluster.submit()
        #expect(reason(cluster, job) == .noWorker)
        cluster.join("old", kernels: digest(99))
        #expect(reason(cluster, job) == .otherKernels(1))
        cluster.handle(.changeRequested(job, .pause, request: 1))
        cluster.join("a")
        cluster.send(.draining(reason: "leaving"), from: "a")
        cluster.handle(.changeRequested(job, .resume, request: 1))
        #expect(reason(cluster, job) == .workersLeaving)
    }

    @Test("tags, memory")
    func needs() {
        var cluster = Cluster()
        cluster.join("a")
        let tagged = cluster.submit(needs: TaskNeeds(tags: ["zone=a"]))
        #expect(reason(cluster, tagged) == .tags(["zone=a"]))
        let large = cluster.submit(needs: TaskNeeds(memory: 1 << 30))
        #expect(reason(cluster, large) == .memory(needed: 1 << 30, most: 0))
    }

    @Test("memory that was too little twice, until a slot has more")
    func moreMemory() {
        var cluster = Cluster()
        cluster.join("a", resources: WorkerResources(slotMemory: 1 << 26))
        let job = cluster.submit()
        for _ in 0..<2 { cluster.fail(cluster.running(of: job)[0], .outOfMemory) }
        cluster.pass(2 * second)
        #expect(reason(cluster, job) == .moreMemory(than: 1 << 26))
        cluster.join("b", resources: WorkerResources(slotMemory: 1 << 27))
        #expect(reason(cluster, job) == .running(1) && cluster.grants.last?.worker == "b")
    }

    @Test("too little of the host's time, until a worker comes that has more")
    func time() {
        var cluster = Cluster()
        cluster.join("a", resources: WorkerResources(walltime: 8 * second))
        let job = cluster.submit()
        // The interval, and ten seconds for a start.
        #expect(reason(cluster, job) == .walltime(needed: 11))
        cluster.join("b", resources: WorkerResources(walltime: 12 * second))
        #expect(cluster.grants.map(\.worker) == ["b"])
        let next = cluster.submit()
        cluster.finish(cluster.running(of: job)[0])
        #expect(cluster.grants.map(\.worker) == ["b", "b"])
        cluster.finish(cluster.running(of: next)[0])

        // A worker knows best: its leave takes time too.
        cluster.send(.capacity(grants: 0), from: "b")
        let last = cluster.submit()
        #expect(reason(cluster, last) == .walltime(needed: 11))
        for name in ["a", "b"] { cluster.send(.draining(reason: "leaving"), from: name) }
        #expect(reason(cluster, last) == .workersLeaving)
        for name in ["a", "b"] { cluster.send(.goodbye(reason: "drained"), from: name) }
        #expect(reason(cluster, last) == .walltime(needed: 11))
        cluster.join("c")
        #expect(reason(cluster, last) == .running(1))
        cluster.finish(cluster.running(of: last)[0])
        cluster.send(.goodbye(reason: "drained"), from: "c")
        let other = cluster.submit()
        #expect(reason(cluster, other) == .noWorker)
    }

    @Test("paused, after another, over, running, a slot cap")
    func job() {
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, shares: ["a": ProjectShare(slotsMax: 1)]))
        cluster.join("w", slots: 2)
        let first = cluster.submit(project: "a")
        #expect(reason(cluster, first) == .running(1))
        let other = cluster.submit(project: "a")
        #expect(reason(cluster, other) == .cap(project: "a", slots: 1))
        let follower = cluster.submit(after: [first])
        #expect(reason(cluster, follower) == .after(first))
        cluster.handle(.changeRequested(follower, .pause, request: 1))
        #expect(reason(cluster, follower) == .paused)
        cluster.handle(.changeRequested(follower, .cancel, request: 1))
        #expect(reason(cluster, follower) == .over(.cancelled))
        #expect(reason(cluster, JobID(99)) == nil)
    }

    @Test("a higher class, another project's turn, who came before")
    func others() {
        var cluster = Cluster()
        cluster.join("w", slots: 1)
        let first = cluster.submit(tasks: 3, priority: 1, project: "a")
        let normal = cluster.submit(project: "b")
        #expect(reason(cluster, normal) == .priority(first))
        let behind = cluster.submit(priority: 1, project: "a")
        #expect(reason(cluster, behind) == .queue(tasksAhead: 2))
        cluster.pass(5 * second)
        cluster.submit(priority: 1, project: "c")
        #expect(reason(cluster, behind) == .share(project: "c"))
    }

    @Test("a pause after bad ends, a worker where everything ends badly")
    func badEnds() {
        var cluster = Cluster()
        cluster.join("w", slots: 2)
        let first = cluster.submit()
        let next = cluster.submit()
        for job in [first, next] { cluster.fail(cluster.running(of: job)[0], .signal) }
        guard case .suspended(let seconds) = reason(cluster, next) else {
            Issue.record("\(String(describing: reason(cluster, next)))")
            return
        }
        #expect(seconds == 10)

        var local = Cluster(CoordinatorSettings(checkpoint: second, workersDieWithCoordinator: true))
        local.join("w")
        let job = local.submit()
        for _ in 0..<2 { local.fail(local.running(of: job)[0], .signal) }
        guard case .backOff = reason(local, job) else {
            Issue.record("\(String(describing: reason(local, job)))")
            return
        }
    }

    @Test("tasks that wait for two minutes with no worker are told of once, and again after one has come and gone")
    func desertion() {
        var cluster = Cluster()
        let told = { (cluster: Cluster) in
            cluster.facts.count { if case .noWorker(_, .noWorker) = $0 { true } else { false } }
        }
        let job = cluster.submit()
        func waits() -> Bool? { cluster.coordinator.snapshot(of: job)?.waitsForWorker }
        cluster.pass(119 * second)
        #expect(told(cluster) == 0 && waits() == false)
        _ = cluster.coordinator.takeChangedJobs()
        cluster.pass(60 * second)
        #expect(told(cluster) == 1 && waits() == true)
        #expect(cluster.coordinator.takeChangedJobs() == [job], "it is seen")
        cluster.join("a")
        #expect(waits() == false)
        cluster.finish(cluster.held.keys.first!)
        cluster.send(.goodbye(reason: "drained"), from: "a")
        cluster.workers = [:]
        cluster.submit()
        cluster.pass(121 * second)
        #expect(told(cluster) == 2)
    }

    @Test("so are tasks that ask for what no worker has, while others run, and only they")
    func desertionOfNeeds() {
        var cluster = Cluster()
        cluster.join("a")
        let plain = cluster.submit(tasks: 2)
        let tagged = cluster.submit(needs: TaskNeeds(tags: ["zone=a"]))
        let large = cluster.submit(needs: TaskNeeds(memory: 1 << 40))
        func waits() -> [Bool?] {
            [plain, tagged, large].map { cluster.coordinator.snapshot(of: $0)?.waitsForWorker }
        }
        cluster.pass(119 * second)
        #expect(waits() == [false, false, false])
        cluster.pass(60 * second)
        #expect(waits() == [false, true, true], "what waits for a slot alone is no matter of workers")
        let told = cluster.facts.compactMap {
            if case .noWorker(let job, let reason) = $0 { (job, reason) } else { nil }
        }
        #expect(told.map(\.0) == [tagged, large], "once")
        #expect(told.first?.1 == .tags(["zone=a"]))
        cluster.join("b", resources: WorkerResources(tags: ["zone=a"]))
        #expect(waits() == [false, false, true])
    }
}

@Suite("what no worker gets past")
struct QuarantineTests {
    private func cluster(workers: [String] = ["a", "b"]) -> Cluster {
        var cluster = Cluster()
        for name in workers { cluster.join(name, slots: 2) }
        return cluster
    }

    private func task(_ job: JobID, _ index: UInt32 = 0) -> TaskID { TaskID(job: job, index: index) }

    private func state(_ cluster: Cluster, _ job: JobID, _ index: Int = 0) -> [String?] {
        let snapshot = cluster.coordinator.snapshot(of: job)
        return [snapshot?.state.rawValue, snapshot?.tasks[index].state.rawValue]
    }

    @Test(
        "a task that ends at one iteration on two workers is quarantined, and its job held",
        arguments: [Failure.error, .crash, .hang])
    func poison(failure: Failure) {
        var cluster = cluster()
        let job = cluster.submit(tasks: 2, iterations: 10)
        cluster.checkpoint(cluster.running(of: job)[0], 3)
        cluster.fail(task(job), failure, at: 4)
        #expect(state(cluster, job) == ["running", "leased"])
        cluster.fail(task(job), failure, at: 4)
        #expect(state(cluster, job) == ["held", "quarantined"])
        #expect(Set(cluster.grants.filter { $0.task == task(job) }.map(\.worker)) == ["a", "b"])
        let text = "at iteration 4 on different workers: \(failure)"
        #expect(cluster.coordinator.reason(of: job) == .held(job, task: "chain 1", text: text))
        let snapshot = cluster.coordinator.snapshot(of: job)
        #expect(snapshot?.text == "chain 1 is quarantined: \(text)")
        #expect(snapshot?.tasks[0].start?.iteration == 3, "what it would go on from is kept")
        #expect(snapshot.map { cluster.coordinator.referencedBlobs.contains($0.tasks[0].start!.state) } == true)
        #expect(cluster.facts.contains(.taskQuarantined(task(job), label: "chain 1", text: text)))
        // The others go on, and it is not given to anybody.
        let grants = cluster.grants.count
        cluster.join("c")
        cluster.pass(120 * second)
        #expect(cluster.grants.count == grants)
        #expect(cluster.running(of: job).map(\.task) == [task(job, 1)])
        cluster.checkpoint(cluster.running(of: job)[0], 10)
        #expect(state(cluster, job, 1) == ["held", "leased"])
    }

    @Test("not where the places differ, the worker is the same, or a signal ended it")
    func noPoison() {
        var places = cluster()
        let first = places.submit(iterations: 10)
        places.fail(task(first), .crash, at: 4)
        places.fail(task(first), .crash, at: 5)
        #expect(state(places, first) == ["running", "leased"])
        var alone = cluster(workers: ["a"])
        let second = alone.submit(iterations: 10)
        for _ in 0..<3 { alone.fail(task(second), .hang, at: 4) }
        #expect(state(alone, second) == ["failed", "failed"], "a stall is tried three times")
        var signals = cluster()
        let third = signals.submit(iterations: 10)
        for _ in 0..<4 { signals.fail(task(third), .signal, at: 4) }
        #expect(state(signals, third) != ["held", "quarantined"])
    }

    @Test("a checkpoint beyond a place has got past it, one before it has not")
    func passing() {
        for (iteration, expected) in [(3, "held"), (4, "held"), (5, "running")] {
            var cluster = cluster()
            let job = cluster.submit(iterations: 10)
            cluster.fail(task(job), .error, at: 4)
            // Errors at other places are counted all the same: a second one fails the job.
            cluster.checkpoint(cluster.running(of: job)[0], iteration)
            cluster.fail(task(job), iteration < 5 ? .error : .crash, at: max(4, iteration))
            #expect(state(cluster, job)[0] == expected, "\(iteration)")
        }
    }

    @Test("a restart remembers; resumed, it is tried from its checkpoint as if it never had been")
    func resume() {
        var before = cluster()
        let job = before.submit(iterations: 10)
        before.checkpoint(before.running(of: job)[0], 3)
        for _ in 0..<2 { before.fail(task(job), .error, at: 4) }
        var cluster = Cluster(replaying: before.ledger)
        #expect(state(cluster, job) == ["held", "quarantined"])
        for name in ["a", "b"] { cluster.join(name) }
        cluster.pass(10 * second)
        #expect(cluster.grants.isEmpty)
        cluster.handle(.changeRequested(job, .pause, request: 1))
        #expect(state(cluster, job) == ["paused", "quarantined"])
        cluster.handle(.changeRequested(job, .resume, request: 1))
        #expect(state(cluster, job) == ["running", "leased"])
        #expect(cluster.coordinator.snapshot(of: job)?.text.isEmpty == true)
        #expect(cluster.coordinator.snapshot(of: job)?.tasks[0].attempts.last?.startIteration == 3)
        // One more error is not the third.
        cluster.fail(task(job), .error, at: 4)
        #expect(state(cluster, job) == ["running", "leased"])
        cluster.fail(task(job), .error, at: 4)
        #expect(state(cluster, job) == ["held", "quarantined"])
        cluster.handle(.changeRequested(job, .resume, request: 1))
        cluster.checkpoint(cluster.running(of: job)[0], 10)
        #expect(state(Cluster(replaying: cluster.ledger), job) == ["running", "leased"])
    }

    @Test("a held job can be cancelled, and is folded then; who follows it is given up")
    func cancel() throws {
        var cluster = cluster()
        let job = cluster.submit(iterations: 10)
        let follower = cluster.submit(after: [job])
        for _ in 0..<2 { cluster.fail(task(job), .hang, at: 4) }
        #expect(JobFolding.folded(cluster.ledger.filter { $0.job == job }) == nil, "a held job is not over")
        #expect(cluster.coordinator.reason(of: follower) == .after(job))
        cluster.handle(.changeRequested(job, .cancel, request: 1))
        #expect(state(cluster, job) == ["cancelled", "cancelled"])
        #expect(cluster.coordinator.snapshot(of: job)?.text == "")
        #expect(cluster.coordinator.snapshot(of: follower)?.state == .cancelled)
        let folded = try #require(JobFolding.folded(cluster.ledger.filter { $0.job == job }))
        #expect(folded.count == 2)
        #expect(Cluster(replaying: folded).coordinator.snapshot(of: job)?.state == .cancelled)
    }

    @Test("where all workers are this process's own, the task fails")
    func local() {
        var cluster = Cluster(CoordinatorSettings(checkpoint: second, workersDieWithCoordinator: true))
        for name in ["a", "b"] { cluster.join(name) }
        let job = cluster.submit(iterations: 10)
        for _ in 0..<2 { cluster.fail(task(job), .crash, at: 4) }
        #expect(state(cluster, job) == ["failed", "failed"])
    }
}
