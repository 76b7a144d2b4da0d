import Coordination
import Testing
import Wire

private let second = TestedWorker.second

@Suite("a worker's lifespan")
struct LifespanTests {
    @Test("is said in hello, with what is left of it, and with what its host lets a task have")
    func resources() throws {
        var worker = TestedWorker(
            WorkerSettings(walltime: 100 * second), slotMemory: 1 << 30, tags: ["zone=a", "spot"])
        worker.pass(40 * second, speaks: false)
        guard case .hello(_, _, _, _, _, let resources, _, _) = try #require(worker.hello) else { return }
        #expect(resources.slotMemory == 1 << 30 && resources.tags == ["zone=a", "spot"])
        let left = try #require(resources.walltime)
        // A quarter is for the drain.
        #expect(left >= 35 * second && left < 38 * second)
    }

    @Test("ends for new tasks when too little is left for a first checkpoint, and with the last task")
    func acceptance() {
        // The drain takes 20 s, a start 10 s and the interval: up to 70 s tasks are taken.
        var worker = TestedWorker(WorkerSettings(walltime: 100 * second, drainLimit: 20 * second), slots: 2)
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.pass(68 * second)
        worker.hear(.assign([TestedWorker.grant(1)]))
        #expect(worker.started == [0, 1] && worker.words == ["hello", "capacity 34"])
        worker.pass(2 * second)
        #expect(worker.words.last == "capacity 0")
        worker.hear(.forget(TestedWorker.grant(1).attempt))
        worker.hear(.assign([TestedWorker.grant(2)]))
        worker.handle(.tick)
        #expect(worker.words.last == "failed 2 released" && worker.started == [0, 1])
        // The first task goes on.
        #expect(worker.stopped.isEmpty && worker.exitCode == nil)
        worker.cut(9)
        worker.handle(.slot(0, .failed(text: "the end")))
        worker.acknowledgeAll()
        worker.handle(.tick)
        #expect(worker.words.suffix(2) == ["draining", "goodbye"] && worker.exitCode == 0)
    }

    @Test("that is too short for any task is told to a coordinator before the worker leaves")
    func tooShort() {
        var worker = TestedWorker(WorkerSettings(walltime: 12 * second))
        worker.pass(second, speaks: false)
        #expect(worker.exitCode == nil, "nobody knows of it yet")
        worker.welcome()
        #expect(worker.words.suffix(3) == ["capacity 0", "draining", "goodbye"] && worker.exitCode == 0)

        var alone = TestedWorker(WorkerSettings(walltime: 12 * second))
        alone.pass(8 * second, speaks: false)
        #expect(alone.exitCode == nil)
        alone.pass(2 * second, speaks: false)
        #expect(alone.exitCode == 0)
    }

    @Test("is judged by the interval of checkpoints that the coordinator wants")
    func interval() {
        for (interval, capacity) in [(second / 10, "capacity 17"), (2 * second, "capacity 0")] {
            var worker = TestedWorker(WorkerSettings(walltime: 12 * second, drainLimit: second))
            worker.welcome(checkpointInterval: interval)
            #expect(Array(worker.words.prefix(2)) == ["hello", capacity])
        }
    }

    @Test("ends for new tasks earlier where tasks have been seen to begin slowly")
    func slowStart() {
        var worker = TestedWorker(WorkerSettings(walltime: 200 * second, drainLimit: 20 * second), slots: 2)
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.pass(50 * second)
        worker.cut(1)
        worker.pass(79 * second)
        #expect(!worker.words.contains("capacity 0"))
        worker.pass(2 * second)
        #expect(worker.words.last == "capacity 0")
    }

    @Test("ends in time for the last checkpoints to be stored")
    func walltime() {
        var worker = TestedWorker(WorkerSettings(walltime: 100 * second, drainLimit: 20 * second))
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.pass(79 * second)
        #expect(worker.stopped.isEmpty)
        worker.pass(2 * second)
        #expect(worker.stopped == [0] && worker.words.contains("draining"))
        worker.cut(5)
        worker.handle(.slot(0, .stopped))
        #expect(worker.exitCode == nil)
        worker.acknowledgeAll()
        worker.handle(.tick)
        #expect(worker.words.last == "goodbye" && worker.exitCode == 0)
    }

    @Test("is over with the host's time at the latest, whatever is not stored")
    func overdue() {
        var worker = TestedWorker(WorkerSettings(walltime: 40 * second, drainLimit: 60 * second))
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        // A quarter of a short walltime is kept for the drain.
        worker.pass(29 * second)
        #expect(worker.stopped.isEmpty)
        worker.pass(10 * second)
        #expect(worker.stopped == [0] && worker.exitCode == nil)
        worker.pass(second)
        #expect(worker.exitCode == 1)
    }

    @Test("ends of itself after a lifetime, and not for the whole fleet at once")
    func lifetime() {
        let ends = (1...20 as ClosedRange<UInt8>).map { instance -> Nanoseconds in
            var worker = TestedWorker(WorkerSettings(lifetime: 1000 * second), instance: instance)
            let began = worker.now
            worker.welcome()
            worker.hear(.assign([TestedWorker.grant(0)]))
            while worker.stopped.isEmpty, worker.now < began + 2000 * second { worker.pass(second) }
            let end = worker.now - began
            worker.cut(5)
            worker.handle(.slot(0, .stopped))
            worker.acknowledgeAll()
            worker.handle(.tick)
            #expect(worker.exitCode == 0)
            return end
        }
        #expect(ends.allSatisfy { $0 >= 900 * second && $0 <= 1001 * second })
        #expect(Set(ends).count > 10)
    }

    @Test("that has run out before it began is over at once")
    func none() {
        let worker = TestedWorker(WorkerSettings(walltime: 0))
        #expect(worker.exitCode == 0)
    }
}
